import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { checkConfiguration, refusal } from "./check";
import { readProject } from "./files";
import type { Settings } from "./keys";

export type { Settings } from "./keys";

/** The engine gives the program values without telling which of them are defaults. */
const { defaults } = readProject(path.dirname(__dirname));

/**
 * Reads the stack's configuration: the only place that does.
 *
 * @throws pulumi.RunError with every mistake: its key, what it must be, what it is, how to fix it.
 */
export function loadSettings(config: pulumi.Config): Settings {
  const values = pulumi.runtime.allConfig();
  // Every copy of the SDK has this function; its types leave it out.
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(this: void, name: string): boolean };
  const stack = pulumi.getStack();
  const secrets = Object.keys(values).filter((name) => isConfigSecret(name));
  const { settings, violations } = checkConfiguration({ project: config.name, stack, values, defaults, secrets });
  if (settings) return settings;
  throw new pulumi.RunError(refusal(stack, violations));
}
