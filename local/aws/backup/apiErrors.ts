import type { Cloud } from "../account";
import type { Rule, Thing } from "../apiErrors";

export const BACKUP = "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_";
const LOCK = "https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html";

/** A lock under compliance whose grace period is over. */
const isForEver = (lock: { properties: Thing["properties"] } | undefined) =>
  lock?.properties.lockDate !== undefined && new Date(lock.properties.lockDate as string) <= new Date();

const lockOf = (cloud: Cloud, vault: unknown) => cloud.find("backup/vaultLockConfiguration", vault);

/** The retention that a backup was made with, where it lies in a locked vault. */
const isTooEarly = ({ properties }: Thing, cloud: Cloud) => {
  const lock = lockOf(cloud, properties.backupVaultName);
  const days = Number(lock?.properties.minRetentionDays ?? 0);
  return Date.now() < new Date(properties.creationDate as string).getTime() + days * 86_400_000;
};

const isOutside = (days: number | undefined, lock: Thing["properties"]) =>
  (days ?? Infinity) < Number(lock.minRetentionDays ?? 0) ||
  (days ?? Infinity) > Number(lock.maxRetentionDays ?? Infinity);

/** What AWS Backup refuses. */
export const backupRules: Rule[] = [
  {
    on: "delete",
    type: "backup/recoveryPoint",
    error: "InvalidRequestException",
    says: "Recovery point {id} is younger than the minimum retention of the Vault Lock of {backupVaultName}",
    page: LOCK,
    when: isTooEarly,
  },
  {
    on: "create",
    type: "backup/recoveryPoint",
    error: "InvalidRequestException",
    says: "Retention is outside the minimum and maximum of the Vault Lock of {backupVaultName}",
    page: LOCK,
    when: ({ properties }, cloud) => {
      const lock = lockOf(cloud, properties.backupVaultName);
      return lock !== undefined && isOutside(properties.deleteAfterDays as number | undefined, lock.properties);
    },
  },
  {
    on: "create",
    type: "backup/vaultLockConfiguration",
    error: "InvalidParameterValueException",
    says: "ChangeableForDays must be at least 3, and MinRetentionDays at least 1 and no more than MaxRetentionDays",
    page: `${BACKUP}PutBackupVaultLockConfiguration.html`,
    when: ({ properties: { changeableForDays = 3, minRetentionDays = 1, maxRetentionDays = 36500 } }) =>
      Number(changeableForDays) < 3 ||
      Number(minRetentionDays) < 1 ||
      Number(maxRetentionDays) > 36500 ||
      Number(minRetentionDays) > Number(maxRetentionDays),
  },
  ...(["create", "delete"] as const).map((on): Rule => {
    return {
      on,
      type: "backup/vaultLockConfiguration",
      error: "InvalidRequestException",
      says: "Vault Lock configuration of {backupVaultName} cannot be changed or deleted: its lock date has passed",
      page: `${BACKUP}${on === "create" ? "Put" : "Delete"}BackupVaultLockConfiguration.html`,
      when: ({ properties }, cloud) => isForEver(lockOf(cloud, properties.backupVaultName)),
    };
  }),
  ...(["create", "change"] as const).map((on): Rule => {
    return {
      on,
      type: "backup/plan",
      error: "InvalidParameterValueException",
      says: "Lifecycle is wrong: a backup is kept for a day at least, and for 90 days in cold storage",
      page: `${BACKUP}Lifecycle.html`,
      when: ({ properties }) =>
        (properties.rules as { lifecycle?: { deleteAfter?: number; coldStorageAfter?: number } }[]).some(
          ({ lifecycle: { deleteAfter = Infinity, coldStorageAfter } = {} }) =>
            deleteAfter < 1 || (coldStorageAfter !== undefined && deleteAfter < coldStorageAfter + 90),
        ),
    };
  }),
  {
    on: "create",
    type: "backup/selection",
    error: "InvalidParameterValueException",
    says: "IAM Role {iamRoleArn} cannot be assumed by AWS Backup",
    page: `${BACKUP}CreateBackupSelection.html`,
    when: ({ properties }, cloud) => !isAssumable(properties.iamRoleArn, cloud),
  },
];

/** Whether AWS Backup may act as a role. */
export function isAssumable(roleArn: unknown, cloud: Cloud): boolean {
  const role = cloud.all("iam/role").find(({ properties }) => properties.arn === roleArn);
  return String(role?.properties.assumeRolePolicy).includes("backup.amazonaws.com");
}
