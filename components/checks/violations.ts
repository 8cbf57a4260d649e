import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";

/** One wrong argument: which, what it must be, what it is, and how to mend it. */
export interface Problem {
  argument: string;
  expected: string;
  found: unknown;
  mend: string;
}

/**
 * Refuses a component's arguments, all the wrong ones in one message, before anything is registered.
 *
 * @throws pulumi.RunError, which the terminal shows without a stack trace.
 */
export function refuse(component: string, name: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const count = problems.length === 1 ? "an argument that" : `${problems.length} arguments that`;
  throw new pulumi.RunError(`${component} "${name}" has ${count} can't work:\n${problemLines(problems)}`);
}

/** Problems as a terminal shows them, two lines each. */
export function problemLines(problems: Problem[]): string {
  const lines = ({ argument, expected, found, mend }: Problem) =>
    `  - ${line(`${argument} must be ${expected}; it is ${show(found)}.`)}\n    ${line(mend)}`;
  return problems.map(lines).join("\n");
}

/** In one line, whatever it quotes: what was found may hold anything. */
const line = (text: string) => text.replace(/\p{Cc}/gu, "\u{fffd}");

/** The value of an input that is known right now, undefined for an output or a promise, which can't be checked here. */
export function known<T>(input: pulumi.Input<T> | undefined): T | undefined {
  return pulumi.Output.isInstance(input) || input instanceof Promise ? undefined : input;
}

/** What is wrong with a number of replicas, where it is known. */
export function replicasProblems(argument: string, replicas: pulumi.Input<number>): Problem[] {
  const count = known(replicas);
  if (count === undefined || (Number.isInteger(count) && count >= 1)) return [];
  return [
    {
      argument,
      expected: "a whole number of at least 1",
      found: count,
      mend: "To stop serving for a while, scale the Deployment with kubectl; to remove it, remove the component.",
    },
  ];
}

/** Zones without a subnet, where the record is known. */
export function subnetsProblems(
  argument: string,
  zones: string[],
  subnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>,
): Problem[] {
  const ids = known(subnetIds);
  const without = ids ? zones.filter((zone) => ids[zone] === undefined) : [];
  if (without.length === 0) return [];
  return [
    {
      argument,
      expected: `a record with a subnet for ${without.join(", ")}`,
      found: Object.keys(ids!),
      mend: `Name the same zones in zones and in ${argument}.`,
    },
  ];
}

/** What is wrong with alternatives of which one, and only one, must be given. */
export function exactlyOneProblems(alternatives: Record<string, unknown>): Problem[] {
  const given = Object.keys(alternatives).filter((name) => alternatives[name] !== undefined);
  if (given.length === 1) return [];
  const names = Object.keys(alternatives).join(", ");
  return [
    {
      argument: `one of ${names}`,
      expected: "given, and no other",
      found: given,
      mend: "They say what it is made of: choose one, and leave the other out.",
    },
  ];
}

function show(value: unknown): string {
  return value === undefined
    ? "missing"
    : inspect(value, { breakLength: Infinity, compact: true, maxStringLength: 200, maxArrayLength: 20 });
}
