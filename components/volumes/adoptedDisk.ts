import * as pulumi from "@pulumi/pulumi";
import { BACKUP_TAG } from "../backup/backupTag";
import { findVolume } from "../csi/diskKey";
import { DRIVER_TAG, gibOf, validateTag } from "./diskChecks";
import type { AdoptedDiskArgs } from "../workloads/mysqlDisk";
import { assertValid } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";

/**
 * The id of a kept disk that the driver can attach and that the backups select. Otherwise its pod would wait, or, worse,
 * nobody would notice that it is never backed up.
 *
 * @param component The name of the Catalog.
 * @throws pulumi.RunError, at a preview already.
 */
export function adoptedVolumeHandle(
  component: string,
  { adoptDisk, storage }: { adoptDisk: AdoptedDiskArgs; storage: pulumi.Input<string> },
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  return pulumi.output(findVolume("volume-id", adoptDisk.volumeId, opts)).apply((volume) => {
    assertValid("Catalog", component, validate(adoptDisk, volume, known(storage)));
    return adoptDisk.volumeId;
  });
}

function validate(
  { volumeId, zone, backupTagValue }: AdoptedDiskArgs,
  volume: { tags: Record<string, string>; size: number; availabilityZone: string } | undefined,
  storage: string | undefined,
): Violation[] {
  const argument = "adoptDisk.volumeId";
  if (!volume) {
    const expected = "a disk that EC2 has, in the region and the account of the stack";
    return [{ argument, expected, actual: volumeId, fix: "aws ec2 describe-volumes lists them." }];
  }
  const { tags, size, availabilityZone } = volume;
  const elsewhere = {
    argument: "adoptDisk.zone",
    expected: `${availabilityZone}, the zone of ${volumeId}`,
    actual: zone,
    fix: "A disk can't leave its zone: name that one.",
  };
  // A smaller one grows, as it does whenever more is asked for.
  const large = {
    argument: "storage",
    expected: `at least ${size}Gi, the size of ${volumeId}`,
    actual: storage,
    fix: "A disk can't shrink: ask for what it has.",
  };
  const disk = { argument, what: "a disk", id: volumeId };
  const notAttached = { ...disk, why: "The driver may attach no other" };
  const notBackedUp = { ...disk, why: "The backups select by it" };
  return [
    ...validateTag(notAttached, tags, DRIVER_TAG, "true"),
    ...(backupTagValue === undefined ? [] : validateTag(notBackedUp, tags, BACKUP_TAG, backupTagValue)),
    ...(zone === availabilityZone ? [] : [elsewhere]),
    ...(gibOf(storage) < size ? [large] : []),
  ];
}
