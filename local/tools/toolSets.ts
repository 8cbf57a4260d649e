import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { atLeast, parseVersion } from "./versions";

/** Tools that come together, the engine or the control plane, as their module's go.mod pins them. */
export interface ToolSet {
  name: "pulumi" | "kubernetes";
  binaries: string[];
  /** Where go.mod and go.sum are. */
  directory: string;
  /** The oldest Go that builds it, such as 1.26.0. */
  go: string;
  version: string;
  /** Of go.mod and go.sum: what is built from others is another tool. */
  hash: string;
  /** How long a build takes with every cache empty, on 2 cores. */
  usually: string;
  /** What the linker writes into the binaries: package variable -> value. */
  stamps: Record<string, string>;
  /** Whether a binary that prints this about itself may be used in place of the pinned one. */
  accepts(binary: string, printed: string): boolean;
}

export interface Tools {
  version: string;
  /** File by binary. */
  paths: Record<string, string>;
}

function readModule(name: string) {
  const directory = path.join(__dirname, name);
  const [mod, sum] = ["go.mod", "go.sum"].map((file) => fs.readFileSync(path.join(directory, file), "utf8"));
  const hash = createHash("sha256").update(`${mod}${sum}`).digest("hex").slice(0, 12);
  const line = (pattern: string) => new RegExp(`^\\s*${pattern} (\\S+)`, "m").exec(mod!)![1]!;
  return { directory, hash, go: line("go"), versionOf: line };
}

/** The Pulumi engine; one as new as this checkout's SDK will do. */
export function engineTools(): ToolSet {
  const { versionOf, ...module } = readModule("pulumi");
  const version = versionOf("github.com/pulumi/pulumi/pkg/v3");
  const sdk = (require("@pulumi/pulumi/package.json") as { version: string }).version;
  return {
    ...module,
    name: "pulumi",
    version,
    binaries: ["pulumi"],
    usually: "3 to 6 min",
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
    accepts: (_, printed) => parseVersion(printed)[0] === 3 && atLeast(printed, sdk),
  };
}

/** The Kubernetes control plane with etcd, kwok, which simulates nodes and pods, and kubectl. */
export function controlPlaneTools(): ToolSet {
  const { versionOf, ...module } = readModule("kubernetes");
  const [version, kwok] = [versionOf("k8s.io/kubernetes"), versionOf("sigs.k8s.io/kwok")];
  const [major, minor] = parseVersion(version);
  return {
    ...module,
    name: "kubernetes",
    version,
    binaries: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok", "kwokctl", "kubectl"],
    usually: "5 to 9 min",
    stamps: {
      "k8s.io/component-base/version.gitVersion": version,
      "k8s.io/component-base/version.gitMajor": String(major),
      "k8s.io/component-base/version.gitMinor": String(minor),
      "k8s.io/client-go/pkg/version.gitVersion": version,
      "sigs.k8s.io/kwok/pkg/consts.Version": kwok,
    },
    accepts: (binary, printed) => {
      const found = parseVersion(printed);
      if (binary === "etcd") return atLeast(printed, "3.5");
      if (binary.startsWith("kwok")) return atLeast(printed, kwok) && found[1] === parseVersion(kwok)[1];
      // kubectl may be one minor older or newer than the API server (kubernetes.io/releases/version-skew-policy).
      return found[0] === major && Math.abs(found[1] - minor) <= (binary === "kubectl" ? 1 : 0);
    },
  };
}
