import type { Properties } from "../../plugins/properties";
import type { Account } from "../account";
import { isAllowed } from "../iam/evaluation";
import { isVolumeArn } from "./jobs";

/** What AWS Backup does as a role, for each kind of resource: with a disk, or with a file system. */
const ACTIONS = {
  backUp: { disk: "ec2:CreateSnapshot", files: "elasticfilesystem:Backup" },
  restore: { disk: "ec2:CreateVolume", files: "elasticfilesystem:Restore" },
  // No action of EFS deletes a backup of files: a role that may make one is taken to be enough.
  delete: { disk: "ec2:DeleteSnapshot", files: "elasticfilesystem:Backup" },
};

export type Work = keyof typeof ACTIONS;

/** The action that AWS Backup needs of a role for a disk or a file system, by its ARN. */
export const actionFor = (work: Work, resourceArn: unknown): string =>
  ACTIONS[work][isVolumeArn(resourceArn) ? "disk" : "files"];

/** Whether AWS Backup may act as a role. */
export function isAssumable(roleArn: unknown, account: Account): boolean {
  const [role] = account.where("iam/role", "arn", roleArn);
  const question = { principal: "backup.amazonaws.com", action: "sts:AssumeRole", resource: String(roleArn) };
  return !!role && isAllowed({ ...question, resourcePolicy: role.properties.assumeRolePolicy }, account);
}

/** Whether AWS Backup may act as the role of a backup, and the role may do the work. */
export function canAct(
  work: Work,
  { iamRoleArn, resourceArn, recoveryPointArn }: Properties,
  account: Account,
): boolean {
  const isSnapshot = work === "delete" && isVolumeArn(resourceArn);
  const resource = String(isSnapshot ? recoveryPointArn : resourceArn);
  return (
    isAssumable(iamRoleArn, account) &&
    isAllowed({ principal: String(iamRoleArn), action: actionFor(work, resourceArn), resource }, account)
  );
}
