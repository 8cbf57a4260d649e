import type { Account } from "../account";
import { rolesOf } from "../eks/podIdentity";
import { allows, list, statementsOf } from "../iam/policies";

/**
 * Whether the EBS driver's controller may use a customer's key: it must, to create a disk from a snapshot and to attach
 * one. AWS's own key, which has no ARN here, needs no permission.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
 */
export function mayUseKey(kmsKeyArn: string | undefined, account: Account): boolean {
  if (kmsKeyArn === undefined) return true;
  const statements = rolesOf("ebs-csi-controller-sa", account)
    .flatMap((role) => account.where("iam/rolePolicy", "role", role))
    .flatMap(({ properties }) => statementsOf(properties.policy))
    .filter(({ Resource }) => list(Resource).includes(kmsKeyArn));
  return ["kms:Decrypt", "kms:CreateGrant"].every((action) => allows(statements, action, kmsKeyArn));
}
