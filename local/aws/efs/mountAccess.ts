import type { Account } from "../account";
import { rolesOf } from "../eks/podIdentity";
import { isAllowed } from "../iam/evaluation";

/** How a node mounts a file system. */
export interface Mount {
  fileSystem: string;
  accessPoint?: string;
  /** The mount option `iam`: the client signs as the role of the driver's node pods, instead of being anonymous. */
  iam: boolean;
  encrypted: boolean;
}

/**
 * Whether EFS lets a client mount. A file system without a policy is open to every client that reaches it; one with a
 * policy to those that the policy or the client's role allows.
 * https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function mayMount({ fileSystem, accessPoint, iam, encrypted }: Mount, account: Account): boolean {
  const [policy] = account.where("efs/fileSystemPolicy", "fileSystemId", fileSystem);
  if (!policy) return true;
  const [role] = iam ? rolesOf("efs-csi-node-sa", account) : [];
  if (iam && !role) return false;
  const pointArn = account.find("efs/accessPoint", accessPoint)?.properties.arn as string | undefined;
  return isAllowed(
    {
      principal: role && String(role.properties.arn),
      action: "elasticfilesystem:ClientMount",
      resource: String(account.find("efs/fileSystem", fileSystem)?.properties.arn),
      resourcePolicy: policy.properties.policy,
      context: {
        "aws:SecureTransport": String(encrypted),
        "elasticfilesystem:AccessedViaMountTarget": "true",
        ...(pointArn && { "elasticfilesystem:AccessPointArn": pointArn }),
      },
    },
    account,
  );
}
