import type { Account } from "../account";
import { mayPods } from "../eks/podIdentity";
import { isAllowed, type Question } from "../iam/evaluation";

/** A use of a key. */
export type KeyUse = Pick<Question, "action" | "context">;

/**
 * What the EBS driver's controller needs of a customer's key, to create a disk from a snapshot and to attach one. EC2 gets
 * the grant.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
 */
const DISK_USES: KeyUse[] = [
  { action: "kms:Decrypt" },
  { action: "kms:CreateGrant", context: { "kms:GrantIsForAWSResource": "true" } },
];

/** And to make one: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/3010 */
const NEW_DISK_USES: KeyUse[] = [
  ...DISK_USES,
  { action: "kms:DescribeKey" },
  { action: "kms:GenerateDataKeyWithoutPlaintext" },
];

/** Whether the EBS driver's controller may use a key. AWS's own, which has no ARN here, needs no permission. */
export const mayUseKey = (kmsKeyArn: string | undefined, account: Account, uses = DISK_USES): boolean =>
  kmsKeyArn === undefined || mayPodsUseKey("ebs-csi-controller-sa", kmsKeyArn, uses, account);

/** Whether it may make disks with a key. */
export const mayMakeDisks = (kmsKeyArn: string | undefined, account: Account) =>
  mayUseKey(kmsKeyArn, account, NEW_DISK_USES);

/** The service-linked role that starts a node group's instances: its own policy, which is AWS's, has no key. */
const autoScalingRole = ({ id }: Account) =>
  `arn:aws:iam::${id}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;

/**
 * Whether instances of a node group may have disks with a key: by a grant, or by the key's own policy, which names the role.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
export function mayAutoScalingUse(kmsKeyArn: string | undefined, account: Account): boolean {
  if (kmsKeyArn === undefined) return true;
  const principal = autoScalingRole(account);
  const grants = account.where("kms/grant", "keyId", kmsKeyArn).map(({ properties }) => properties);
  const granted = grants.filter(({ granteePrincipal }) => granteePrincipal === principal);
  if (granted.some(({ operations }) => String(operations).split(" ").includes("CreateGrant"))) return true;
  const resourcePolicy = policyOf(kmsKeyArn, account);
  return NEW_DISK_USES.every((use) => isAllowed({ ...use, principal, resource: kmsKeyArn, resourcePolicy }, account));
}

/** Whether pods of a service account may use a key in every one of some ways. */
export const mayPodsUseKey = (serviceAccount: string, kmsKeyArn: string, uses: KeyUse[], account: Account): boolean =>
  uses.every((use) =>
    mayPods(serviceAccount, { ...use, resource: kmsKeyArn, resourcePolicy: policyOf(kmsKeyArn, account) }, account),
  );

/**
 * A key's own policy. That of a key that exists already isn't known here: it is taken to be the one that AWS gives by
 * default, which lets IAM decide. https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function policyOf(kmsKeyArn: string, account: Account): unknown {
  const [key] = account.where("kms/key", "arn", kmsKeyArn);
  const owner = `arn:aws:iam::${kmsKeyArn.split(":")[4]}:root`;
  const byDefault = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: owner }, Action: "kms:*", Resource: "*" }],
  };
  return key?.properties.policy ?? byDefault;
}
