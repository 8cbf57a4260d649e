import { execFile, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

/** What one run took. */
export interface Sample {
  /** From its start to its end. */
  seconds: number;
  /** User's and system's, of the process and of all that it started and waited for. */
  processorSeconds?: number;
  /** The most memory that one of its processes had, in MB. */
  largestMegabytes?: number;
  /** The most memory that its processes had together, in MB; those that outlive it aren't among them. */
  allMegabytes?: number;
  /** How many resources a preview came to. */
  resources?: number;
}

/** How often memory is looked at: what looks takes processor time from what is measured. */
const INTERVAL_IN_MILLISECONDS = 250;

/** Bash tells the processor time of a command's whole tree, which Node doesn't; it is on Linux and macOS. */
const TIMED = `log=$1; shift; TIMEFORMAT='%R %U %S'; time "$@" >"$log" 2>&1`;

/** What runs now and can be ended: a measured command is a process group of its own. */
const running = new Set<number>();

/**
 * Runs a command to its end.
 *
 * @param log where it writes what it prints.
 * @throws Error with what it printed last, where it fails.
 */
export async function measure(command: string[], log: string, cwd: string, env = process.env): Promise<Sample> {
  const options = { cwd, env: { ...env, LC_ALL: "C" }, detached: true };
  const child = spawn("bash", ["-c", TIMED, "bash", log, ...command], {
    ...options,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const pid = child.pid!;
  running.add(pid);
  const memory = new Memory(pid);
  const timer = setInterval(() => void memory.look(), INTERVAL_IN_MILLISECONDS);
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const status = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(timer);
  running.delete(pid);
  const [seconds, user, system] = said.trim().split("\n").pop()!.split(" ").map(Number);
  if (status !== 0 || system === undefined)
    throw new Error(`${command.join(" ")} failed:\n${fs.readFileSync(log, "utf8").trim().slice(-2000)}${said}`);
  return { seconds: seconds!, processorSeconds: user! + system, ...memory.most };
}

/** Ends the commands that are being measured, with what they have started. */
export function endMeasured(): void {
  for (const pid of running) signal(-pid);
}

/** Ends every process that has a directory in its command line, and removes the directory. */
export function endAllIn(directory: string): void {
  endAll((_, command) => command.includes(directory));
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

/** Ends a local cloud with all that works for it, and removes it. */
export function endCloud(checkout: string, name: string): void {
  const cloud = path.join(checkout, ".local", name);
  const files = fs.existsSync(cloud) ? fs.readdirSync(cloud).filter((file) => file.endsWith(".pid")) : [];
  const residents = files.map((file) => Number(fs.readFileSync(path.join(cloud, file), "utf8")));
  // What outlives commands has its program in its command line; its cloud is in its environment.
  endAll((pid, command) => residents.includes(pid) && command.includes(checkout));
  endAllIn(cloud);
}

/** With what they have started, of which not all says for whom it works. */
function endAll(isMeant: (pid: number, command: string) => boolean): void {
  const text = execFileSync("ps", ["-ww", "-axo", "pid=,ppid=,args="], { encoding: "utf8" });
  const rows = text.split("\n").map((line) => [line.trim().split(/ +/).map(Number), line] as const);
  const meant = rows.filter(([[pid], line]) => isMeant(pid!, line)).map(([[pid]]) => pid!);
  const all = withDescendants(
    meant,
    rows.map(([ids]) => ids),
  );
  for (const pid of all) if (pid !== process.pid) signal(pid);
}

/** Processes, and all that come from them. */
function withDescendants(roots: number[], processes: number[][]): Set<number> {
  const all = new Set(roots);
  for (let size = -1; size < all.size;) {
    size = all.size;
    for (const [pid, parent] of processes) if (all.has(parent!)) all.add(pid!);
  }
  return all;
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The memory of a process and all its descendants, as often as one looks. */
class Memory {
  private readonly peaks = new Map<number, number>();
  private all = 0;
  private isLooking = false;

  constructor(private readonly root: number) {}

  get most(): Pick<Sample, "largestMegabytes" | "allMegabytes"> {
    if (this.all === 0) return {};
    return { largestMegabytes: Math.max(...this.peaks.values()) / 1000, allMegabytes: this.all / 1000 };
  }

  async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const { stdout } = await promisify(execFile)("ps", ["-axo", "pid=,ppid=,rss="]);
    const rows = stdout.split("\n").map((line) => line.trim().split(/ +/).map(Number));
    const within = new Set([this.root]);
    for (let size = 0; size < within.size;) {
      size = within.size;
      for (const [pid, parent] of rows) if (within.has(parent!)) within.add(pid!);
    }
    const own = rows.filter(([pid]) => within.has(pid!));
    const sizes = own.map(([pid, , size]) => [pid!, size!] as const);
    this.all = Math.max(
      this.all,
      sizes.reduce((sum, [, size]) => sum + size, 0),
    );
    for (const [pid, size] of sizes) this.peaks.set(pid, Math.max(this.peaks.get(pid) ?? 0, peakOf(pid) ?? size));
    this.isLooking = false;
  }
}

/** Linux remembers the most that a process ever had, in kB, which a look in between would miss. */
function peakOf(pid: number): number | undefined {
  try {
    const [, peak] = /^VmHWM:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    return undefined; // another system, or it has just ended
  }
}
