import type { Account } from "../account";
import type { AwsRecord } from "../records";
import { call } from "../service";
import { errors, page } from "./apiErrors";
import { deletePoint } from "./lifecycle";

/** What `forceDestroy` does: it deletes the recovery points. A disk's is a snapshot. */
export function emptyVault(vault: AwsRecord, account: Account): void {
  if (!vault.properties.forceDestroy) return;
  for (const point of account.where("backup/recoveryPoint", "backupVaultName", vault.id)) {
    call({ errors, page }, ["DeleteRecoveryPoint"], { ...point, olds: {} }, account);
    deletePoint(point, account);
  }
}
