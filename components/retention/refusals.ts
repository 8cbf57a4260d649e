import * as pulumi from "@pulumi/pulumi";
import { type Violation, violationLines } from "../checks/violations";
import type { Adopter } from "./adopter";
import { type OwnResource, ownState } from "./ownState";

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
      return settled(await Promise.allSettled(checks.map((it) => it())));
    })(),
  );
  batches.set(monitor, { checks, passed });
  return passed;
}

/** What all checks found. @throws what some of them threw, with what the others found. */
function settled(results: PromiseSettledResult<Violation[]>[]): Violation[] {
  const found = results.flatMap((it) => (it.status === "fulfilled" ? it.value : []));
  const errors = results.flatMap((it) => (it.status === "rejected" ? [it.reason as Error] : []));
  for (const error of errors as unknown[]) if (!pulumi.RunError.isInstance(error)) throw error as Error;
  if (errors.length === 0) return found;
  const texts = new Set(errors.map(({ message }) => message));
  throw new pulumi.RunError([...texts, ...(found.length > 0 ? [refusalOf(found)] : [])].join("\n"));
}

const refusalOf = (found: Violation[]) =>
  `The configuration doesn't fit what exists already:\n${violationLines(found)}`;

/**
 * Refuses to deploy on what somebody else manages and isn't as it must be, together with all others ({@link refuseTogether}).
 * Where the stack is deployed on it already, see {@link unlessDeployed}.
 *
 * @param outputs what the component gives out of the same thing, by which the state shows it.
 */
export function lookAtOthers(
  adopter: Adopter,
  outputs: Record<string, unknown>,
  check: (state: OwnResource[]) => Promise<Violation[]>,
): Promise<void> {
  const known = ownState();
  return refuseTogether(adopter, async () => {
    const state = await known;
    return unlessDeployed(adopter, outputs, state, await check(state));
  });
}

/**
 * What refuses a stack that is to be deployed on something for the first time. Where it is deployed on it already, a preview
 * tells what is wrong with it: nothing new depends on that, and the next `up` may be what mends it.
 */
export function unlessDeployed(
  adopter: Adopter,
  outputs: Record<string, unknown>,
  state: OwnResource[],
  found: Violation[],
): Violation[] {
  const isThisOne = (it: OwnResource) => Object.entries(outputs).every(([key, value]) => it.outputs[key] === value);
  if (!state.some((it) => it.type === adopter.type && it.name === adopter.name && isThisOne(it))) return found;
  if (found.length > 0 && pulumi.runtime.isDryRun()) {
    const lines = violationLines(found.map((violation) => inWordsOf(adopter, violation)));
    // Not awaited: the engine takes it when the component is registered, which may wait for this check.
    void pulumi.log.warn(`What the stack is deployed on isn't as it should be:\n${lines}`, adopter.component);
  }
  return [];
}

/** The same for what shows later, when other resources are known. */
export function assertNothingRefused(adopter: Adopter, violations: Violation[]): Promise<void> {
  return unlessRefused(Promise.resolve(violations.map((violation) => inWordsOf(adopter, violation))));
}

function unlessRefused(violations: Promise<Violation[]>): Promise<void> {
  const decide = (found: Violation[]) => {
    if (found.length === 0) return;
    throw new pulumi.RunError(refusalOf(found));
  };
  return orEnd(violations.then(decide));
}

/** Waits for a check; where it throws, that ends the program once, and whoever waits here waits for ever. */
export function orEnd<T>(checked: Promise<T>): Promise<T> {
  // A rejection that is awaited would come with a stack, once for each who awaits it. Once the program has run, the SDK prints the
  // stack of one that isn't, of a RunError too, if it has one: https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/cmd/run/index.ts
  void checked.catch((error: Error) => {
    if (pulumi.RunError.isInstance(error)) error.stack = "";
    throw error;
  });
  return checked.catch(() => new Promise<never>(() => {}));
}

/** The configuration's name for an argument, or the argument with its component. */
function inWordsOf({ type, name, argumentNames = {} }: Adopter, violation: Violation): Violation {
  const { argument } = violation;
  const own = `${argument} of ${type.split(":").pop()!} "${name}"`;
  return { ...violation, argument: argumentNames[argument] ?? own };
}
