import { AccessMode } from "../volumes/accessModes";

/** Who may mount a file system that they reach over the network. */
export const MountAccess = {
  /** Everybody who reaches a mount target. */
  Network: "network",
  /** Whoever signs the mount (option `iam`) as a role whose own policies allow it, as the EFS driver's nodes do. */
  Roles: "roles",
} as const;
export type MountAccess = (typeof MountAccess)[keyof typeof MountAccess];

/** The option with which a volume's mounts are signed, where they have to be. */
export function mountOptionsOf(access: MountAccess | undefined): string[] | undefined {
  return access === MountAccess.Roles ? ["iam"] : undefined;
}

/**
 * What a file system's name adds to a claim's name. A name that would be read as a mount option or an access mode is
 * marked; all others stand as they are, so that claims that are there keep their names.
 */
export function fileSystemParts(fileSystemName: string | undefined): string[] {
  if (!fileSystemName) return [];
  const others: string[] = [...mountOptionsOf(MountAccess.Roles)!, ...Object.values(AccessMode)];
  return others.includes(fileSystemName) ? ["fileSystemName", fileSystemName] : [fileSystemName];
}
