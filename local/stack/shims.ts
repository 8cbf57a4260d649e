import * as fs from "node:fs";
import * as path from "node:path";
import { onPath } from "../tools/find";
import { plugins } from "../tools/plugins";
import type { LanguageHost } from "./otherProject";
import { PACK, RUNTIME } from "./policies";
import { nodeCommand } from "./processes";

const LOCAL = path.dirname(__dirname);

/** As a shell takes it. */
export const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * Writes a command's name for it into a directory.
 *
 * @param first A directory that is first on the command's PATH.
 */
export function writeShim(directory: string, name: string, command: string[], first?: string): void {
  const found = first === undefined ? "" : `PATH=${quote(first)}:"$PATH" `;
  const script = `#!/bin/sh\n${found}exec ${command.map(quote).join(" ")} "$@"\n`;
  fs.writeFileSync(path.join(directory, name), script, { mode: 0o755 });
}

/** What the engine starts for programs of a language. */
export function writeHostShim(directory: string, { file, flags, first }: LanguageHost): void {
  writeShim(directory, path.basename(file), [file, ...flags], first);
}

/**
 * Writes the directory that is first on the engine's PATH: the engine, each plugin or its stand-in, dynamic resources where
 * Pulumi's own host is missing, what starts policy packs, an `aws` for kubeconfigs, and the host of the program's language
 * where the engine starts it.
 *
 * Of a plugin on PATH the engine takes whatever version it is. Of one that is installed it takes the exact version only, and
 * the eks plugin asks for another one of kubernetes than the program does.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/sdk/go/common/workspace/plugins.go (getPluginInfoAndPath)
 */
export function writeShims(directory: string, engine: string, needed = plugins(), host?: LanguageHost): void {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  fs.symlinkSync(engine, path.join(directory, "pulumi"));
  if (host) writeHostShim(directory, host);
  fs.symlinkSync(path.join(LOCAL, "aws", "cli", "aws.sh"), path.join(directory, "aws"));
  writeShim(directory, "aws-by-node", nodeCommand(path.join(LOCAL, "aws/cli/main.ts")));
  const hosted = (plugin: string) =>
    fs.symlinkSync(path.join(LOCAL, "plugins", "host", "shim.sh"), path.join(directory, plugin));
  for (const { name, real } of needed) {
    const plugin = `pulumi-resource-${name}`;
    if (real) fs.symlinkSync(real, path.join(directory, plugin));
    else hosted(plugin);
  }
  // The Automation API runs the program itself, so there is no language plugin, which would start a policy pack.
  writeShim(directory, "pulumi-analyzer-policy-nodejs", [process.execPath, path.join(__dirname, "policyPack.cjs")]);
  const start = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  writeShim(directory, `pulumi-analyzer-policy-${RUNTIME}`, [process.execPath, start, `--pwd=${PACK}`]);
  const dynamic = "pulumi-resource-pulumi-nodejs";
  if (!onPath(dynamic) && !fs.existsSync(path.join(path.dirname(fs.realpathSync(engine)), dynamic))) {
    hosted(dynamic);
  }
}
