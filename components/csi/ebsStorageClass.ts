import * as pulumi from "@pulumi/pulumi";
import { BACKUP_TAG } from "../backup/backupTag";
import { csiDrivers } from "./csiDriverData";
import { gp3Parameters, validateGp3 } from "./gp3";
import { assertArguments } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { ReclaimPolicy } from "./reclaimPolicy";
import { storageClass } from "./storageClass";
import { Tagged, validateTags } from "../tags/tagRules";
import { typeTokens } from "../typeTokens";

export interface EbsStorageClassArgs {
  /** The class's name in Kubernetes. Plain. */
  className: string;
  /** What becomes of a volume when its claim is deleted. Plain. Default: `Delete`. */
  reclaimPolicy?: ReclaimPolicy;
  /** Whether claims that name no class get this one; exactly one class of a cluster should. Plain. Default: false. */
  isDefault?: boolean;
  /** Operations a second, 3,000 to 80,000, at most 500 for each GiB of a disk. Plain. Default: 3,000, at no extra cost. */
  iops?: number;
  /** MiB a second, 125 to 2,000, at most a quarter of the IOPS. Plain. Default: 125, at no extra cost. */
  throughputInMibps?: number;
  /** ARN of the KMS key for the disks; the driver must be allowed to use it (`CsiDriver`'s `kmsKeyArn`). Default: the account's default key for EBS. */
  kmsKeyId?: pulumi.Input<string>;
  /**
   * Tags of this class's disks, by name, beside those of the driver; not `eks-storage:backup`, which `backupTagValue` gives.
   * A change makes the class anew. Plain. Default: none.
   */
  tags?: Record<string, string>;
  /**
   * The `tagValue` of the {@link Backups} that back up this class's disks: they get the tag `eks-storage:backup`. Plain.
   * Default: they aren't backed up.
   */
  backupTagValue?: string;
}

/**
 * A class of encrypted gp3 disks that grow on demand and are made in the zone of the first pod that needs them. What it
 * says holds for disks made from then on.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 *
 * Use it for data that one pod at a time writes, such as a database's.
 *
 * @throws pulumi.RunError for IOPS and throughput that gp3 disks don't have, and for tags that AWS or the driver doesn't accept.
 */
export class EbsStorageClass extends pulumi.ComponentResource {
  /** The class's name, for claims. */
  public readonly className: pulumi.Output<string>;

  constructor(name: string, args: EbsStorageClassArgs, opts?: pulumi.ComponentResourceOptions) {
    const { kmsKeyId, backupTagValue } = args;
    const tags = { ...args.tags, ...(backupTagValue === undefined ? {} : { [BACKUP_TAG]: backupTagValue }) };
    assertArguments("EbsStorageClass", name, args, () => [
      ...validateGp3(args),
      ...validateTags(tags, [Tagged.DisksOfClass]),
      ...validateBackupTag(args),
    ]);
    super(typeTokens.EbsStorageClass, name, {}, opts);
    storageClass(
      name,
      args.className,
      args.isDefault ?? false,
      {
        provisioner: csiDrivers.ebs.driverName,
        parameters: {
          type: "gp3",
          encrypted: "true",
          ...(kmsKeyId !== undefined ? { kmsKeyId } : {}),
          ...gp3Parameters(args.iops, args.throughputInMibps),
          "csi.storage.k8s.io/fstype": "ext4",
          ...tagParameters(tags),
        },
        reclaimPolicy: args.reclaimPolicy ?? ReclaimPolicy.Delete,
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      },
      this,
    );
    this.className = pulumi.output(args.className);
    this.registerOutputs({ className: this.className });
  }
}

/** There is one way to have disks backed up. */
function validateBackupTag({ tags = {} }: EbsStorageClassArgs): Violation[] {
  if (!(BACKUP_TAG in tags)) return [];
  const fix = "Give its value as backupTagValue instead: the tagValue of the Backups.";
  return [{ argument: "tags", expected: `without ${BACKUP_TAG}`, actual: tags, fix }];
}

/** Tags as a class's parameters: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md */
function tagParameters(tags: Record<string, string>): Record<string, string> {
  const pairs = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(pairs.map(([key, value], index) => [`tagSpecification_${index + 1}`, `${key}=${value}`]));
}
