import { type ClaimedDisk, diskOf, policyCommand } from "./claimedDisk";
import type { Claim, ClusterObjects, Volume } from "./clusterObjects";

/** Lets go of a disk: with this tag on it, nobody is told any more that a claim has lost it. */
export const ABANDONED_TAG = "eks-storage:abandoned";

/** What AWS says of a disk. */
export type DiskInAws = "there" | "abandoned" | "gone" | "unknown";

/** A claim, and the configuration keys that adopt its disk. */
export interface HeldClaim {
  namespace: string;
  name: string;
  volumeKey: string;
  zoneKey: string;
  /** The key that adopts the passwords which the disk knows, if there is one. */
  credentialsKey?: string;
}

/** How a claim and the disk that it had came apart. */
export interface LostDisk {
  /** The disk that it had when the stack was last deployed. */
  disk: ClaimedDisk;
  claim: HeldClaim;
  /**
   * - `missing`: there is no claim of that name.
   * - `forgotten`: the stack's state has none, and the cluster can't be asked.
   * - `leaving`: it is deleted, and goes when its pod does.
   * - `waiting`: it has no volume.
   * - `elsewhere`: it has another one.
   */
  state: "missing" | "forgotten" | "leaving" | "waiting" | "elsewhere";
  /** The disk that it has now. */
  now?: ClaimedDisk;
  /** What the cluster calls the phase of the disk's volume; undefined where it has no such volume. */
  phase?: string;
}

/** Whether a claim has lost its disk; `undefined` where it has it, or where the disk waits for it. */
export function lostDisk(disk: ClaimedDisk, claim: HeldClaim, cluster: ClusterObjects): LostDisk | undefined {
  const isOurs = (it: { namespace: string; name: string } | undefined) =>
    it?.name === claim.name && it.namespace === claim.namespace;
  const ofDisk = cluster.volumes.filter(({ spec }) => spec.csi?.volumeHandle === disk.volumeId);
  const present = cluster.claims.find(({ metadata }) => isOurs(metadata));
  const bound = cluster.volumes.filter(({ status, spec }) => status?.phase === "Bound" && isOurs(spec.claimRef));
  const now = present && diskOf(bound, claim);
  // A disk that was adopted has the volume that it was adopted with, and maybe an older one.
  const made = ({ metadata }: Volume) => metadata.creationTimestamp ?? "";
  const volume = ofDisk.sort((one, other) => made(other).localeCompare(made(one)))[0];
  const seen = volume && {
    volumeName: volume.metadata.name,
    reclaimPolicy: volume.spec.persistentVolumeReclaimPolicy,
  };
  const lost = { disk: { ...disk, ...seen }, claim, now, phase: volume?.status?.phase };
  // A volume that is reserved for the claim's name takes the next claim of that name. Without the earlier claim's uid it is
  // about to be Available: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
  if (ofDisk.some(({ spec }) => isOurs(spec.claimRef) && spec.claimRef?.uid === undefined)) return undefined;
  if (!present) return { ...lost, state: "missing" };
  if (now && now.volumeId !== disk.volumeId) return { ...lost, state: "elsewhere" };
  if (isLeaving(present)) return { ...lost, state: "leaving" };
  return now ? undefined : { ...lost, state: "waiting" };
}

export const isLeaving = ({ metadata }: Claim): boolean => metadata.deletionTimestamp !== undefined;

/** The same for a person: what became of both. */
export function lostDiskSummary({ disk, claim, state, now, phase }: LostDisk, inAws: DiskInAws): string {
  const name = `claim ${claim.namespace}/${claim.name}`;
  const { volumeId, volumeName, zone } = disk;
  if (state === "leaving") {
    const keep = policyCommand(volumeName, "Retain");
    return lines(
      `The ${name} was deleted, and goes when its pod stops. Its disk is ${volumeId} in ${zone}.`,
      disk.reclaimPolicy === "Retain" ? `The disk stays, with the data.` : `The disk goes with it. To keep it: ${keep}`,
    );
  }
  const whatItHas = {
    missing: "The claim is gone from the cluster: the next one has a new, empty disk.",
    forgotten:
      "The stack's state has no such claim, and the cluster can't be asked: the next one has a new, empty disk.",
    waiting: "The claim has none: it stays without one, or gets a new, empty one.",
    elsewhere: `The claim has another one, made since: ${now?.volumeId} (volume ${now?.volumeName}).`,
  }[state];
  if (state === "forgotten") {
    const inAwsAlone = {
      there: "The disk is in AWS, with the data.",
      abandoned: "The disk is in AWS, marked as abandoned.",
      unknown: "AWS couldn't be asked for the disk.",
      gone: "The disk is gone from AWS.",
    }[inAws];
    return lines(`The ${name} has lost its disk, ${volumeId} in ${zone}. ${whatItHas}`, inAwsAlone);
  }
  const inCluster = phase === undefined ? `Its volume ${volumeName} is gone` : `Its volume ${volumeName} is ${phase}`;
  const outside = {
    there: "; the disk is in AWS, with the data.",
    abandoned: "; the disk is in AWS, marked as abandoned.",
    unknown: "; AWS couldn't be asked for the disk.",
    gone: phase === undefined ? ", and so is the disk in AWS." : "; the disk is gone from AWS.",
  }[inAws];
  return lines(`The ${name} has lost its disk, ${volumeId} in ${zone}. ${whatItHas}`, inCluster + outside);
}

/** The same, with what there is to do. */
export function lostDiskText(lost: LostDisk, inAws: DiskInAws, configuration: Record<string, string>): string {
  const { disk, claim, state, now } = lost;
  const summary = lostDiskSummary(lost, inAws);
  if (state === "leaving") return lines(summary, `Then follow "A database without its disk" in docs/operations.md.`);
  if (inAws === "gone") {
    const noted = now ? " The next pulumi up remembers the other disk." : "";
    return lines(summary, `docs/restore.md restores a backup.${noted}`);
  }
  const passwords = claim.credentialsKey && configuration[claim.credentialsKey];
  const keys = [
    [claim.volumeKey, disk.volumeId],
    [claim.zoneKey, disk.zone],
    ...(passwords ? [[claim.credentialsKey, passwords]] : []),
  ];
  return lines(
    summary,
    `To get it back, follow "${pageOf(lost)}" in docs/operations.md. The configuration that adopts it:`,
    ...keys.map((pair) => `  pulumi config set ${pair.join(" ")}`),
    `To go on without it: aws ec2 create-tags --resources ${disk.volumeId} --tags Key=${ABANDONED_TAG},Value=true`,
  );
}

/** While the disk has a volume in the cluster, that volume can take the claim again. */
const pageOf = ({ state, phase }: LostDisk) =>
  state === "forgotten" || phase === undefined ? "A database whose volume is gone, too" : "A database without its disk";

const lines = (...all: string[]) => all.join("\n");
