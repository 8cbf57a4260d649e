import { readProject } from "../../config/files";
import type { Local } from "../stack/local";
import { nameOf, stackFile, stackFlag } from "./which";

/**
 * How the SDKs, and YAML's host, say to set a key: by a command that needs a backend, and a stack there.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/nodejs/config.ts (ConfigMissingError),
 * https://github.com/pulumi/pulumi-yaml/blob/v1.25.0/pkg/pulumiyaml/run.go
 */
const BY_PULUMI = /\s*please set a value using the command `pulumi config set [^`]*`|; run `pulumi config` to set/g;

/** A message without how the Pulumi CLI would set what is missing, which the local cloud's user does otherwise. */
export const withoutPulumisWay = (message: string): string => message.replace(BY_PULUMI, "");

/**
 * The configuration keys that programs or the engine have missed, each once; the project's own without its namespace.
 *
 * @param said all messages: "Missing required configuration variable 'shop:of'", and of the engine, which knows the types,
 *   "Stack 'dev' is missing configuration values 'of' and 'zone'".
 */
export function missingKeys(project: string, said: string): string[] {
  const lists = said.matchAll(/missing (?:required )?configuration (?:variable|values?) ((?:(?:, | and )?'[^']+')+)/gi);
  const keys = [...lists].flatMap(([, list]) => [...list!.matchAll(/'([^']+)'/g)].map(([, key]) => key!));
  return [...new Set(keys.map((key) => (key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key)))];
}

/** How keys that are missing are given on the local cloud; undefined where none are. */
export function missingKeysHint(local: Local, said: string): string | undefined {
  const keys = missingKeys(readProject(local.checkout).project, said);
  if (keys.length === 0) return undefined;
  const host = local.beside;
  return [
    `For every command, write into ${stackFile(local)}:`,
    "  config:",
    ...keys.map((key) => `    ${key}: VALUE`),
    "For one command alone, give it --config KEY=VALUE for each (a list as JSON).",
    ...(host
      ? [
          `What ${nameOf(host)} puts out, as such a file:`,
          `  npm run --silent outputs:local --${stackFlag(host)} --as-config`,
        ]
      : []),
  ].join("\n");
}
