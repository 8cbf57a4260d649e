import * as fs from "node:fs";
import * as path from "node:path";
import { engineRelease } from "./releases";
import { engineTools, readModule, type ToolSet } from "./toolSets";

/** Pulumi's host of YAML programs. It is in the engine's release. */
export function yamlHostTools(): ToolSet {
  const { versionOf, ...module } = readModule("yamlHost");
  return {
    ...module,
    name: "yaml-host",
    version: versionOf("github.com/pulumi/pulumi-yaml"),
    binaries: ["pulumi-language-yaml"],
    releases: (platform) => engineRelease(platform, engineTools().version, ["pulumi/pulumi-language-yaml"]),
    usually: "1 to 3 min",
    stamps: {},
    // It comes with the command line where that is installed.
    accepts: () => true,
  };
}

/**
 * Pulumi's host of Python programs, with the script that it runs in the program's own Python. Both are in the engine's release;
 * as a Go module, no later version of the host is complete. The script is the engine's SDK's.
 */
export function pythonHostTools(): ToolSet {
  const engine = engineTools().version;
  const { versionOf, ...module } = readModule("pythonHost", { also: engine });
  const binaries = ["pulumi-language-python", "pulumi-language-python-exec"];
  return {
    ...module,
    name: "python-host",
    version: versionOf("github.com/pulumi/pulumi/sdk/v3"),
    binaries,
    releases: (platform) =>
      engineRelease(
        platform,
        engine,
        binaries.map((binary) => `pulumi/${binary}`),
      ),
    usually: "1 to 2 min",
    stamps: {},
    copies: {
      module: `github.com/pulumi/pulumi/sdk/v3@${engine}`,
      files: ["python/cmd/pulumi-language-python-exec"],
    },
    accepts: () => true,
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
