import type { Rule } from "../rule";
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

/** Every rule of the pack, by family. */
export const families: Record<string, Rule[]> = {
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

export const rules: Rule[] = Object.values(families).flat();
