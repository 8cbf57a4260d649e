import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { endingWithUs } from "../stack/processes";
import { locked, progress, UserError } from "../cli/terminal";
import { atLeast, CACHE, cached, find, fromCache, markComplete, type Tools, type ToolSet } from "./toolSets";

const run = promisify(execFile);

/**
 * Finds tool sets, or makes them, once for this user: downloaded where there is a download, else built with Go.
 *
 * @throws UserError when any of them is neither found nor can be made, before anything is built, naming every way out.
 */
export async function ensure<Sets extends ToolSet[]>(...sets: Sets): Promise<{ [set in keyof Sets]: Tools }> {
  const found = await Promise.all(sets.map(find));
  if (found.every((tools) => tools !== undefined)) return found as { [set in keyof Sets]: Tools };
  return locked(path.join(CACHE, "lock"), "makes tools for this machine", 3600, async () => {
    // A directory gets its name when it is complete; those of commands that were killed are of no use.
    for (const entry of fs.readdirSync(CACHE)) if (entry.endsWith(PARTIAL)) discard(path.join(CACHE, entry));
    // Another command may have made them while this one waited for the lock.
    await make(sets.filter((set, index) => !found[index] && !fromCache(set)));
    return sets.map((set, index) => found[index] ?? fromCache(set)!) as { [set in keyof Sets]: Tools };
  });
}

const PARTIAL = ".partial";

const discard = (directory: string) => fs.rmSync(directory, { recursive: true, force: true });

async function make(sets: ToolSet[]): Promise<void> {
  const lacking: Lacking[] = [];
  for (const set of sets) {
    if (fs.existsSync(cached(set))) console.error(`${set.name} ${set.version} in the cache is damaged: made again.`);
    console.error(`Deploying to this machine needs ${set.name} ${set.version}. It is made once and kept in\n${CACHE}`);
    const noDownload = set.name === "pulumi" ? await inPlace(set, downloadEngine) : "there is none";
    const noGo = noDownload && (await goProblem(set));
    if (noDownload && noGo) lacking.push({ set, noDownload, noGo });
  }
  if (lacking.length > 0) throw new UserError(wayOut(lacking));
  for (const set of sets.filter((set) => !fromCache(set))) await inPlace(set, build);
}

