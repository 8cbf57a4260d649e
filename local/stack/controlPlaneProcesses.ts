import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { runningAgent } from "./agent";
import { startedFrom } from "./processes";

/** The name by which kwokctl knows a cloud's control plane. */
export const NAME = "local";

export const workDirectory = (cloud: string) => path.join(cloud, "kwok");

export const clusterDirectory = (cloud: string) => path.join(workDirectory(cloud), "clusters", NAME);

/** Whether something takes connections on a port of this machine. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** A control plane's processes by component, whether or not kwokctl has recorded them. */
export const running = (cloud: string) => startedFrom(path.join(clusterDirectory(cloud), "bin"));

/** The ports of each component, out of kwokctl's own record. */
export function portsOf(cloud: string): [string, number[]][] {
  const record = path.join(clusterDirectory(cloud), "kwok.yaml");
  const text = fs.existsSync(record) ? fs.readFileSync(record, "utf8") : "";
  const blocks = [...text.matchAll(/^ {2}name: (\S+)\n {2}ports:\n((?: {2}- .*\n| {4}.*\n)+)/gm)];
  return blocks.map(([, name, ports]) => [name!, [...ports!.matchAll(/port: (\d+)/g)].map(([, port]) => Number(port))]);
}

/** What a cloud's agent is called in messages. */
const AGENT = "the nodes' agent";

/** What of a control plane doesn't run, by component, and its nodes' agent. */
export function endedOf(cloud: string): string[] {
  const pids = running(cloud);
  const components = portsOf(cloud).map(([component]) => component);
  return [...components.filter((component) => !pids.has(component)), ...(runningAgent(cloud) ? [] : [AGENT])];
}

/** The first component that takes no connections yet; undefined once all do, and before kwokctl has recorded any. */
export async function notListening(cloud: string): Promise<string | undefined> {
  for (const [component, ports] of portsOf(cloud))
    for (const port of ports) if (!(await listens(port))) return component;
  return undefined;
}

/** The last line of a component's log; empty where it has none. */
export function lastWords(cloud: string, component: string): string {
  const file =
    component === AGENT
      ? path.join(cloud, "agent.log")
      : path.join(clusterDirectory(cloud), "logs", `${component}.log`);
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
  return text.trimEnd().split("\n").pop()!;
}
