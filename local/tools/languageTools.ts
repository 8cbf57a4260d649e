import * as fs from "node:fs";
import * as path from "node:path";
import { engineRelease } from "./releases";
import { engineTools, readModule, type ToolSet } from "./toolSets";

interface Host {
  name: ToolSet["name"];
  /** The folder of its go.mod. */
  folder: string;
  /** The module whose version is the host's. */
  module: string;
  /** The first is what the engine starts. */
  binaries: string[];
  usually: string;
}

/** What runs programs of a language for the engine, whose release has it; it comes with the command line where that is installed. */
function hostTools({ name, folder, module: source, binaries, usually }: Host, also?: string): ToolSet {
  const { versionOf, ...module } = readModule(folder, { also });
  const inRelease = binaries.map((binary) => `pulumi/${binary}`);
  return {
    ...module,
    name,
    version: versionOf(source),
    binaries,
    releases: (platform) => engineRelease(platform, engineTools().version, inRelease),
    usually,
    stamps: {},
    // It has no --version.
    accepts: () => true,
  };
}

const SDK = "github.com/pulumi/pulumi/sdk/v3";

/** Pulumi's host of Node.js programs. As a Go module, no later version is complete. */
export function nodejsHostTools(): ToolSet {
  const binaries = ["pulumi-language-nodejs"];
  return hostTools({ name: "nodejs-host", folder: "nodejsHost", module: SDK, binaries, usually: "1 to 2 min" });
}

/** Pulumi's host of YAML programs. */
export function yamlHostTools(): ToolSet {
  const [module, binaries] = ["github.com/pulumi/pulumi-yaml", ["pulumi-language-yaml"]];
  return hostTools({ name: "yaml-host", folder: "yamlHost", module, binaries, usually: "1 to 3 min" });
}

/**
 * Pulumi's host of Python programs, with the script that it runs in the program's own Python. As a Go module, no later version of
 * the host is complete. The script is the engine's SDK's.
 */
export function pythonHostTools(): ToolSet {
  const engine = engineTools().version;
  const binaries = ["pulumi-language-python", "pulumi-language-python-exec"];
  return {
    ...hostTools({ name: "python-host", folder: "pythonHost", module: SDK, binaries, usually: "1 to 2 min" }, engine),
    copies: { module: `${SDK}@${engine}`, files: ["python/cmd/pulumi-language-python-exec"] },
  };
}

/** What makes an SDK from a schema, where the engine's command line has no host of the language that could. */
export function sdkGeneratorTools(): ToolSet {
  const source = fs.readFileSync(path.join(__dirname, "sdkGenerator", "main.go"), "utf8");
  const { versionOf, ...module } = readModule("sdkGenerator", { also: source });
  return {
    ...module,
    name: "sdk-generator",
    version: versionOf("github.com/pulumi/pulumi/pkg/v3"),
    binaries: ["pulumi-sdk-generator"],
    // It is this repository's own.
    releases: () => [],
    usually: "1 to 2 min",
    stamps: {},
    accepts: () => false,
  };
}
