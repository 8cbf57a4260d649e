import * as pulumi from "@pulumi/pulumi";
import { type Violation, violationLines } from "../checks/violations";
import type { Adopter } from "./adopter";

type Check = () => Promise<Violation[]>;
interface Batch {
  checks: Check[];
  passed: Promise<void>;
}

/** By deployment: what its components want to know before anything is adopted. */
const batches = new WeakMap<object, Batch>();

/**
 * Runs a check together with those of all components that the program makes at the same time, so that one message has
 * every mistake. Resolves when all of them found nothing.
 *
 * @throws pulumi.RunError, once, as a rejection that nobody awaits: it ends the program with its message alone. Whoever
 *   waits here then waits for ever, so nothing goes on.
 */
export function refuseTogether(adopter: Adopter, check: Check): Promise<void> {
  const monitor = pulumi.runtime.getMonitor() as object;
  const named = async () => (await check()).map((violation) => inWordsOf(adopter, violation));
  const open = batches.get(monitor);
  if (open) {
    open.checks.push(named);
    return open.passed;
  }
  const checks = [named];
  const passed = unlessRefused(
    (async () => {
      // Components are made one after another, without a pause.
      await new Promise((resolve) => setImmediate(resolve));
      batches.delete(monitor);
      return (await Promise.all(checks.map((it) => it()))).flat();
    })(),
  );
  batches.set(monitor, { checks, passed });
  return passed;
}

/** The same for what shows later, when other resources are known. */
export function assertNothingRefused(adopter: Adopter, violations: Violation[]): Promise<void> {
  return unlessRefused(Promise.resolve(violations.map((violation) => inWordsOf(adopter, violation))));
}

function unlessRefused(violations: Promise<Violation[]>): Promise<void> {
  const decide = (found: Violation[]) => {
    if (found.length === 0) return;
    throw new pulumi.RunError(`The configuration doesn't fit what exists already:\n${violationLines(found)}`);
  };
  return orEnd(violations.then(decide));
}

/** Waits for a check; where it throws, that ends the program once, and whoever waits here waits for ever. */
export function orEnd<T>(checked: Promise<T>): Promise<T> {
  // A rejection that is awaited would come with a stack, once for each who awaits it.
  void checked.then(() => {});
  return checked.catch(() => new Promise<never>(() => {}));
}

/** The configuration's name for an argument, or the argument with its component. */
function inWordsOf({ type, name, argumentNames = {} }: Adopter, violation: Violation): Violation {
  const { argument } = violation;
  const own = `${argument} of ${type.split(":").pop()!} "${name}"`;
  return { ...violation, argument: argumentNames[argument] ?? own };
}
