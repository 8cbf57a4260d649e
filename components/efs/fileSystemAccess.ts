import * as pulumi from "@pulumi/pulumi";
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

/**
 * The file system's policy, which answers two questions apart: must clients encrypt, and who may mount. Undefined where
 * EFS's own default is the answer to both.
 *
 * Any policy ends EFS's default of letting every client on the network mount, so `network` grants that again. `roles`
 * grants nothing: a role's own policy is enough. The role can't be named here by its ARN, since AWS refuses a principal
 * that isn't there yet, nor by a condition: for mounts EFS knows the four keys of its own page only, and
 * `aws:PrincipalArn` is none of them. https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function fileSystemPolicy(
  fileSystemArn: pulumi.Input<string>,
  access: MountAccess,
  encryptedTransportOnly: boolean,
): pulumi.Output<string> | undefined {
  const statement = (statement: object) => ({ Principal: { AWS: "*" }, Resource: fileSystemArn, ...statement });
  const encrypted = statement({
    Sid: "RefuseUnencryptedTransport",
    Effect: "Deny",
    Action: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  const everybody = statement({
    Sid: "MountThroughMountTargets",
    Effect: "Allow",
    Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
  });
  const noRoot = statement({ Sid: "RefuseRoot", Effect: "Deny", Action: "elasticfilesystem:ClientRootAccess" });
  if (access === MountAccess.Network && !encryptedTransportOnly) return undefined;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [...(encryptedTransportOnly ? [encrypted] : []), access === MountAccess.Network ? everybody : noRoot],
  });
}
