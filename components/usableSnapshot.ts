import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { known, type Problem, refuse } from "./problems";

/** By it the driver's policy tells what is the driver's: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEBSCSIDriverPolicyV2.html */
const DRIVER_TAG = "ebs.csi.aws.com/cluster";

/**
 * The id of a snapshot from which the driver can make a disk of that size. Otherwise only an event of the claim would
 * tell, while the pod waits. One that EC2 no longer has passes: the disk may have been made from it long ago.
 *
 * @param component The name of the Catalog.
 * @throws pulumi.RunError, at a preview already, where the driver may not read it or the disk is too small.
 */
export function usableSnapshot(
  component: string,
  { snapshotId, storage }: { snapshotId: string; storage: pulumi.Input<string> },
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const filters = [{ name: "snapshot-id", values: [snapshotId] }];
  return aws.ebs.getSnapshotIdsOutput({ owners: ["self"], filters }, opts).apply(async ({ ids }) => {
    if (ids.length === 0) return snapshotId;
    const { tags, volumeSize } = await aws.ebs.getSnapshot({ owners: ["self"], snapshotIds: ids }, opts);
    refuse("Catalog", component, problems(snapshotId, tags, volumeSize, known(storage)));
    return snapshotId;
  });
}

function problems(
  snapshotId: string,
  tags: Record<string, string>,
  sizeInGib: number,
  storage: string | undefined,
): Problem[] {
  const unreadable = {
    argument: "snapshotId",
    expected: `a snapshot with the tag ${DRIVER_TAG}=true`,
    found: snapshotId,
    mend: `The driver may read no other: aws ec2 create-tags --resources ${snapshotId} --tags Key=${DRIVER_TAG},Value=true`,
  };
  const small = {
    argument: "storage",
    expected: `at least ${sizeInGib}Gi, the size of ${snapshotId}`,
    found: storage,
    mend: "A disk can't be smaller than the snapshot that it is made from.",
  };
  const [, number, unit] = /^(\d+)(Gi|Ti)$/.exec(storage ?? "") ?? [];
  const isSmall = Number(number) * (unit === "Ti" ? 1024 : 1) < sizeInGib;
  return [...(tags[DRIVER_TAG] === "true" ? [] : [unreadable]), ...(isSmall ? [small] : [])];
}
