import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import envPaths from "env-paths";

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

/** Built and downloaded tools, for every checkout of this user. */
export const CACHE = path.join(envPaths("eks-storage", { suffix: "" }).cache, "tools");

/** The version in whatever a tool prints about itself; zeros where there is none. */
export function parseVersion(text: string): [number, number, number] {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : [0, 0, 0];
}

/** Whether a version is at least another one. */
export function atLeast(version: string, minimum: string): boolean {
  const want = parseVersion(minimum);
  return (
    (parseVersion(version)
      .map((part, index) => part - want[index]!)
      .find((part) => part !== 0) ?? 0) >= 0
  );
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

/** The first executable of that name in KUBEBUILDER_ASSETS or on PATH. */
export function onPath(binary: string): string | undefined {
  return [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? "").split(path.delimiter)]
    .flatMap((directory) => (directory ? [path.join(directory, binary)] : []))
    .find((file) => {
      const stat = fs.statSync(file, { throwIfNoEntry: false });
      return stat?.isFile() && (stat.mode & 0o111) !== 0;
    });
}

/** How a binary is asked for its version; the others know --version. */
const QUESTIONS: Record<string, string[]> = { pulumi: ["version"], kubectl: ["version", "--client"] };

/** What a binary prints about its version; nothing if it doesn't run. */
async function printed(binary: string, file: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const run = promisify(execFile)(file, QUESTIONS[binary] ?? ["--version"], { env, timeout: 20_000 });
  return run.then(
    ({ stdout }) => stdout,
    () => "",
  );
}

/** This machine's own copy of a tool set: another version or platform is another directory. */
export const cached = ({ name, version, hash }: ToolSet) =>
  path.join(CACHE, `${name}-${version}-${hash}-${process.platform}-${process.arch}`);

/** What is complete in the cache says so: a file of sizes by binary, written last. */
const sizesFile = (directory: string) => path.join(directory, "sizes.json");

const sizesOf = (set: ToolSet, directory: string): string => {
  const sizes = set.binaries.map((binary) => {
    const stat = fs.statSync(path.join(directory, binary), { throwIfNoEntry: false });
    return [binary, stat && (stat.mode & 0o111) !== 0 ? stat.size : 0];
  });
  return JSON.stringify(Object.fromEntries(sizes));
};

export const markComplete = (set: ToolSet, directory: string): void =>
  fs.writeFileSync(sizesFile(directory), sizesOf(set, directory));

/** The tools in the cache; nothing when one of them is missing or cut short. */
export function fromCache(set: ToolSet): Tools | undefined {
  const file = (binary: string) => path.join(cached(set), binary);
  const sizes = sizesFile(cached(set));
  if (!fs.existsSync(sizes) || fs.readFileSync(sizes, "utf8") !== sizesOf(set, cached(set))) return undefined;
  return { version: set.version, paths: Object.fromEntries(set.binaries.map((binary) => [binary, file(binary)])) };
}

/** Finds a tool set, all of it and of a version that fits, on PATH, or else in the cache; makes nothing. */
export async function find(set: ToolSet): Promise<Tools | undefined> {
  const paths = Object.fromEntries(set.binaries.map((binary) => [binary, onPath(binary) ?? ""]));
  if (!Object.values(paths).every(Boolean)) return fromCache(set);
  const answers = await Promise.all(set.binaries.map((binary) => printed(binary, paths[binary]!)));
  const fits = set.binaries.every((binary, index) => set.accepts(binary, answers[index]!));
  return fits ? { version: `v${parseVersion(answers[0]!).join(".")}`, paths } : fromCache(set);
}
