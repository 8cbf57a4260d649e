import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CLOUD_VARIABLE } from "./directory";
import { ended, nodeCommand, runs } from "./processes";

/** A program that works for a cloud, and outlives the command that starts it. */
export interface Resident {
  /** Its files in the cloud's directory: NAME.pid, NAME.log. */
  name: string;
  program: string;
  /** What Node.js loads before it. Default: tsx. */
  preload?: string;
}

const pidFile = (cloud: string, { name }: Resident) => path.join(cloud, `${name}.pid`);

/** Where a program is in whichever checkout: another one may have started what works for the cloud (commands/ciBase.ts). */
const inCheckout = ({ program }: Resident) =>
  program.slice(program.lastIndexOf(path.join(path.sep, "local", path.sep)));

/** Its process, if it runs. */
export function runningResident(cloud: string, resident: Resident): number | undefined {
  if (!fs.existsSync(pidFile(cloud, resident))) return undefined;
  const pid = Number(fs.readFileSync(pidFile(cloud, resident), "utf8"));
  return runs(pid, inCheckout(resident)) ? pid : undefined;
}

export function startResident(cloud: string, resident: Resident, ...args: string[]): void {
  const log = fs.openSync(path.join(cloud, `${resident.name}.log`), "a");
  const [node, ...command] = nodeCommand(resident.program, resident.preload);
  const env = { ...process.env, [CLOUD_VARIABLE]: cloud };
  const options = { cwd: cloud, env, detached: true, stdio: ["ignore" as const, log, log] };
  const child = spawn(node!, [...command, ...args], options);
  child.unref();
  fs.closeSync(log);
  fs.writeFileSync(pidFile(cloud, resident), String(child.pid));
}

export async function stopResident(cloud: string, resident: Resident): Promise<void> {
  const pid = runningResident(cloud, resident);
  if (!pid) return;
  process.kill(pid);
  if (!(await ended([pid]))) process.kill(pid, "SIGKILL");
}
