import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { withoutTypes } from "./kubernetesPlugin/withoutTypes";
import { type Trimmed, withoutClouds } from "./pulumi/withoutClouds";
import {
  actionlintRelease,
  controlPlaneReleases,
  engineRelease,
  pluginRelease,
  type Platform,
  type Release,
} from "./releases";
import { atLeast, parseVersion } from "./versions";

/** Tools that come together, such as the engine or the control plane, as their module's go.mod pins them. */
export interface ToolSet {
  name:
    | "pulumi"
    | "kubernetes"
    | "kubernetes-plugin"
    | "nodejs-host"
    | "yaml-host"
    | "python-host"
    | "sdk-generator"
    | "actionlint"
    | "node"
    | "coredns";
  binaries: string[];
  /** Where go.mod and go.sum are. */
  directory: string;
  /** The oldest Go that builds it, such as 1.26.0. */
  go: string;
  version: string;
  /** Of go.mod, go.sum and whatever else decides what is built: from others it is another tool. */
  hash: string;
  /** The official releases that have all of it. */
  releases(platform: Platform): Release[];
  /** How long a build takes with every cache empty, on 2 cores. */
  usually: string;
  /** What the linker writes into the binaries: package variable -> value. */
  stamps: Record<string, string>;
  /** Files that the build embeds, by their names beside go.mod: made from those of a module that Go has fetched. */
  embeds?: { module: string; files: Record<string, (directory: string) => string> };
  /** Files of a module that are binaries as they are, beside those that are built. */
  copies?: { module: string; files: string[] };
  /** A module that is built without what isn't used here. */
  trimmed?: Trimmed;
  /** Whether a binary that prints this about itself may be used in place of the pinned one. */
  accepts(binary: string, printed: string): boolean;
}

export interface Tools {
  version: string;
  /** File by binary. */
  paths: Record<string, string>;
}

/** @param also What else decides what is built, as text. */
export function readModule(name: string, { trimmed, also = "" }: { trimmed?: Trimmed; also?: string } = {}) {
  const directory = path.join(__dirname, name);
  const [mod, sum] = ["go.mod", "go.sum"].map((file) => fs.readFileSync(path.join(directory, file), "utf8"));
  const edits = Object.entries(trimmed?.edits ?? {}).join("\n");
  const hash = createHash("sha256").update(`${mod}${sum}${edits}${also}`).digest("hex").slice(0, 12);
  const line = (pattern: string) => new RegExp(`^\\s*${pattern} (\\S+)`, "m").exec(mod!)![1]!;
  return { directory, hash, go: line("go"), versionOf: line, trimmed };
}

/** The Pulumi engine, built for stacks on this machine; any other as new as this checkout's SDK will do. */
export function engineTools(): ToolSet {
  const { versionOf, ...module } = readModule("pulumi", { trimmed: withoutClouds });
  const version = versionOf("github.com/pulumi/pulumi/pkg/v3");
  const sdk = (require("@pulumi/pulumi/package.json") as { version: string }).version;
  return {
    ...module,
    name: "pulumi",
    version,
    binaries: ["pulumi"],
    releases: (platform) => engineRelease(platform, version),
    usually: "3 to 6 min",
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
    accepts: (_, printed) => parseVersion(printed)[0] === 3 && atLeast(printed, sdk),
  };
}

/** The Kubernetes control plane with etcd, kwok, which simulates nodes and pods, and kubectl. */
export function controlPlaneTools(): ToolSet {
  const { versionOf, ...module } = readModule("kubernetes");
  const [version, kwok] = [versionOf("k8s.io/kubernetes"), versionOf("sigs.k8s.io/kwok")];
  const etcd = versionOf("go.etcd.io/etcd/server/v3");
  const [major, minor] = parseVersion(version);
  return {
    ...module,
    name: "kubernetes",
    version,
    binaries: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok", "kwokctl", "kubectl"],
    releases: (platform) => controlPlaneReleases(platform, { kubernetes: version, etcd, kwok }),
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

/**
 * Pulumi's own Kubernetes plugin, in place of the stand-in. Its module's own main embeds files that are made before its
 * release; so the main that Go builds is ours.
 */
export function kubernetesPluginTools(): ToolSet {
  const { versionOf, ...module } = readModule("kubernetesPlugin", { trimmed: withoutTypes });
  const source = "github.com/pulumi/pulumi-kubernetes/provider/v4";
  const { version: sdk } = require("@pulumi/kubernetes/package.json") as { version: string };
  const own = (directory: string, file: string) =>
    fs.readFileSync(path.join(directory, "cmd", "pulumi-resource-kubernetes", file), "utf8");
  return {
    ...module,
    name: "kubernetes-plugin",
    version: versionOf(source),
    binaries: ["pulumi-resource-kubernetes"],
    releases: (platform) => pluginRelease(platform, "kubernetes", sdk),
    usually: "3 to 6 min",
    stamps: { [`${source}/pkg/version.Version`]: sdk },
    embeds: {
      module: source,
      files: {
        // The engine asks the schema for its version.
        "schema.json": (directory) =>
          JSON.stringify({ ...(JSON.parse(own(directory, "schema.json")) as object), version: sdk }),
        "terraform-mapping.json": (directory) => own(directory, "terraform-mapping.json"),
      },
    },
    // It has no --version: whoever wants another one puts it on PATH, where local clouds find it.
    accepts: () => false,
  };
}

/** What checks the workflows of .github: its own releases, or a newer one of the same major version. */
export function actionlintTools(): ToolSet {
  const { versionOf, ...module } = readModule("actionlint");
  const version = versionOf("github.com/rhysd/actionlint");
  return {
    ...module,
    name: "actionlint",
    version,
    binaries: ["actionlint"],
    releases: (platform) => actionlintRelease(platform, version),
    usually: "half a minute",
    stamps: {},
    accepts: (_, printed) => parseVersion(printed)[0] === parseVersion(version)[0] && atLeast(printed, version),
  };
}
