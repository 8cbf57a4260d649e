import { parseArgs } from "node:util";
import { at } from "../../plugins/aws/resource";
import type { Properties } from "../../plugins/plugin";

/** One command of the AWS CLI, as much of it as the program, docs/restore.md and docs/storage.md need. */
export interface Command {
  /** Flags with a value that must be given. */
  required: string[];
  optional?: string[];
  /** Flags without a value. */
  switches?: string[];
  run: (flags: Record<string, string>) => object | undefined;
}

/** By service and name: `backup start-backup-job`. */
export type Commands = Record<string, Command>;

/** Flags of every command: a path into the answer, and its form. */
const GLOBAL = ["query", "output"];

/**
 * What the CLI answers, as JSON, or one value of it as text; nothing where it prints nothing.
 *
 * @throws with the CLI's own words for a flag that is unknown or missing, and what AWS refuses.
 */
export function runCommand({ required, optional = [], switches = [], run }: Command, args: string[]): string {
  const flags = [...required, ...optional, ...GLOBAL].map(
    (name) => [name, { type: "string", multiple: false }] as const,
  );
  const booleans = switches.map((name) => [name, { type: "boolean", multiple: false }] as const);
  const options = Object.fromEntries([...flags, ...booleans]);
  const values: Record<string, unknown> = parseArgs({ args, options, strict: true }).values;
  const missing = required.filter((name) => values[name] === undefined).map((name) => `--${name}`);
  if (missing.length > 0) {
    throw new Error(`aws: error: the following arguments are required: ${missing.join(", ")}`);
  }
  const { query, output = "json", ...given } = values as Record<string, string>;
  const answer = run(given);
  const asked = query ? at(answer as Properties, query) : answer;
  if (output === "text" && typeof asked === "string") return asked;
  return asked === undefined ? "" : JSON.stringify(asked, undefined, 4);
}
