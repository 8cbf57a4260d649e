import type { OutputMap } from "@pulumi/pulumi/automation";
import { stringify } from "yaml";
import type { Local } from "../stack/local";
import { maskedOutputs, regionOf, SHOWN } from "../stack/outputs";
import { UserError } from "./terminal";
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
    .map((name) => [name, outputs[name]!.secret ? SHOWN : (outputs[name]!.value as unknown)]);

/** A stack's outputs as a table; secrets hidden. */
export const outputsTable = (outputs: OutputMap): string => aligned(hidden(outputs), "  ").join("\n");

/** A stack's outputs for other programs; secrets hidden. */
export const outputsJson = (outputs: OutputMap): string => JSON.stringify(Object.fromEntries(hidden(outputs)), null, 2);

/**
 * A stack's outputs as the `Pulumi.STACK.yaml` of a program that builds on it: each by its name, which the engine takes for a
 * key of that program's. What is secret, or has a secret in it, is left out, and named.
 *
 * @param region the key `aws:region`. Default: none.
 */
export function outputsConfig(outputs: OutputMap, region?: string): string {
  const [open, left]: [[string, unknown][], string[]] = [[], []];
  for (const [name, value] of hidden(outputs))
    if (JSON.stringify(value).includes(SHOWN)) left.push(name);
    else open.push([name, value]);
  const config = { ...(region !== undefined && { "aws:region": region }), ...Object.fromEntries(open) };
  const note = left.length > 0 ? `# Left out, since there are secrets in it: ${left.join(", ")}\n` : "";
  return note + stringify({ config });
}

export interface OutputsOptions {
  json?: boolean;
  asConfig?: boolean;
}

/** @throws UserError where two forms are asked for at once. */
export function outputs(local: Local, { json, asConfig }: OutputsOptions): void {
  if (json && asConfig)
    throw new UserError("--json and --as-config are two forms of the same outputs. Give one of them.");
  checkLocal(local);
  const found = maskedOutputs(local);
  if (asConfig) process.stdout.write(outputsConfig(found, regionOf(local)));
  else console.log(json ? outputsJson(found) : outputsTable(found));
}
