import { arn, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";
import { emptyVault } from "./sideEffects";

/** `replaces` and the computed outputs as in the AWS provider's schemas (`internal/service/backup`). */
export const resources: ResourceTypes<Operation> = {
  "backup/vault": {
    id: "{name}",
    replaces: "name kmsKeyArn",
    named: "name",
    computed: { arn: arn("backup", "backup-vault:{name}"), recoveryPoints: 0 },
    calls: { create: ["CreateBackupVault"], delete: ["DeleteBackupVault"] },
    sideEffects: { beforeDelete: emptyVault },
  },
  "backup/vaultLockConfiguration": {
    id: "{backupVaultName}",
    replaces: "*",
    untagged: true,
    // PutBackupVaultLockConfiguration: a vault has one lock, and another one takes its place.
    overwrites: true,
    computed: {
      backupVaultArn: arn("backup", "backup-vault:{backupVaultName}"),
      // No output of the provider's: from then on a lock with a grace period can't be changed.
      lockDate: ({ properties }) =>
        properties.changeableForDays === undefined
          ? undefined
          : new Date(Date.now() + Number(properties.changeableForDays) * 86_400_000).toISOString(),
    },
    calls: { create: ["PutBackupVaultLockConfiguration"], delete: ["DeleteBackupVaultLockConfiguration"] },
  },
  "backup/plan": {
    id: "{uuid}",
    computed: { arn: arn("backup", "backup-plan:{id}"), version: "{uuid}" },
    calls: { create: ["CreateBackupPlan"], update: ["UpdateBackupPlan"], delete: ["DeleteBackupPlan"] },
  },
  "backup/selection": {
    id: "{uuid}",
    replaces: "*",
    untagged: true,
    calls: { create: ["CreateBackupSelection"] },
  },
};
