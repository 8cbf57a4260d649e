import * as pulumi from "@pulumi/pulumi";
import { BACKUP_TAG } from "../backup/backupTag";
import { findVolume } from "../csi/diskKey";
import { DRIVER_TAG, gibOf, tagProblem } from "./diskChecks";
import type { KeptDiskArgs } from "../workloads/mysqlDisk";
import { known, type Problem, refuse } from "../checks/violations";

/**
 * The id of a kept disk that the driver can attach and that the backups select. Otherwise its pod would wait, or, worse,
 * nobody would notice that it is never backed up.
 *
 * @param component The name of the Catalog.
 * @throws pulumi.RunError, at a preview already.
 */
export function usableVolume(
  component: string,
  { keptDisk, storage }: { keptDisk: KeptDiskArgs; storage: pulumi.Input<string> },
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  return pulumi.output(findVolume("volume-id", keptDisk.volumeId, opts)).apply((volume) => {
    refuse("Catalog", component, problems(keptDisk, volume, known(storage)));
    return keptDisk.volumeId;
  });
}

function problems(
  { volumeId, zone, backupTagValue }: KeptDiskArgs,
  volume: { tags: Record<string, string>; size: number; availabilityZone: string } | undefined,
  storage: string | undefined,
): Problem[] {
  const argument = "keptDisk.volumeId";
  if (!volume) {
    const expected = "a disk that EC2 has, in the region and the account of the stack";
    return [{ argument, expected, found: volumeId, mend: "aws ec2 describe-volumes lists them." }];
  }
  const { tags, size, availabilityZone } = volume;
  const elsewhere = {
    argument: "keptDisk.zone",
    expected: `${availabilityZone}, the zone of ${volumeId}`,
    found: zone,
    mend: "A disk can't leave its zone: name that one.",
  };
  // A smaller one grows, as it does whenever more is asked for.
  const large = {
    argument: "storage",
    expected: `at least ${size}Gi, the size of ${volumeId}`,
    found: storage,
    mend: "A disk can't shrink: ask for what it has.",
  };
  const disk = { argument, what: "a disk", id: volumeId };
  const notAttached = { ...disk, why: "The driver may attach no other" };
  const notBackedUp = { ...disk, why: "The backups select by it" };
  return [
    ...tagProblem(notAttached, tags, DRIVER_TAG, "true"),
    ...(backupTagValue === undefined ? [] : tagProblem(notBackedUp, tags, BACKUP_TAG, backupTagValue)),
    ...(zone === availabilityZone ? [] : [elsewhere]),
    ...(gibOf(storage) < size ? [large] : []),
  ];
}
