import { execFile, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { atLeast, type ToolModule } from "./modules";
import { progress, UserError } from "./terminal";
import type { ToolSet } from "./tools";

/** Go as it will build this module: its version, or why it can't. A Go that may fetch a newer toolchain does so here. */
export async function goFor(module: ToolModule): Promise<{ version: string } | { problem: string }> {
  try {
    const { stdout } = await promisify(execFile)("go", ["version"], { cwd: module.directory });
    const version = /go(\d\S*)/.exec(stdout)?.[1] ?? "";
    if (atLeast(version, module.go)) return { version };
    return { problem: `Go ${module.go} or newer is needed, the one on PATH is ${version || stdout.trim()}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { problem: "there is no Go on PATH" };
    const said = (error as { stderr?: string }).stderr?.trim();
    return { problem: `Go ${module.go} or newer is needed: ${said || (error as Error).message}` };
  }
}

/** The name that a package's binary must have: go names etcd's after its directory. */
const RENAMED: Record<string, string> = { server: "etcd" };

/** Builds a tool set into a directory; Go's own caches stay where the user has them. */
export async function build(set: ToolSet, into: string): Promise<void> {
  const stamps = Object.entries(set.stamps).map(([variable, value]) => `-X ${variable}=${value}`);
  const flags = ["build", "-v", "-trimpath", "-ldflags", ["-s -w", ...stamps].join(" "), "-o", into + path.sep, "tool"];
  const title = `Building ${set.name} ${set.version} with Go (usually ${set.usually})`;
  await progress(title, async (note) => {
    let packages = 0;
    const last: string[] = [];
    // -v names every module as it is fetched and every package as it is compiled; the rest of the time Go links.
    await go(flags, set.module.directory, (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
      const fetched = /^go: downloading (\S+)/.exec(line);
      if (!fetched) packages += 1;
      note(fetched ? `fetching ${fetched[1]}` : `${packages} packages, ${line}`);
    }).catch(() => {
      throw new UserError([`Go could not build ${set.name} ${set.version}; it said:`, ...last].join("\n  "));
    });
  });
  for (const [from, to] of Object.entries(RENAMED)) {
    if (fs.existsSync(path.join(into, from))) fs.renameSync(path.join(into, from), path.join(into, to));
  }
}

function go(args: string[], cwd: string, line: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
    const end = () => child.kill();
    process.once("exit", end);
    let rest = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      lines.filter(Boolean).forEach(line);
    });
    child.on("error", reject);
    child.on("close", (code) => {
      process.off("exit", end);
      if (code === 0) resolve();
      else reject(new Error(`go ended with ${code}`));
    });
  });
}
