import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { findSnapshot } from "../csi/diskKey";
import { DRIVER_TAG, gibOf, validateTag } from "./diskChecks";
import { assertValid } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { differing } from "../retention/adoptable";

/**
 * The id of a snapshot, checked first: the driver must be able to make a disk of that size from it. Otherwise the pod would
 * wait, and only an event of the claim would say why. A snapshot that EC2 no longer has is accepted: the disk may have been
 * made from it long ago.
 *
 * @param component The name of the Catalog.
 * @throws pulumi.RunError, at a preview already, where the driver may not read it or the disk is too small.
 */
export function snapshotHandleOf(
  component: string,
  { snapshotId, storage }: { snapshotId: string; storage: pulumi.Input<string> },
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  return pulumi.output(findSnapshot(snapshotId, opts)).apply((snapshot) => {
    if (snapshot) {
      assertValid("Catalog", component, validate(snapshotId, snapshot, known(storage)));
    }
    return snapshotId;
  });
}

function validate(
  snapshotId: string,
  { tags, volumeSize: sizeInGib, state }: Pick<aws.ebs.GetSnapshotResult, "tags" | "volumeSize" | "state">,
  storage: string | undefined,
): Violation[] {
  const argument = "snapshotId";
  const wait = `EC2 makes no disk from it before: aws ec2 wait snapshot-completed --snapshot-ids ${snapshotId}`;
  const why = "The driver may read no other";
  const small = {
    argument: "storage",
    expected: `at least ${sizeInGib}Gi, the size of ${snapshotId}`,
    actual: storage,
    fix: "A disk can't be smaller than the snapshot that it is made from.",
  };
  return [
    ...differing(argument, snapshotId, wait)("a snapshot that is completed", state, "completed"),
    ...validateTag({ argument, what: "a snapshot", id: snapshotId, why }, tags, DRIVER_TAG, "true"),
    ...(gibOf(storage) < sizeInGib ? [small] : []),
  ];
}
