import * as pulumi from "@pulumi/pulumi";
import { findSnapshot } from "../csi/diskKey";
import { DRIVER_TAG, gibOf, validateTag } from "./diskChecks";
import { assertValid } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";

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
      assertValid("Catalog", component, validate(snapshotId, snapshot.tags, snapshot.volumeSize, known(storage)));
    }
    return snapshotId;
  });
}

function validate(
  snapshotId: string,
  tags: Record<string, string>,
  sizeInGib: number,
  storage: string | undefined,
): Violation[] {
  const why = "The driver may read no other";
  const small = {
    argument: "storage",
    expected: `at least ${sizeInGib}Gi, the size of ${snapshotId}`,
    actual: storage,
    fix: "A disk can't be smaller than the snapshot that it is made from.",
  };
  return [
    ...validateTag({ argument: "snapshotId", what: "a snapshot", id: snapshotId, why }, tags, DRIVER_TAG, "true"),
    ...(gibOf(storage) < sizeInGib ? [small] : []),
  ];
}
