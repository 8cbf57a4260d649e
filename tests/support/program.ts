import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "yaml";
import { readProject } from "../../config/files";
import { withOwnValues } from "../../local/stack/ownValues";
import { programOf } from "../../local/stack/program";
import { type Registration, run, type Run, type RunOptions } from "./registrations";

const root = path.resolve(__dirname, "../..");

/** Pulumi.yaml's defaults, by full name, as texts. */
export const { defaults } = readProject(root);

/** The environments that have a file. */
export const environments = ["dev", "staging", "prod"] as const;

/**
 * A stack's configuration as the engine hands it to the program on the local cloud: Pulumi.yaml's defaults, the stack's file
 * with that cloud's own values in place of examples, `changes`.
 */
export function configurationOf(stack: string, changes: Record<string, unknown> = {}): Record<string, string> {
  const project = read("Pulumi.yaml") as { name: string; config: Record<string, { default?: unknown }> };
  const qualified = (values: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${project.name}:${key}`, value]));
  const defaults = Object.entries(project.config).map(([key, declaration]) => [key, declaration.default] as const);
  const values = {
    ...qualified(Object.fromEntries(defaults)),
    ...withOwnValues((read(`Pulumi.${stack}.yaml`) as { config: Record<string, unknown> }).config),
    ...qualified(changes),
  };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}

interface Circumstances extends Pick<RunOptions, "preview" | "snapshots"> {
  /** Keys that are set otherwise than in the stack's file. */
  changes?: Record<string, unknown>;
}

const runs = new Map<string, Promise<Run>>();

/** Runs the unchanged index.ts with the configuration of a stack: once in a process, since it registers the same each time. */
export function runProgram(stack: string, circumstances: Circumstances = {}): Promise<Run> {
  const { changes, ...others } = circumstances;
  const key = JSON.stringify([stack, configurationOf(stack, changes), others]);
  const earlier = runs.get(key) ?? runOnce(stack, circumstances);
  runs.set(key, earlier);
  return earlier;
}

async function runOnce(stack: string, { changes, ...circumstances }: Circumstances): Promise<Run> {
  // Each run is a process of its own to the engine.
  const options = { ...circumstances, stack, config: configurationOf(stack, changes) };
  const result = await run(programOf(root), options);
  // For every spec that asks.
  return frozen(result);
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

/** What the program registers, where it must end well. */
export async function program(stack: string, circumstances?: Circumstances): Promise<Registration[]> {
  const { registrations, error } = await runProgram(stack, circumstances);
  if (error) throw error;
  return registrations;
}

const files = new Map<string, unknown>();

/** A file of the checkout, parsed once in a process. */
function read(file: string): unknown {
  if (!files.has(file)) files.set(file, frozen(yaml.parse(fs.readFileSync(path.join(root, file), "utf8"))));
  return files.get(file);
}
