import * as fs from "node:fs";
import * as path from "node:path";
import { inspect } from "node:util";
import * as yaml from "yaml";
import type { Configuration } from "./check";

/** What Pulumi.yaml says about one key. */
export interface Declaration {
  type: string;
  items?: { type: string };
  default?: unknown;
  description: string;
}

/** What Pulumi.yaml says. */
export interface ProjectFile {
  project: string;
  /** By key. */
  declarations: Record<string, Declaration>;
  /** By full name, each as a program gets it. */
  defaults: Record<string, string>;
}

/** A stack's configuration as its files have it. */
export interface StackFiles extends Configuration, ProjectFile {
  /** Full names of the keys that the stack's file, or `changes`, sets; the others have their defaults. */
  given: string[];
  /** Pulumi ESC environments that the stack's file imports: what they set isn't in any file. */
  environments: string[];
}

/** A file that can't be read: said in one line, with what is wrong where. */
export class FileError extends Error {}

/**
 * Reads Pulumi.yaml.
 *
 * @throws FileError when it is missing or is no YAML.
 */
export function readProject(directory: string): ProjectFile {
  const content = read(directory, "Pulumi.yaml");
  const project = String(content["name"]);
  const declarations = record(content["config"] ?? {}, "Pulumi.yaml") as Record<string, Declaration>;
  const defaults: Record<string, string> = {};
  for (const [key, { default: value }] of Object.entries(declarations)) {
    if (value !== undefined) defaults[`${project}:${key}`] = textOf(value);
  }
  return { project, declarations, defaults };
}

/**
 * Reads Pulumi.yaml and Pulumi.STACK.yaml, and applies defaults and types as the engine does before it starts a program
 * (sdk/go/common/workspace/config.go and ValidateConfigValue in project.go, in github.com/pulumi/pulumi).
 *
 * @param changes values by full name that replace those of the stack's file, such as those of `--config`.
 * @throws FileError when a file is missing or is no YAML.
 */
export function readStack(directory: string, stack: string, changes: Record<string, unknown> = {}): StackFiles {
  const { project, declarations, defaults } = readProject(directory);
  const file = `Pulumi.${stack}.yaml`;
  const content = read(directory, file);
  const own = { ...record(content["config"] ?? {}, file), ...changes };
  const values = { ...defaults };
  const secrets: string[] = [];
  const mistyped: string[] = [];
  for (const [key, value] of Object.entries(own)) {
    values[key] = textOf(value);
    if (isEncrypted(value)) secrets.push(key);
    const declaration = key.startsWith(`${project}:`) ? declarations[key.slice(project.length + 1)] : undefined;
    if (declaration && !isOfType(value, declaration)) mistyped.push(key);
  }
  const sections = Object.keys(content);
  const environments = importsOf(content["environment"]);
  const given = Object.keys(own);
  const unseen = Object.keys(declarations)
    .map((key) => `${project}:${key}`)
    .filter((key) => environments.length > 0 && !given.includes(key));
  return { project, stack, values, defaults, secrets, mistyped, sections, declarations, given, environments, unseen };
}

/**
 * The environments of a stack's file: a list of names, or an environment written there with its own imports. What the
 * file sets wins over them, and they over Pulumi.yaml's defaults.
 * https://www.pulumi.com/docs/esc/integrations/infrastructure/pulumi-iac/
 */
function importsOf(environment: unknown): string[] {
  const list = (value: unknown) => (Array.isArray(value) ? value.map((item) => textOf(item)) : []);
  if (typeof environment !== "object" || environment === null || Array.isArray(environment)) return list(environment);
  const { imports } = environment as { imports?: unknown };
  return [...list(imports), "written in the file itself"];
}

/** Whether the engine takes a value for one of the declared type. */
function isOfType(value: unknown, { type, items }: Pick<Declaration, "type" | "items">): boolean {
  const isScalar = typeof value !== "object" || value === null;
  switch (type) {
    case "string":
      return isScalar;
    case "integer":
      return isScalar && /^[-+]?\d+$/.test(textOf(value));
    case "boolean":
      return isScalar && /^(true|false)$/.test(textOf(value));
    case "array":
      return (
        Array.isArray(value) && value.every((item) => !items || items.type !== "string" || typeof item === "string")
      );
    default:
      return typeof value === "object" && value !== null && !Array.isArray(value);
  }
}

/** `secure: …`, at any depth, is encrypted. */
function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isEncrypted);
}

/** As a program gets it: texts as they are, lists and records as JSON. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  // eslint-disable-next-line no-restricted-syntax -- what is in a file holds no outputs
  return typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value) : inspect(value);
}

function read(directory: string, file: string): Record<string, unknown> {
  const location = path.join(directory, file);
  if (!fs.existsSync(location)) {
    const stacks = fs.readdirSync(directory).flatMap((entry) => /^Pulumi\.(.+)\.yaml$/.exec(entry)?.[1] ?? []);
    throw new FileError(`There is no ${file}. Stacks with a file are: ${stacks.join(", ") || "none"}.`);
  }
  try {
    const content = record(yaml.parse(fs.readFileSync(location, "utf8"), { maxAliasCount: 100 }) ?? {}, file);
    // eslint-disable-next-line no-restricted-syntax -- only to see it throw where an alias stands within itself
    JSON.stringify(content);
    return content;
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`${file} can't be read: ${(error as Error).message.split("\n")[0]!}`);
  }
}

function record(value: unknown, file: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new FileError(`${file} can't be read: it, and config in it, must be keys with values.`);
}
