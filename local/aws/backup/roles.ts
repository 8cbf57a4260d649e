import type { Account } from "../account";

/** Whether AWS Backup may act as a role. */
export function isAssumable(roleArn: unknown, account: Account): boolean {
  const [role] = account.where("iam/role", "arn", roleArn);
  return String(role?.properties.assumeRolePolicy).includes("backup.amazonaws.com");
}

/** Whether AWS Backup may act as a role, and the role has one of AWS's own policies for it. */
export function canAct(roleArn: unknown, policy: string, account: Account): boolean {
  const role = String(roleArn).split("/").pop();
  const attached = account.where("iam/rolePolicyAttachment", "role", role);
  return (
    isAssumable(roleArn, account) && attached.some(({ properties }) => String(properties.policyArn).endsWith(policy))
  );
}
