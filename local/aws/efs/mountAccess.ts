import type { Account } from "../account";
import { covers, list, type Statement, statementsOf } from "../iam/policies";

/** How a node mounts a file system. */
export interface Mount {
  fileSystem: string;
  accessPoint?: string;
  /** The mount option `iam`: the client signs as the role of the driver's node pods, instead of being anonymous. */
  iam: boolean;
  encrypted: boolean;
}

/** AWS's own policies that let a role mount: https://docs.aws.amazon.com/efs/latest/ug/security-iam-awsmanpol.html */
const CLIENT_POLICY = /\/AmazonElasticFileSystemClient(FullAccess|ReadWriteAccess|ReadOnlyAccess)$/;

/**
 * Whether EFS lets a client mount. A file system without a policy is open to every client that reaches it; one with a
 * policy to those that the policy or the client's role allows.
 * https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
 */
export function mayMount({ fileSystem, accessPoint, iam, encrypted }: Mount, account: Account): boolean {
  const [policy] = account.where("efs/fileSystemPolicy", "fileSystemId", fileSystem);
  if (!policy) return true;
  const [association] = account.where("eks/podIdentityAssociation", "serviceAccount", "efs-csi-node-sa");
  const role = iam ? String(association?.properties.roleArn) : undefined;
  const isRoleAllowed = account
    .all("iam/rolePolicyAttachment")
    .some(
      ({ properties }) =>
        role?.endsWith(`/${String(properties.role)}`) && CLIENT_POLICY.test(String(properties.policyArn)),
    );

  const context: Record<string, unknown> = {
    "aws:SecureTransport": encrypted,
    "elasticfilesystem:AccessedViaMountTarget": true,
    "elasticfilesystem:AccessPointArn": account.find("efs/accessPoint", accessPoint)?.properties.arn,
  };
  const isMet = (key: string, value: unknown) => String(context[key]) === String(value);
  const statements = statementsOf(policy.properties.policy);
  const has = (effect: Statement["Effect"]) =>
    statements.some(({ Effect, Action, Principal, Condition = {} }) => {
      const principals = typeof Principal === "string" ? [Principal] : list(Principal.AWS);
      return (
        Effect === effect &&
        principals.some((principal) => principal === "*" || principal === role) &&
        list(Action).some((action) => covers(action, "elasticfilesystem:ClientMount")) &&
        Object.values(Condition).every((keys) => Object.entries(keys).every(([key, value]) => isMet(key, value)))
      );
    });
  return !has("Deny") && (has("Allow") || isRoleAllowed);
}
