import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CLOUD_VARIABLE } from "./directory";
import { ended, nodeCommand, runs } from "./processes";

const AGENT = path.join(__dirname, "..", "nodes", "main.ts");

const pidFile = (cloud: string) => path.join(cloud, "agent.pid");

/** The agent of a local cloud, if it runs. */
export function runningAgent(cloud: string): number | undefined {
  if (!fs.existsSync(pidFile(cloud))) return undefined;
  const pid = Number(fs.readFileSync(pidFile(cloud), "utf8"));
  return runs(pid, AGENT) ? pid : undefined;
}

/** Starts the agent, which plays kubelets and storage drivers, unless it runs; it outlives this command. */
export function startAgent(cloud: string): void {
  if (runningAgent(cloud)) return;
  const log = fs.openSync(path.join(cloud, "agent.log"), "a");
  const [node, ...args] = nodeCommand(AGENT);
  const env = { ...process.env, [CLOUD_VARIABLE]: cloud };
  const child = spawn(node!, args, { cwd: cloud, env, detached: true, stdio: ["ignore", log, log] });
  child.unref();
  fs.closeSync(log);
  fs.writeFileSync(pidFile(cloud), String(child.pid));
}

export async function stopAgent(cloud: string): Promise<void> {
  const pid = runningAgent(cloud);
  if (!pid) return;
  process.kill(pid);
  if (!(await ended([pid]))) process.kill(pid, "SIGKILL");
}