/** Has a tool set made in a directory beside its place, which is put there when it is complete. */
async function inPlace(
  set: ToolSet,
  how: (set: ToolSet, into: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const partial = `${cached(set)}${PARTIAL}`;
  try {
    fs.mkdirSync(partial, { recursive: true });
    const problem = await how(set, partial);
    if (problem) return problem;
    markComplete(set, partial);
    discard(cached(set));
    fs.renameSync(partial, cached(set));
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    if (!/ENOSPC|no space left on device/i.test(message)) throw error;
    throw new UserError(
      `${message}\nThe disk is full. Building takes up to 10 GB, most of it in Go's own caches\n` +
        `(go env GOMODCACHE GOCACHE). Free some, and run this command again.`,
    );
  } finally {
    discard(partial);
  }
}

/** A tool set that can't be made, and why. */
export interface Lacking {
  set: ToolSet;
  noDownload: string;
  noGo: string;
}

/** The message for somebody with neither the tools nor the means to make them. */
export function wayOut(lacking: Lacking[]): string {
  const why = lacking.map(
    ({ set, noDownload, noGo }) => `${set.name} ${set.version} is needed, and can be neither found nor made:
  - on PATH or in KUBEBUILDER_ASSETS: not all in a version that fits
  - official download: ${noDownload}
  - built with Go: ${noGo}`,
  );
  const binaries = lacking.map(({ set }) => `${set.binaries.join(", ")} (${set.version})`);
  const go = lacking.map(({ set }) => set.go).reduce((one, other) => (atLeast(one, other) ? one : other));
  const times = lacking.map(({ set }) => `${set.name} in ${set.usually}`);
  return `${why.join("\n")}
Either install
  ${binaries.join("\n  ")},
or install Go ${go} or newer (https://go.dev/doc/install):
the next run builds what is missing, once: ${times.join(", ")}.`;
}

/** The archive comes from one host, its checksum from another: both would have to be wrong in the same way. */
const OFFICIAL = {
  archives: "https://get.pulumi.com/releases/sdk",
  checksums: "https://github.com/pulumi/pulumi/releases/download",
};

/**
 * Downloads the engine's official release into a directory, verified by its checksum.
 *
 * @param patience how long a server may stay silent, in milliseconds.
 * @returns why it isn't there; nothing when it is.
 */
export async function downloadEngine(
  { version }: Pick<ToolSet, "version">,
  into: string,
  sources = OFFICIAL,
  patience = 10_000,
): Promise<string | undefined> {
  const name = `pulumi-${version}-${process.platform}-${process.arch}.tar.gz`;
  try {
    await progress(`Downloading pulumi ${version} (usually under 1 min)`, async (note) => {
      const sums = await fetchAll(`${sources.checksums}/${version}/pulumi-${version.slice(1)}-checksums.txt`, patience);
      const expected = sums
        .toString()
        .split("\n")
        .map((line) => line.split(/\s+/))
        .find((line) => line[1] === name)?.[0];
      const content = await fetchAll(`${sources.archives}/${name}`, patience, note);
      const found = createHash("sha256").update(content).digest("hex");
      if (expected !== found) throw new Error(`${name} has the checksum ${found}, its release says ${expected}`);
      const archive = path.join(into, name);
      fs.writeFileSync(archive, content);
      await run("tar", ["-xzf", archive, "--strip-components=1", "-C", into]);
      fs.rmSync(archive);
    });
    return undefined;
  } catch (error) {
    // Nothing of a refused download may be used.
    for (const entry of fs.readdirSync(into)) fs.rmSync(path.join(into, entry), { recursive: true });
    const { message, cause } = error as Error;
    const reason = cause ? `${message}: ${(cause as Error).message}` : message;
    console.error(`  not downloaded: ${reason}`);
    return reason;
  }
}

async function fetchAll(url: string, patience: number, note?: (detail: string) => void): Promise<Buffer> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error(`${new URL(url).host} gave no answer within ${patience / 1000} s`));
  let timer = setTimeout(giveUp, patience);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const parts: Uint8Array[] = [];
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
      parts.push(part);
      note?.(`${Math.round(parts.reduce((sum, { length }) => sum + length, 0) / 1e6)} MB`);
    }
    return Buffer.concat(parts);
  } finally {
    clearTimeout(timer);
  }
}

/** Why Go can't build a tool set here; nothing when it can. A Go that may fetch a newer toolchain does so here. */
export async function goProblem({ directory, go }: ToolSet): Promise<string | undefined> {
  try {
    const { stdout } = await run("go", ["version"], { cwd: directory });
    return atLeast(stdout, go) ? undefined : `Go ${go} or newer is needed, found ${stdout.trim()}`;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    return code === "ENOENT" ? "there is no Go on PATH" : `Go ${go} or newer is needed: ${stderr?.trim()}`;
  }
}

/** Builds a tool set into a directory. Go's own caches stay where the user has them. */
async function build(set: ToolSet, into: string): Promise<undefined> {
  const stamps = Object.entries(set.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  const args = ["build", "-v", "-trimpath", "-ldflags", ["-s -w", ...stamps].join(" "), "-o", into + path.sep, "tool"];
  await progress(`Building ${set.name} ${set.version} with Go (usually ${set.usually})`, async (note) => {
    const said: string[] = [];
    // -v names each module as it is fetched and each package as it is compiled; in between Go links in silence.
    const code = await spawned("go", args, set.directory, (line) => {
      said.push(line);
      note(`${said.length} steps, ${line.replace(/^go: downloading/, "fetching")}`);
    });
    if (code !== 0) throw new UserError([`Go could not build ${set.name}; it said:`, ...said.slice(-15)].join("\n  "));
  });
  // Go names a binary after its package's directory.
  const server = path.join(into, "server");
  if (fs.existsSync(server)) fs.renameSync(server, path.join(into, "etcd"));
}

function spawned(command: string, args: string[], cwd: string, line: (text: string) => void): Promise<number | null> {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
  let rest = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.filter(Boolean).forEach(line);
  });
  const done = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return endingWithUs(child, done);
}
