import type { OutputMap } from "@pulumi/pulumi/automation";
import type { Local } from "../stack/local";
import { maskedOutputs } from "../stack/outputs";
import { checkLocal } from "./which";

const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Rows of a name and a value; a value that would pass 80 columns gets a line of its own. */
const aligned = (rows: [string, unknown][], indent: string): string[] => {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.flatMap(([name, value]) => {
    if (isRecord(value)) return [indent + name, ...aligned(Object.entries(value), `${indent}  `)];
    const line = `${indent}${name.padEnd(width)}  ${text(value)}`;
    return line.length <= 80 ? [line] : [indent + name, `${indent}  ${text(value)}`];
  });
};

const isRecord = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hidden = (outputs: OutputMap): [string, unknown][] =>
  Object.keys(outputs)
    .sort()
    .map((name) => [name, outputs[name]!.secret ? "[secret]" : (outputs[name]!.value as unknown)]);

/** A stack's outputs as a table; secrets hidden. */
export const outputsTable = (outputs: OutputMap): string => aligned(hidden(outputs), "  ").join("\n");

/** A stack's outputs for other programs; secrets hidden. */
export const outputsJson = (outputs: OutputMap): string => JSON.stringify(Object.fromEntries(hidden(outputs)), null, 2);

export function outputs(local: Local, { json }: { json: boolean }): void {
  checkLocal(local);
  const found = maskedOutputs(local);
  console.log(json ? outputsJson(found) : outputsTable(found));
}
