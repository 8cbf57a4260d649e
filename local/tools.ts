import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import envPaths from "env-paths";
import { downloadEngine } from "./download";
import { build, goFor } from "./go";
import { locked } from "./lock";
import { atLeast, parseVersion, readToolModule, type ToolModule } from "./modules";
import { UserError } from "./terminal";

/** One kind of tools that come together: the engine, or the control plane. */
export interface ToolSet {
  name: string;
  /** What it is for, for the line that says why something is built. */
  purpose: string;
  binaries: string[];
  module: ToolModule;
  /** The pinned version, with its v: its binaries say the same. */
  version: string;
  /** How long a build usually takes with every cache empty, on 2 cores. */
  usually: string;
  /** What the linker writes into the binaries: package variable -> value. */
  stamps: Record<string, string>;
  /** Whether a binary that prints this about itself may be used in place of the pinned one. */
  accepts(binary: string, printed: string): boolean;
}

export interface Tools {
  /** Where they were found: a directory, or several. */
  from: string[];
  version: string;
  /** Path by binary. */
  paths: Record<string, string>;
}

const run = promisify(execFile);

/** Built and downloaded tools, for every checkout of this user. */
export const CACHE = path.join(envPaths("eks-storage", { suffix: "" }).cache, "tools");

const moduleAt = (name: string) => readToolModule(path.join(__dirname, "tools", name));

/** The Pulumi engine. One as new as the SDK of this checkout will do. */
export function engineTools(): ToolSet {
  const module = moduleAt("pulumi");
  const version = module.versions["github.com/pulumi/pulumi/pkg/v3"]!;
  const sdk = (require("@pulumi/pulumi/package.json") as { version: string }).version;
  return {
    name: "pulumi",
    purpose: `the Pulumi engine ${version}`,
    binaries: ["pulumi"],
    module,
    version,
    usually: "3 to 6 min",
    stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
    accepts: (_, printed) => parseVersion(printed)?.[0] === 3 && atLeast(printed, sdk),
  };
}

/** The Kubernetes control plane with etcd, the simulated kubelet (kwok), and kubectl. */
export function controlPlaneTools(): ToolSet {
  const module = moduleAt("kubernetes");
  const version = module.versions["k8s.io/kubernetes"]!;
  const kwok = module.versions["sigs.k8s.io/kwok"]!;
  const [major, minor] = parseVersion(version)!;
  return {
    name: "kubernetes",
    purpose: `a Kubernetes ${version} control plane`,
    binaries: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kwok", "kwokctl", "kubectl"],
    module,
    version,
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
      if (!found) return false;
      if (binary === "etcd") return found[0] === 3 && found[1] >= 5;
      if (binary.startsWith("kwok")) return atLeast(printed, kwok) && found[1] === parseVersion(kwok)![1];
      // kubectl may be one minor older or newer than the API server (kubernetes.io/releases/version-skew-policy).
      return found[0] === major && Math.abs(found[1] - minor) <= (binary === "kubectl" ? 1 : 0);
    },
  };
}

/** How each binary is asked for its version; the others know --version. */
const VERSION_QUESTION: Record<string, string[]> = { pulumi: ["version"], kubectl: ["version", "--client"] };

async function printedVersion(binary: string, file: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const answer = await run(file, VERSION_QUESTION[binary] ?? ["--version"], { env, timeout: 20_000 }).catch(
    () => undefined,
  );
  return answer?.stdout.trim() ?? "";
}

const searchPath = () => [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? "").split(path.delimiter)];

/** The first executable of that name on PATH (or in KUBEBUILDER_ASSETS). */
export function onPath(binary: string): string | undefined {
  return searchPath()
    .filter((directory): directory is string => Boolean(directory))
    .map((directory) => path.join(directory, binary))
    .find((file) => {
      const stat = fs.statSync(file, { throwIfNoEntry: false });
      return stat?.isFile() && (stat.mode & 0o111) !== 0;
    });
}

/** Where this machine's own copy of a tool set is, or will be: another version or platform is another directory. */
export const cached = (set: ToolSet): string =>
  path.join(CACHE, `${set.name}-${set.version}-${set.module.hash}-${process.platform}-${process.arch}`);

/** Finds a tool set, all of it, on PATH or in the cache; makes nothing. */
export async function find(set: ToolSet): Promise<Tools | undefined> {
  const paths = Object.fromEntries(set.binaries.map((binary) => [binary, onPath(binary) ?? ""]));
  if (Object.values(paths).every(Boolean)) {
    const printed = await Promise.all(set.binaries.map((binary) => printedVersion(binary, paths[binary]!)));
    if (set.binaries.every((binary, index) => set.accepts(binary, printed[index]!))) {
      const from = [...new Set(Object.values(paths).map((file) => path.dirname(file)))];
      return { from, version: `v${parseVersion(printed[0]!)!.join(".")}`, paths };
    }
  }
  return fromCache(set);
}

function fromCache(set: ToolSet): Tools | undefined {
  const directory = cached(set);
  if (!fs.existsSync(directory)) return undefined;
  const paths = Object.fromEntries(set.binaries.map((binary) => [binary, path.join(directory, binary)]));
  return { from: [directory], version: set.version, paths };
}

/**
 * Finds a tool set, or makes it: downloads it where there is a download, else builds it with Go, once for this user.
 *
 * @throws UserError when it is neither found nor can be made, naming every way out.
 */
export async function ensure(set: ToolSet): Promise<Tools> {
  const found = await find(set);
  if (found) return found;
  const what = "makes tools for this machine (built once, then kept)";
  return locked(path.join(CACHE, "lock"), what, 3600, async () => fromCache(set) ?? make(set));
}

async function make(set: ToolSet): Promise<Tools> {
  // A directory appears under its own name only when it is complete: whatever was killed half-way is never used.
  const partial = `${cached(set)}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });
  console.log(`Needed: ${set.purpose}, to deploy to this machine. Made once, kept in ${CACHE}`);
  const failed = set.name === "pulumi" ? await downloadEngine(set.version, partial) : undefined;
  if (failed !== undefined || set.name !== "pulumi") {
    const go = await goFor(set.module);
    if ("problem" in go) throw new UserError(wayOut(set, failed, go.problem));
    await build(set, partial);
  }
  fs.renameSync(partial, cached(set));
  return fromCache(set)!;
}

/** The message for somebody with neither the tools nor the means to make them. */
export function wayOut(set: ToolSet, download: string | undefined, go: string): string {
  const tools = set.binaries.join(", ");
  const place = set.name === "pulumi" ? "on PATH" : "on PATH, or in the directory that KUBEBUILDER_ASSETS names";
  const install =
    set.name === "pulumi"
      ? `install Pulumi (https://www.pulumi.com/docs/install/), ${set.version} or newer`
      : `put all of these ${place}, of the same minor version as ${set.version}`;
  return [
    `There is no ${tools} here, and no way to make ${set.purpose}:`,
    `  - not found ${place} in a version that fits, nor in ${CACHE}`,
    ...(download === undefined ? [] : [`  - the official download: ${download}`]),
    `  - building it: ${go}`,
    `Either ${install};`,
    `or install Go ${set.module.go} or newer (https://go.dev/doc/install): the next run then builds what is missing,`,
    `once, in ${set.usually}.`,
  ].join("\n");
}
