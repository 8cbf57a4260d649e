import { execFileSync } from "node:child_process";
import * as os from "node:os";
import { engineTools } from "../local/tools/toolSets";

/** Where a bench ran. */
export interface Machine {
  processor: string;
  cores: number;
  memoryInGigabytes: number;
  system: string;
  node: string;
  engine: string;
}

/** This machine, as far as figures depend on it. */
export function machine(): Machine {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model ?? os.arch(),
    cores: cpus.length,
    memoryInGigabytes: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    engine: engineTools().version,
  };
}

/** How much else the machine does, in processes that want a core; 0 where the system doesn't tell. */
export const load = (): number => Math.round(os.loadavg()[0]! * 10) / 10;

void execFileSync;
