import * as path from "node:path";
import { runningResident, startResident, stopResident } from "./resident";

const AGENT = { name: "agent", program: path.join(__dirname, "..", "nodes", "main.ts") };

/** The agent of a local cloud, if it runs. */
export const runningAgent = (cloud: string): number | undefined => runningResident(cloud, AGENT);

/** Starts the agent, which plays kubelets and storage drivers, unless it runs. */
export function startAgent(cloud: string): void {
  if (!runningAgent(cloud)) startResident(cloud, AGENT);
}

export const stopAgent = (cloud: string): Promise<void> => stopResident(cloud, AGENT);
