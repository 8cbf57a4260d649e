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

/**
 * What a value that isn't known when a component is made is called in messages: none of these may be printed itself. An output's
 * `toString` and Node's `inspect` both make 1,000 characters and more of it.
 *
 * By the marks that the SDK puts on them, which its own `isInstance` goes by, and which hold between two copies of it:
 * https://github.com/pulumi/pulumi/blob/v3.248.0/sdk/nodejs/output.ts, resource.ts. No SDK is loaded for it.
 */
const MARKS: Record<string, string> = {
  __pulumiOutput: "an output",
  __pulumiUnknown: "a value that isn't known yet",
  __pulumiResource: "a resource",
};

/** What a value is that isn't known yet, in words, such as `an output`; undefined for a plain one. */
export function deferredKind(value: unknown): string | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  if (value instanceof Promise) return "a promise";
  const mark = Object.keys(MARKS).find((it) => (value as Record<string, unknown>)[it] === true);
  return mark === undefined ? undefined : MARKS[mark];
}

/** A value as messages show it: what isn't known yet is named, never printed. */
export function show(value: unknown): string {
  return value === undefined
    ? "missing"
    : inspect(printable(value), { breakLength: Infinity, compact: true, maxStringLength: 200, maxArrayLength: 20 });
}

/** The same value with names in place of outputs and their like, as deep as Node's `inspect` goes by itself. */
function printable(value: unknown, depth = 2): unknown {
  const kind = deferredKind(value);
  if (kind !== undefined) return { [inspect.custom]: () => kind };
  if (typeof value !== "object" || value === null || depth < 0) return value;
  if (Array.isArray(value)) return value.map((it) => printable(it, depth - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, printable(it, depth - 1)]));
}
