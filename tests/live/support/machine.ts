import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { refusalOf } from "./cgroups";

/** What begins the names of a node's own directory, bridge and cgroups; the process that made it ends them. */
export const PREFIX = "ekslive";

/** Where programs are: Debian has some in directories that aren't on every user's PATH. */
export const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

const environment = { ...process.env, PATH };

/** Runs a program of this machine. @throws Error if it fails, with what it said. */
export const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { env: environment, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });

/** How a program ended. */
export interface Ran {
  /** `null` where there is no such program. */
  status: number | null;
  output: string;
  errors: string;
}

/** A machine that may become a node, as far as it is looked at before. */
export interface Machine {
  platform: string;
  isRoot: boolean;
  /** The directory in which the node's own would be. */
  workspace: string;
  /** How much memory programs may still take, in bytes. */
  memory: number;
  /** A file's text; nothing where it can't be read. */
  read: (file: string) => string | undefined;
  run: (program: string, ...args: string[]) => Ran;
  /** Why a cgroup of that name can't be made; nothing where it can. */
  refusesCgroup: (name: string) => string | undefined;
}

function read(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function ran(program: string, ...args: string[]): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env: environment, encoding: "utf8" });
  return error
    ? { status: null, output: "", errors: error.message }
    : { status, output: stdout, errors: stderr.trim() };
}

/** Linux's estimate, within what this process' cgroup may have. https://man7.org/linux/man-pages/man5/proc_meminfo.5.html */
function memory(): number {
  const [, kibibytes] = /^MemAvailable: +(\d+) kB$/m.exec(read("/proc/meminfo") ?? "") ?? [];
  const available = kibibytes === undefined ? os.freemem() : Number(kibibytes) * 1024;
  return Math.min(available, process.constrainedMemory() || Infinity);
}

/** The machine that this runs on. */
export const thisMachine = (): Machine => ({
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  workspace: os.tmpdir(),
  memory: memory(),
  read,
  run: ran,
  refusesCgroup: refusalOf,
});
