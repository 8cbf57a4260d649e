import { type ChildProcess, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

/**
 * For Go's programs, which collect garbage each time that their memory has doubled: a fifth of an engine's processor time, and
 * of an API server's as it starts. Now each time that it has grown fivefold, which takes an API server 100 MB more.
 */
export const FEWER_COLLECTIONS = { GOGC: process.env.GOGC ?? "400" };

/** Whether a process of that id runs. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Waits until processes are gone, at most 10 s; answers whether they are. */
export async function ended(pids: number[]): Promise<boolean> {
  for (let tries = 0; pids.some(alive) && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return !pids.some(alive);
}

/** Waits for a child process, which ends with this command if that is interrupted. */
export async function endingWithUs<T>(child: ChildProcess, done: Promise<T>): Promise<T> {
  const end = () => child.kill();
  process.once("exit", end);
  return done.finally(() => process.off("exit", end));
}

/** What a file that uses the SDKs has loaded first. */
export const WITH_SDKS = path.join(__dirname, "..", "..", "preload.cjs");

/** The command that runs a TypeScript file of this checkout from any directory. */
export const nodeCommand = (file: string, preload = require.resolve("tsx/cjs")): string[] => [
  process.execPath,
  "--require",
  preload,
  file,
];

/** Whether a process of that id runs and has this in its command line: ids are given anew, after a restart above all. */
export function runs(pid: number, mark: string): boolean {
  // Wide twice: unlimited, whatever COLUMNS says.
  const { stdout } = spawnSync("ps", ["-ww", "-o", "stat=,args=", "-p", String(pid)], { encoding: "utf8" });
  return !stdout.startsWith("Z") && stdout.includes(mark);
}

/** The processes whose binaries lie in a directory: id by binary. */
export function startedFrom(directory: string): Map<string, number> {
  const { stdout } = spawnSync("ps", ["-ww", "-eo", "pid=,args="], { encoding: "utf8" });
  const found = stdout.split("\n").flatMap((line): [string, number][] => {
    const [, pid, command] = /^ *(\d+) (\S+)/.exec(line) ?? [];
    return command?.startsWith(directory + path.sep) ? [[path.basename(command), Number(pid)]] : [];
  });
  return new Map(found);
}

/** Removes a local cloud; its engine, which ends some time after its operation, is waited for. */
export async function removeCloud(cloud: string): Promise<void> {
  await ended([...startedFrom(path.join(cloud, "bin")).values()]);
  fs.rmSync(cloud, { recursive: true, force: true, maxRetries: 3 });
}
