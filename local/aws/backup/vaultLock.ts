import type { Properties } from "../../plugins/properties";
import type { Account } from "../account";

// https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html

const lockOf = (vault: unknown, account: Account): Properties | undefined =>
  account.find("backup/vaultLockConfiguration", vault)?.properties;

/** Whether a vault has a lock in compliance mode whose grace period is over. */
export function isLockedForEver(vault: unknown, account: Account): boolean {
  const lockDate = lockOf(vault, account)?.lockDate as string | undefined;
  return lockDate !== undefined && new Date(lockDate) <= new Date();
}

/** Whether a recovery point is younger than the shortest retention of its vault's lock. */
export function isTooYoung({ backupVaultName, creationDate }: Properties, account: Account): boolean {
  const days = Number(lockOf(backupVaultName, account)?.minRetentionDays ?? 0);
  return Date.now() < new Date(creationDate as string).getTime() + days * 86_400_000;
}

/** Whether a recovery point is to be kept for longer or shorter than its vault's lock allows. */
export function isOutsideRetention({ backupVaultName, deleteAfterDays = Infinity }: Properties, account: Account) {
  const lock = lockOf(backupVaultName, account);
  if (!lock) return false;
  const { minRetentionDays = 0, maxRetentionDays = Infinity } = lock;
  return Number(deleteAfterDays) < Number(minRetentionDays) || Number(deleteAfterDays) > Number(maxRetentionDays);
}
