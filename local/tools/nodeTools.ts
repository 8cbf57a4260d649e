import * as fs from "node:fs";
import * as path from "node:path";
import { readModule, type ToolSet } from "./toolSets";

/** The Go sources in a folder of this repository, as text. */
function sourcesIn(folder: string): string {
  const directory = path.join(__dirname, folder);
  const names = fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".go"));
  return names
    .sort()
    .map((name) => fs.readFileSync(path.join(directory, name), "utf8"))
    .join("\n");
}

/** What a real node runs beside Debian's packages: the kubelet, and this repository's own stand-ins for drivers and images. */
export function nodeTools(): ToolSet {
  const { versionOf, ...module } = readModule("node", { also: sourcesIn("node") });
  const version = versionOf("k8s.io/kubelet").replace(/^v0/, "v1");
  return {
    ...module,
    name: "node",
    version,
    binaries: ["kubelet", "pause", "csi-stand-in", "catalog-stand-in"],
    // Most of it is this repository's own.
    releases: () => [],
    usually: "1 to 6 min",
    stamps: { "k8s.io/component-base/version.gitVersion": version, "k8s.io/client-go/pkg/version.gitVersion": version },
    accepts: () => false,
  };
}

/** The cluster's DNS, with the plugins that a cluster of this program's asks of it. */
export function corednsTools(): ToolSet {
  const { versionOf, ...module } = readModule("coredns", { also: sourcesIn("coredns") });
  return {
    ...module,
    name: "coredns",
    version: versionOf("github.com/coredns/coredns"),
    binaries: ["coredns"],
    releases: () => [],
    usually: "1 to 3 min",
    stamps: {},
    accepts: () => false,
  };
}
