import type { OutputMap } from "@pulumi/pulumi/automation";

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const aligned = (rows: [string, string][]): string[] => {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
};

/** A value in one or more lines: of a record, one an entry. */
const lines = (value: unknown): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? aligned(Object.entries(value).map(([key, entry]) => [key, text(entry)]))
    : [text(value)];

const hidden = (outputs: OutputMap): [string, unknown][] =>
  Object.keys(outputs)
    .sort()
    .map((name) => [name, outputs[name]!.secret ? "[secret]" : (outputs[name]!.value as unknown)]);

/** A stack's outputs as a table; secrets hidden. */
export const outputsTable = (outputs: OutputMap): string =>
  aligned(
    hidden(outputs).flatMap(([name, value]) =>
      lines(value).map((line, index): [string, string] => [index ? "" : name, line]),
    ),
  )
    .map((line) => `  ${line}`)
    .join("\n");

/** A stack's outputs for other programs; secrets hidden. */
export const outputsJson = (outputs: OutputMap): string => JSON.stringify(Object.fromEntries(hidden(outputs)), null, 2);
