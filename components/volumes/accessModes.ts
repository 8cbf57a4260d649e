import type { Violation } from "../checks/violations";

/** How many nodes and pods may use a volume at once: https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes */
export const AccessMode = {
  ReadWriteOnce: "ReadWriteOnce",
  ReadWriteOncePod: "ReadWriteOncePod",
  ReadOnlyMany: "ReadOnlyMany",
  ReadWriteMany: "ReadWriteMany",
} as const;
export type AccessMode = (typeof AccessMode)[keyof typeof AccessMode];
/** Of volumes that several pods share, on EFS and S3. */
export const DEFAULT_ACCESS_MODE: AccessMode = AccessMode.ReadWriteMany;

/** What a volume is on. */
export type VolumeKind = keyof typeof supported;

/**
 * The access modes that each kind's driver takes, for volumes with a file system on them; raw block volumes aren't
 * offered. Each driver's README says so:
 * https://github.com/kubernetes-sigs/aws-efs-csi-driver, https://github.com/kubernetes-sigs/aws-ebs-csi-driver,
 * https://github.com/awslabs/mountpoint-s3-csi-driver.
 */
const supported = {
  efs: [AccessMode.ReadWriteOnce, AccessMode.ReadWriteMany],
  ebs: [AccessMode.ReadWriteOnce, AccessMode.ReadWriteOncePod],
  s3: [AccessMode.ReadWriteMany, AccessMode.ReadOnlyMany],
} as const;

/** Why a kind has no other modes, and what does. */
const reasons: Record<VolumeKind, string> = {
  efs: "EFS is written by one node or by many; for pods that only read, mount the volume with readOnly.",
  ebs: "A disk is attached to one node; what many nodes share is on EFS, or on S3 where whole files are enough.",
  s3: "Mountpoint can't keep a second writer away; what belongs to one pod or node is on EBS, or on EFS.",
};

/** What is wrong with a volume's access mode, before the driver refuses it, or lets pods wait for ever. */
export function validateAccessMode(kind: VolumeKind, mode: AccessMode, argument = "accessMode"): Violation[] {
  const modes: readonly AccessMode[] = supported[kind];
  if (modes.includes(mode)) return [];
  return [{ argument, expected: `${modes.join(" or ")} on ${kind}`, actual: mode, fix: reasons[kind] }];
}

/** What an access mode adds to a claim's name. The default adds nothing: claims that are there keep their names. */
export const accessModeParts = (mode: AccessMode = DEFAULT_ACCESS_MODE): string[] =>
  mode === DEFAULT_ACCESS_MODE ? [] : [mode];
