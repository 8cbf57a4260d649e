import { inspect } from "node:util";

/**
 * One wrong argument: which, what it must be, what it is, and how to fix it.
 *
 * Validators (`validateX`) find violations. They take plain values, undefined where a value isn't known yet, and last the
 * names that they call these by: by default those of a component's arguments. They load no SDK: the configuration is
 * checked by the same ones, without an engine.
 */
export interface Violation {
  argument: string;
  expected: string;
  actual: unknown;
  fix: string;
}

/** Violations as a terminal shows them, two lines each. */
export function violationLines(violations: Violation[]): string {
  const lines = ({ argument, expected, actual, fix }: Violation) =>
    `  - ${line(`${argument} must be ${expected}; it is ${show(actual)}.`)}\n    ${line(fix)}`;
  return violations.map(lines).join("\n");
}

/** In one line, whatever it quotes: what was found may hold anything. */
const line = (text: string) => text.replace(/\p{Cc}/gu, "\u{fffd}");

function show(value: unknown): string {
  return value === undefined
    ? "missing"
    : inspect(value, { breakLength: Infinity, compact: true, maxStringLength: 200, maxArrayLength: 20 });
}
