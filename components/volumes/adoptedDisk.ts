import * as pulumi from "@pulumi/pulumi";
import { BACKUP_TAG } from "../backup/backupTag";
import { findVolume } from "../csi/diskKey";
import { growthOf } from "./diskGrowth";
import { DRIVER_TAG, gibOf, validateTag } from "./diskChecks";
import type { AdoptedDisk, AdoptedDiskArgs } from "../workloads/mysqlDisk";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import type { Adopter } from "../retention/adopter";
import { type OwnResource, ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";

const ARGUMENT = "adoptDisk.volumeId";

/**
 * The disk that the database adopts. It is checked first: the database must have no other disk, the driver must be able to
 * attach this one, and the backups must select it. Otherwise the pod would wait, or the disk would silently never be backed
 * up. Once it is the stack's, it isn't looked at again, and its size is what `storage` says.
 *
 * @param adopter The Catalog.
 * @param name The name of the claim, and of the volume of an adopted disk, as resources.
 * @throws pulumi.RunError, at a preview already.
 */
export function adoptedDisk(
  adopter: Adopter,
  name: string,
  { adoptDisk, storage }: { adoptDisk: AdoptedDiskArgs; storage: pulumi.Input<string> },
): pulumi.Output<AdoptedDisk> {
  const { volumeId } = adoptDisk;
  const state = ownState();
  let size = storage;
  const passed = refuseTogether(adopter, async () => {
    const { claim, handle } = disksOf(adopter, name, await state);
    if (handle === volumeId) return [];
    const expected = handle ? `${handle}, the database's disk` : "left out: the database has a disk already";
    const fix =
      "Adoption never replaces the stack's own disk: put the key back as it was, or adopt the disk in another stack.";
    if (handle !== undefined || claim) return [{ argument: ARGUMENT, expected, actual: volumeId, fix }];
    const volume = await findVolume("volume-id", volumeId, { parent: adopter.component });
    if (volume) size = `${volume.size}Gi`;
    const said = volume && growthOf(`The disk ${volumeId}`, `${volume.size}Gi`, known(storage));
    // Not awaited: the engine takes it when the component is registered, which may wait for this check.
    if (said) void pulumi.log.info(said, adopter.component);
    return validate(adoptDisk, volume, known(storage));
  });
  return pulumi.output(passed.then(() => ({ volumeHandle: volumeId, size })));
}

/**
 * Refuses to leave out what the database's disk came from. The volume of an adopted disk would be deleted while the claim is
 * bound to it. Instead of a restored claim there would be another one, with an empty disk.
 *
 * @param claimName The name of the claim of a new disk.
 * @returns an option of the claim, which isn't made before.
 */
export function diskMustStay(adopter: Adopter, name: string, claimName: string): pulumi.ResourceTransform {
  const state = ownState();
  const passed = refuseTogether(adopter, async () => {
    const {
      claim,
      handle,
      snapshotId = "the snapshot that the disk was made from",
    } = disksOf(adopter, name, await state);
    if (handle !== undefined) {
      const fix = "The database's disk was adopted: set it again, its zone and its passwords too.";
      return [{ argument: ARGUMENT, expected: handle, actual: undefined, fix }];
    }
    const { name: has = claimName } = (claim?.outputs["metadata"] ?? {}) as { name?: string };
    const fix =
      `The database's claim ${has} was made from it. Without it the database gets another, empty disk: set it again. To go ` +
      "back to an earlier disk, take a snapshot of that one and set its id.";
    return has === claimName ? [] : [{ argument: "snapshotId", expected: snapshotId, actual: undefined, fix }];
  });
  return async () => {
    await passed;
    return undefined;
  };
}

/** What the database has: its claim, and the id of the disk that it adopted, or of the snapshot that it restored. */
function disksOf({ type }: Adopter, name: string, state: OwnResource[]) {
  const own = state.filter((it) => it.parentType === type);
  const find = (kind: string) => own.find((it) => it.type === `kubernetes:core/v1:${kind}` && it.name === name);
  const volume = find("PersistentVolume")?.outputs["spec"] as { csi: { volumeHandle: string } } | undefined;
  const content = own.find((it) => it.type.endsWith(":VolumeSnapshotContent"))?.outputs["spec"] as
    { source?: { snapshotHandle?: string } } | undefined;
  return {
    claim: find("PersistentVolumeClaim"),
    handle: volume?.csi.volumeHandle,
    snapshotId: content?.source?.snapshotHandle,
  };
}

function validate(
  { volumeId, zone, backupTagValue }: AdoptedDiskArgs,
  volume: { tags: Record<string, string>; size: number; availabilityZone: string } | undefined,
  storage: string | undefined,
): Violation[] {
  const argument = ARGUMENT;
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
  // A smaller one grows: the claim asks for more than its volume has.
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
