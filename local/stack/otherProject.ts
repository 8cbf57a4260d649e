import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { UserError } from "../cli/terminal";
import { ensure } from "../tools/ensure";
import { onPath } from "../tools/find";
import { nodejsHostTools, pythonHostTools, yamlHostTools } from "../tools/languageTools";
import type { ToolSet } from "../tools/toolSets";

/** What runs programs of a language for the engine. */
export interface LanguageHost {
  file: string;
  flags: string[];
  /** A directory that is first on its PATH. */
  first?: string;
}

interface ProjectFile {
  runtime?: string | { name?: string; options?: Record<string, unknown> };
  stackConfigDir?: string;
}

const readProjectFile = (directory: string) =>
  parse(fs.readFileSync(path.join(directory, "Pulumi.yaml"), "utf8")) as ProjectFile;

const runtimeOptions = (directory: string): Record<string, unknown> => {
  const { runtime } = readProjectFile(directory);
  return (typeof runtime === "object" && runtime.options) || {};
};

/**
 * Pulumi's host of Node.js programs that Go can build: the last that is a module of its own. The engine sends a project's
 * options with each request; this host takes them as flags only.
 */
const nodejsFlags = (directory: string) => ({
  flags: Object.entries(runtimeOptions(directory)).map(([option, value]) => `-${option}=${String(value)}`),
});

/** The host of Python programs that Go can build takes the Python that it finds on PATH, whatever the project's options say. */
function pythonEnvironment(directory: string): Partial<LanguageHost> {
  const { virtualenv } = runtimeOptions(directory);
  return typeof virtualenv === "string" ? { first: path.resolve(directory, virtualenv, "bin") } : {};
}

/** By language, the host that is downloaded or built, and how it is started for a project. */
const HOSTS: Record<string, [tools: () => ToolSet, how: (directory: string) => Partial<LanguageHost>]> = {
  nodejs: [nodejsHostTools, nodejsFlags],
  python: [pythonHostTools, pythonEnvironment],
  yaml: [yamlHostTools, () => ({})],
};

/** Looked for once: a second search of this process would find what a local cloud has put on PATH for the first. */
const found: Record<string, Promise<string> | undefined> = {};

async function fileOf(tools: ToolSet): Promise<string> {
  const [{ paths }] = await ensure(tools);
  return paths[tools.binaries[0]!]!;
}

async function hostOf(language: string, directory: string): Promise<LanguageHost> {
  const [tools, how] = HOSTS[language]!;
  return { file: await (found[language] ??= fileOf(tools())), flags: [], ...how(directory) };
}

export const nodejsHost = (directory: string): Promise<LanguageHost> => hostOf("nodejs", directory);

/**
 * What runs programs of a project's language, as the command line finds it: beside itself, or on PATH.
 *
 * @param engine The command line's own file.
 * @throws UserError when there is none.
 */
export async function languageHost(directory: string, engine: string): Promise<LanguageHost> {
  const { runtime, stackConfigDir } = readProjectFile(directory);
  if (stackConfigDir)
    throw new UserError(
      `The local cloud finds a stack's file beside Pulumi.yaml only, which has stackConfigDir: ${stackConfigDir}. ` +
        "Give the configuration by --config, in a project without it.",
    );
  const language = typeof runtime === "string" ? runtime : runtime?.name;
  const binary = `pulumi-language-${language}`;
  // Pulumi's releases have all of them.
  const beside = path.join(path.dirname(fs.realpathSync(engine)), binary);
  if (fs.existsSync(beside)) return { file: beside, flags: [] };
  if (language !== undefined && language in HOSTS) return hostOf(language, directory);
  const other = onPath(binary);
  if (other) return { file: other, flags: [] };
  throw new UserError(
    `${path.join(directory, "Pulumi.yaml")} has the runtime ${language}, which needs ${binary} on PATH. It comes with the Pulumi CLI.`,
  );
}

/** Whether a stack has a file with anything in it. */
export function hasStackFile(directory: string, stack: string): boolean {
  const file = path.join(directory, `Pulumi.${stack}.yaml`);
  return fs.existsSync(file) && parse(fs.readFileSync(file, "utf8")) !== null;
}

/** A stack's file, as far as it is read here. */
interface StackFile {
  config?: Record<string, unknown>;
  environment?: unknown;
}

const isSecret = (value: unknown) => value !== undefined && JSON.stringify(value).includes('"secure":');

/** What an earlier command gave in place of a stack file's secrets, as the copy of that file has it. */
export function replacedSecrets(file: StackFile, copy: StackFile): Record<string, unknown> {
  const isReplaced = ([key, value]: [string, unknown]) => isSecret(file.config?.[key]) && !isSecret(value);
  return Object.fromEntries(Object.entries(copy.config ?? {}).filter(isReplaced));
}

/** @throws UserError for what only its owner's passphrase, key or account can read; a secret that `--config` replaces isn't. */
export function refuseUnreadable(stack: string, file: StackFile, given: Record<string, unknown>): void {
  const secrets = Object.entries(file.config ?? {}).filter(([key, value]) => !(key in given) && isSecret(value));
  const lines = [
    ...(secrets.length > 0
      ? [`has secrets: ${secrets.map(([key]) => key).join(", ")}. Give each another value: --config KEY=VALUE`]
      : []),
    ...(file.environment
      ? ["imports Pulumi ESC environments. Take another stack, and give what they set by --config"]
      : []),
  ];
  if (lines.length === 0) return;
  throw new UserError(
    `The local cloud can't read all of Pulumi.${stack}.yaml:\n${lines.map((line) => `  - It ${line}.`).join("\n")}`,
  );
}
