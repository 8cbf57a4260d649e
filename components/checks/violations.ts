import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";

/** One wrong argument: which, what it must be, what it is, and how to fix it. */
export interface Violation {
  argument: string;
  expected: string;
  actual: unknown;
  fix: string;
}

/**
 * Refuses a component's arguments, all the wrong ones in one message, before anything is registered.
 *
 * @throws pulumi.RunError, which the terminal shows without a stack trace.
 */
export function assertValid(component: string, name: string, violations: Violation[]): void {
  if (violations.length === 0) return;
  const count = violations.length === 1 ? "an argument that" : `${violations.length} arguments that`;
  throw new pulumi.RunError(`${component} "${name}" has ${count} can't work:\n${violationLines(violations)}`);
}

/** Problems as a terminal shows them, two lines each. */
export function violationLines(violations: Violation[]): string {
  const lines = ({ argument, expected, actual, fix }: Violation) =>
    `  - ${line(`${argument} must be ${expected}; it is ${show(actual)}.`)}\n    ${line(fix)}`;
  return violations.map(lines).join("\n");
}

/** In one line, whatever it quotes: what was found may hold anything. */
const line = (text: string) => text.replace(/\p{Cc}/gu, "\u{fffd}");

/** The value of an input that is known right now, undefined for an output or a promise, which can't be checked here. */
export function known<T>(input: pulumi.Input<T> | undefined): T | undefined {
  return pulumi.Output.isInstance(input) || input instanceof Promise ? undefined : input;
}

/** What is wrong with a number of replicas, where it is known. */
export function validateReplicas(argument: string, replicas: pulumi.Input<number>): Violation[] {
  const count = known(replicas);
  if (count === undefined || (Number.isInteger(count) && count >= 1)) return [];
  return [
    {
      argument,
      expected: "a whole number of at least 1",
      actual: count,
      fix: "To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.",
    },
  ];
}

/** Zones without a subnet, where the record is known. */
export function validateSubnetIds(
  argument: string,
  zones: string[],
  subnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>,
): Violation[] {
  const ids = known(subnetIds);
  const without = ids ? zones.filter((zone) => ids[zone] === undefined) : [];
  if (without.length === 0) return [];
  return [
    {
      argument,
      expected: `a record with a subnet for ${without.join(", ")}`,
      actual: Object.keys(ids!),
      fix: `Name the same zones in zones and in ${argument}.`,
    },
  ];
}

/** What is wrong with alternatives of which one, and only one, must be given. */
export function validateExactlyOne(alternatives: Record<string, unknown>): Violation[] {
  const given = Object.keys(alternatives).filter((name) => alternatives[name] !== undefined);
  if (given.length === 1) return [];
  const names = Object.keys(alternatives).join(", ");
  return [
    {
      argument: `one of ${names}`,
      expected: "given, and no other",
      actual: given,
      fix: "They say what it is made of: choose one, and leave the other out.",
    },
  ];
}

function show(value: unknown): string {
  return value === undefined
    ? "missing"
    : inspect(value, { breakLength: Infinity, compact: true, maxStringLength: 200, maxArrayLength: 20 });
}
