import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lookUp } from "../checks/lookups";
import { ebsKeyPolicy, unencryptedPolicy } from "./ebsKeyPolicy";

/**
 * A snapshot that a disk is made from, or a disk that is adopted: one of the two. It may be encrypted by another key than
 * the driver's other disks, so the driver's role gets the right to use that key.
 */
export interface DiskSourceArgs {
  /** Id of an EBS snapshot, `snap-…`. Plain. Default: none. */
  snapshotId?: string;
  /** Id of an EBS volume that an earlier stack kept, `vol-…`. Plain. Default: none. */
  volumeId?: string;
  /** The AWS account that the driver is in. */
  accountId: pulumi.Input<string>;
}

/**
 * What a role needs to use the key of a disk's source: of the snapshot, or, when it has expired, of the disk that was made
 * from it and may have its key still.
 * https://docs.aws.amazon.com/ebs/latest/userguide/encryption-examples.html
 */
export function sourceKeyPolicy(
  { snapshotId, volumeId, accountId }: DiskSourceArgs,
  region: pulumi.Input<string>,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const found = pulumi.output(
    snapshotId
      ? findSnapshot(snapshotId, opts).then(async (it) => it ?? (await findVolume("snapshot-id", snapshotId, opts)))
      : findVolume("volume-id", volumeId ?? "", opts),
  );
  return found.apply((it) => (it?.kmsKeyId ? ebsKeyPolicy(it.kmsKeyId) : unencryptedPolicy(region, accountId)));
}

/** The account's snapshot of that id; undefined where EC2 has none. */
export async function findSnapshot(
  snapshotId: string,
  opts: pulumi.InvokeOptions,
): Promise<aws.ebs.GetSnapshotResult | undefined> {
  const filters = [{ name: "snapshot-id", values: [snapshotId] }];
  const what = `The snapshot ${snapshotId}`;
  const right = "ec2:DescribeSnapshots";
  const { ids } = await lookUp(what, right, aws.ebs.getSnapshotIds({ owners: ["self"], filters }, opts));
  if (ids.length === 0) return undefined;
  return lookUp(what, right, aws.ebs.getSnapshot({ owners: ["self"], snapshotIds: ids }, opts));
}

/**
 * A volume by its own id or by its snapshot's; undefined where EC2 has none.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html
 */
export async function findVolume(
  filter: "volume-id" | "snapshot-id",
  id: string,
  opts: pulumi.InvokeOptions,
): Promise<aws.ebs.GetVolumeResult | undefined> {
  const what = `The disk ${filter === "volume-id" ? id : `of the snapshot ${id}`}`;
  const right = "ec2:DescribeVolumes";
  const asked = aws.ebs.getEbsVolumes({ filters: [{ name: filter, values: [id] }] }, opts);
  const { ids } = await lookUp(what, right, asked);
  // Several may have been made from one snapshot: the latest is in use.
  const filters = [{ name: "volume-id", values: ids }];
  return ids.length === 0 ? undefined : lookUp(what, right, aws.ebs.getVolume({ filters, mostRecent: true }, opts));
}
