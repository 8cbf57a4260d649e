import { parseArgs } from "node:util";
import { valueAt } from "../../plugins/properties";
import { type Account, changeAccount, readAccount } from "../account";
import { ApiFailure } from "../apiErrors";
import { call, type Service } from "../service";
import type { Command, Parameters } from "./command";

/** Flags of every command: a path into the answer, and its form. */
const GLOBAL = ["query", "output"];

/**
 * `StartBackupJob` -> `start-backup-job`, `Ec2Config` -> `ec2-config`: as the CLI names operations and their members
 * (`xform_name` in https://github.com/boto/botocore/blob/develop/botocore/__init__.py).
 */
export const commandName = (name: string) =>
  name
    .replace(/(?<=.)[A-Z]{2,}s$/, (plural) => `-${plural.toLowerCase()}`)
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1-$2")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();

/** `backup-vault-name` -> `backupVaultName`. */
const parameterName = (flag: string) => flag.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * What the CLI answers, as JSON, or one value of it as text; nothing where it prints nothing.
 *
 * @throws with the CLI's own words for a flag that is unknown or missing, and for what AWS refuses.
 */
export function runCommand(service: Service, operation: string, args: string[]): string {
  const command = service.commands![operation]!;
  const { query, output = "json", ...parameters } = parse(command, args);
  const answer = perform(operation, (account) => {
    const asked = command.request?.(parameters, account) ?? { properties: parameters };
    const request = { id: "", properties: {}, olds: {}, ...asked };
    call(service, [operation], request, account);
    return command.run(request, account);
  });
  const value = query ? valueAt(answer, query) : answer;
  if (output === "text" && typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value, undefined, 4);
}

function parse(command: Command, args: string[]): Parameters {
  const { optional = [], switches = [], lists = [], regional } = command;
  const required = [...command.required, ...lists];
  const flags = [...required, ...optional, ...(regional ? ["region"] : []), ...GLOBAL];
  const options = Object.fromEntries([
    ...flags.map((name) => [name, { type: "string", multiple: false }] as const),
    ...switches.map((name) => [name, { type: "boolean", multiple: false }] as const),
  ]);
  const values = parseArgs({ args: joined(args, lists), options, strict: true }).values as Parameters;
  const missing = required.filter((name) => values[name] === undefined).map((name) => `--${name}`);
  if (missing.length > 0) {
    throw new Error(`aws: error: the following arguments are required: ${missing.join(", ")}`);
  }
  if (regional && !values.region) throw new Error("You must specify a region.");
  return Object.fromEntries(Object.entries(values).map(([flag, value]) => [parameterName(flag), value]));
}

/** The values after a flag that takes a list, as one: `--operations Encrypt Decrypt`. */
function joined(args: string[], lists: string[]): string[] {
  const start = args.findIndex((arg) => lists.includes(arg.replace(/^--/, "")));
  if (start < 0) return args;
  const length = [...args.slice(start + 1), "--"].findIndex((arg) => arg.startsWith("--"));
  if (length === 0) throw new Error(`aws: error: argument ${args[start]!}: expected at least one argument`);
  const [before, values, after] = [args.slice(0, start + 1), args.slice(start + 1), args.slice(start + 1 + length)];
  return [...before, values.slice(0, length).join(" "), ...after];
}

/** @throws in the CLI's form of AWS's error. */
function perform<T>(operation: string, action: (account: Account) => T): T {
  try {
    return /^(Describe|Get|List)/.test(operation) ? action(readAccount()) : changeAccount(action);
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    const { code, explanation, page } = error;
    throw new Error(`An error occurred (${code}) when calling the ${operation} operation: ${explanation}\n${page}`);
  }
}
