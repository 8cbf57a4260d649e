import * as os from "node:os";
import { engineTools } from "../local/tools/toolSets";

/** Where a bench ran: what its figures depend on. */
export function machine() {
  const [{ model } = { model: os.arch() }, ...others] = os.cpus();
  return {
    processor: model,
    cores: others.length + 1,
    memoryInGigabytes: Math.round(os.totalmem() / 1e9),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    engine: engineTools().version,
    /** How many processes wanted a core during the last minute: what else the machine did. */
    load: Number(os.loadavg()[0]!.toFixed(1)),
  };
}
