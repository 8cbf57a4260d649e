import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { nodeCommand } from "./processes";
import { onPath } from "./tools";

export interface Plugin {
  name: string;
  /** What the SDK in node_modules asks the engine for. */
  version: string;
  /** The executable or directory of the real plugin; undefined: the stand-in takes its place. */
  real: string | undefined;
}

/** The user's plugins; the engine of a local cloud uses them, and keeps everything else of its home in the cloud. */
export const PLUGINS = path.join(process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi"), "plugins");

/** The plugins of the program, and which of them are real: installed for the engine, or on PATH. */
export function plugins(): Plugin[] {
  return ["aws", "eks", "kubernetes", "random"].map((name) => {
    const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
    const installed = path.join(PLUGINS, `resource-${name}-v${version}`);
    const real = fs.existsSync(installed) ? installed : onPath(`pulumi-resource-${name}`);
    // The real one reaches AWS itself, which no local cloud may do: here aws is always the stand-in.
    return { name, version, real: name === "aws" ? undefined : real };
  });
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

function shim(directory: string, name: string, command: string[]): void {
  const script = `#!/bin/sh\nexec ${command.map(quote).join(" ")} "$@"\n`;
  fs.writeFileSync(path.join(directory, name), script, { mode: 0o755 });
}

/**
 * Writes the directory that comes first on the engine's PATH: the engine itself, a stand-in for each plugin that isn't
 * real (one here would hide it), dynamic resources without Pulumi's own Node.js host, and an `aws` for kubeconfigs.
 */
export function writeShims(directory: string, engine: string): void {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  fs.symlinkSync(engine, path.join(directory, "pulumi"));
  const standIns = path.join(__dirname, "standins");
  for (const { name, real } of plugins()) {
    if (!real) shim(directory, `pulumi-resource-${name}`, nodeCommand(path.join(standIns, name, "main.ts")));
  }
  shim(directory, "aws", nodeCommand(path.join(standIns, "aws-cli.ts")));
  const dynamic = "pulumi-resource-pulumi-nodejs";
  if (!onPath(dynamic) && !fs.existsSync(path.join(path.dirname(engine), dynamic))) {
    shim(directory, dynamic, [process.execPath, require.resolve("@pulumi/pulumi/cmd/dynamic-provider")]);
  }
}
