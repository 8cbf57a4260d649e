import type { Policy } from "../policy";
import { block } from "./block";
import { bucket } from "./bucket";
import { cluster } from "./cluster";
import { fileSystem } from "./fileSystem";
import { keysAndBackup } from "./keysAndBackup";
import { lifecycle } from "./lifecycle";
import { network } from "./network";
import { podSecurity } from "./podSecurity";
import { volumes } from "./volumes";
import { workloads } from "./workloads";

/** Every policy of the pack, by family. */
export const families: Record<string, Policy[]> = {
  "File system": fileSystem,
  Volumes: volumes,
  Workloads: workloads,
  "Pod security": podSecurity,
  "Block storage": block,
  Bucket: bucket,
  Cluster: cluster,
  Network: network,
  "Keys and backup": keysAndBackup,
  Lifecycle: lifecycle,
};

export const policies: Policy[] = Object.values(families).flat();
