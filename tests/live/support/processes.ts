import * as fs from "node:fs";
import type { V1Pod } from "@kubernetes/client-node";

/** A process of a pod, as the machine sees it. */
export interface PodProcess {
  pid: number;
  /** The program's name. */
  name: string;
  /** When it was started, in clock ticks after the machine: another process with its id has another time. */
  started: string;
  /** The fields of /proc/PID/status: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html */
  status: Record<string, string>;
  /** Whether its root file system is mounted read-only. */
  hasReadOnlyRoot: boolean;
}

const read = (file: string): string | undefined => {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
};

/** The processes of a pod's containers. */
export function processesOf({ metadata }: V1Pod): PodProcess[] {
  const uid = metadata!.uid!;
  const isOfPod = (pid: string) => read(`/proc/${pid}/cgroup`)?.includes(`pod${uid}`) === true;
  const pids = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name) && isOfPod(name));
  return pids.flatMap((pid) => {
    const [text, mounts, started] = [read(`/proc/${pid}/status`), read(`/proc/${pid}/mounts`), startOf(pid)];
    if (text === undefined || mounts === undefined || started === undefined) return [];
    const status = Object.fromEntries(text.split("\n").map((line) => line.split(":\t") as [string, string]));
    const name = status["Name"]!;
    return name === "pause" || name.startsWith("runc")
      ? []
      : [{ pid: Number(pid), name, started, status, hasReadOnlyRoot: isRootReadOnly(mounts) }];
  });
}

/** The 22nd field; the second is a name in parentheses, which may have some itself. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const startOf = (pid: number | string): string | undefined =>
  read(`/proc/${pid}/stat`)
    ?.replace(/^.*[)] /s, "")
    .split(" ")[19];

/** Sends a process a signal, unless it has ended: its id may be another's by now. */
export function signal({ pid, started }: PodProcess, name: NodeJS.Signals): void {
  if (startOf(pid) !== started) return;
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const isRootReadOnly = (mounts: string): boolean =>
  mounts
    .split("\n")
    .map((line) => line.split(" "))
    .some(([, place, , options]) => place === "/" && options!.split(",").includes("ro"));
