import { parseArgs } from "node:util";

/** One command of the AWS CLI, as much of it as docs/restore.md needs. */
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

/**
 * What the CLI answers, as JSON; nothing where it prints nothing.
 *
 * @throws with the CLI's own words for a flag that is unknown or missing, and what AWS refuses.
 */
export function runCommand({ required, optional = [], switches = [], run }: Command, args: string[]): string {
  const flags = [...required, ...optional].map((name) => [name, { type: "string", multiple: false }] as const);
  const booleans = switches.map((name) => [name, { type: "boolean", multiple: false }] as const);
  const options = Object.fromEntries([...flags, ...booleans]);
  const values: Record<string, unknown> = parseArgs({ args, options, strict: true }).values;
  const missing = required.filter((name) => values[name] === undefined).map((name) => `--${name}`);
  if (missing.length > 0) {
    throw new Error(`aws: error: the following arguments are required: ${missing.join(", ")}`);
  }
  const answer = run(values as Record<string, string>);
  return answer === undefined ? "" : JSON.stringify(answer, undefined, 4);
}
