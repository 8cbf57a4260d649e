import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { onPath } from "./find";

/** A provider plugin that the program needs. */
export interface NeededPlugin {
  name: string;
  /** What the SDK in node_modules asks the engine for. */
  version: string;
  /** The real plugin's executable; undefined: the stand-in is used. */
  real: string | undefined;
}

/** The plugins that the user has installed for the engine. */
export const PLUGINS = path.join(process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi"), "plugins");

/** A local cloud's own directory of stand-ins is on PATH while it works. */
const isReal = (file: string) => path.basename(fs.realpathSync(file)) !== "shim.sh";

/** The program's plugins, and which of them are real: installed for the engine, or on PATH. */
export const plugins = (directory = PLUGINS): NeededPlugin[] =>
  ["aws", "eks", "kubernetes", "random"].map((name) => {
    const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
    const executable = `pulumi-resource-${name}`;
    const installed = path.join(directory, `resource-${name}-v${version}`, executable);
    const found = fs.existsSync(installed) ? installed : onPath(executable, isReal);
    // Not the link to it that a local cloud has made.
    const real = found && fs.realpathSync(found);
    // The real one would reach for AWS itself: a local cloud never does.
    return { name, version, real: name === "aws" ? undefined : real };
  });
