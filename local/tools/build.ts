import { execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { progress, UserError } from "../cli/terminal";
import { endingWithUs } from "../stack/processes";
import type { Trimmed } from "./pulumi/withoutClouds";
import type { ToolSet } from "./toolSets";
import { atLeast } from "./versions";

/** Why Go can't build a tool set here; nothing when it can. A Go that may fetch a newer toolchain does so here. */
export async function whyGoCannotBuild({ directory, go }: ToolSet): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("go", ["version"], { cwd: directory });
    return atLeast(stdout, go) ? undefined : `Go ${go} or newer is needed, found ${stdout.trim()}`;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    return code === "ENOENT" ? "there is no Go on PATH" : `Go ${go} or newer is needed: ${stderr?.trim()}`;
  }
}

/** Builds a tool set into a directory. Go's own caches stay where the user has them. */
export async function build(set: ToolSet, into: string): Promise<void> {
  const stamps = Object.entries(set.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  const flags = ["-v", "-trimpath", "-ldflags", ["-s -w", ...stamps].join(" "), "-o", into + path.sep];
  const directory = set.trimmed ? await trimmedSource(set.directory, set.trimmed, into) : set.directory;
  const args = set.embeds
    ? ["build", ...flags, "-overlay", await overlay(directory, set.embeds, into), "."]
    : ["build", ...flags, "tool"];
  await progress(`Building ${set.name} ${set.version} with Go (usually ${set.usually})`, async (note) => {
    const said: string[] = [];
    // -v names each module as it is fetched and each package as it is compiled; in between Go links in silence.
    const code = await spawned("go", args, directory, (line) => {
      said.push(line);
      note(`${said.length} steps, ${line.replace(/^go: downloading/, "fetching")}`);
    });
    if (code !== 0) throw new UserError([`Go could not build ${set.name}; it said:`, ...said.slice(-15)].join("\n  "));
  });
  // Go names a binary after its package's directory.
  const server = path.join(into, "server");
  if (fs.existsSync(server)) fs.renameSync(server, path.join(into, "etcd"));
  fs.rmSync(path.join(into, SOURCE), { recursive: true, force: true });
  if (set.copies) await copy(set.directory, set.copies, into);
}

async function copy(directory: string, { module, files }: NonNullable<ToolSet["copies"]>, into: string): Promise<void> {
  const source = await sourceOf(module, directory);
  for (const file of files) {
    const binary = path.join(into, path.basename(file));
    fs.copyFileSync(path.join(source, file), binary);
    fs.chmodSync(binary, 0o755);
  }
}

/** Where the source of a trimmed module is while it is built. */
const SOURCE = "source";

/** Where Go keeps a module's files, which it fetches first. */
async function sourceOf(module: string, cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", module], { cwd });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

/**
 * A copy of a tool set's directory whose go.mod takes the module from an edited copy: Go lets no overlay replace what is in its
 * module cache.
 */
export async function trimmedSource(directory: string, { module, edits }: Trimmed, into: string): Promise<string> {
  const source = path.join(into, SOURCE);
  const copy = path.join(source, "module");
  fs.cpSync(await sourceOf(module, directory), copy, {
    recursive: true,
    filter: (file) => !/(_test\.go|\/testdata)$/.test(file),
  });
  for (const [name, replacements] of Object.entries(edits)) {
    const file = path.join(copy, name);
    const text = replacements.reduce(
      (text, [pattern, replacement]) => {
        if (text.search(pattern) < 0) throw new UserError(`${module} can't be trimmed: its ${name} has no ${pattern}.`);
        return text.replace(pattern, () => replacement);
      },
      fs.readFileSync(file, "utf8"),
    );
    // What Go keeps can't be written to.
    fs.rmSync(file);
    fs.writeFileSync(file, text);
  }
  for (const name of fs.readdirSync(directory).filter((name) => /\.(go|mod|sum)$/.test(name)))
    fs.copyFileSync(path.join(directory, name), path.join(source, name));
  fs.appendFileSync(path.join(source, "go.mod"), `\nreplace ${module} => ./module\n`);
  return source;
}

/** A file for `go build -overlay`, with the files that it embeds. */
async function overlay(
  directory: string,
  { module, files }: NonNullable<ToolSet["embeds"]>,
  into: string,
): Promise<string> {
  const source = await sourceOf(module, directory);
  const embedded = path.join(into, "embedded");
  fs.mkdirSync(embedded);
  const replaced = Object.entries(files).map(([name, make]) => {
    const file = path.join(embedded, name);
    fs.writeFileSync(file, make(source));
    return [path.join(directory, name), file];
  });
  const file = path.join(embedded, "overlay.json");
  fs.writeFileSync(file, JSON.stringify({ Replace: Object.fromEntries(replaced) as object }));
  return file;
}

function spawned(command: string, args: string[], cwd: string, line: (text: string) => void): Promise<number | null> {
  // A local cloud's own programs collect garbage less often than a compiler should on a small machine.
  const env = { ...process.env, GOGC: undefined };
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
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
