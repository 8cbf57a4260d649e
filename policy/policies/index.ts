import type { Policy } from "../policy";
import { addon } from "./addon";
import { availability } from "./availability";
import { backup } from "./backup";
import { bucket } from "./bucket";
import { cluster } from "./cluster";
import { database } from "./database";
import { deletion } from "./deletion";
import { ebs } from "./ebs";
import { efsAccessPoint } from "./efsAccessPoint";
import { efsFileSystem } from "./efsFileSystem";
import { efsMountTarget } from "./efsMountTarget";
import { efsVolume } from "./efsVolume";
import { key } from "./key";
import { network } from "./network";
import { node } from "./node";
import { podSecurity } from "./podSecurity";
import { podVolume } from "./podVolume";
import { provider } from "./provider";
import { role } from "./role";
import { secret } from "./secret";
import { statefulSet } from "./statefulSet";
import { teardown } from "./teardown";
import { volume } from "./volume";

/** Every policy of the pack, by family. */
export const families: Record<string, Policy[]> = {
  "EFS file systems": efsFileSystem,
  "EFS access points": efsAccessPoint,
  "EFS volumes": efsVolume,
  "EFS mount targets": efsMountTarget,
  EBS: ebs,
  "S3 buckets": bucket,
  "Volumes and claims": volume,
  "Volumes of pods": podVolume,
  StatefulSets: statefulSet,
  Databases: database,
  Availability: availability,
  "Pod security": podSecurity,
  Secrets: secret,
  Cluster: cluster,
  "Add-ons": addon,
  "IAM roles": role,
  Nodes: node,
  Network: network,
  "KMS keys": key,
  Backup: backup,
  "Protection from deletion": deletion,
  "Order of deletion": teardown,
  Providers: provider,
};

export const policies: Policy[] = Object.values(families).flat();
