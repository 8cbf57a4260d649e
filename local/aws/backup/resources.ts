import { arn, type ResourceTypes } from "../service";

/** `replaces` and the computed outputs as in the AWS provider's schemas (`internal/service/backup`, `efs/backup_policy`). */
export const backup: ResourceTypes = {
  "backup/vault": {
    id: "{name}",
    replaces: "name kmsKeyArn",
    named: "name",
    unique: "name",
    computed: { arn: arn("backup", "backup-vault:{name}"), recoveryPoints: 0 },
  },
  "backup/vaultLockConfiguration": {
    id: "{backupVaultName}",
    replaces: "*",
    untagged: true,
    // PutBackupVaultLockConfiguration: a vault has one lock, and another one takes its place.
    overwrites: true,
    refersTo: "backupVaultName:backup/vault",
    computed: {
      backupVaultArn: arn("backup", "backup-vault:{backupVaultName}"),
      // No output of the provider's: from then on a lock with a grace period can't be changed.
      lockDate: ({ properties }) =>
        properties.changeableForDays === undefined
          ? undefined
          : new Date(Date.now() + Number(properties.changeableForDays) * 86_400_000).toISOString(),
    },
  },
  "backup/plan": { id: "{uuid}", computed: { arn: arn("backup", "backup-plan:{id}"), version: "{uuid}" } },
  /** A backup, which no program makes. */
  "backup/recoveryPoint": { id: "{recoveryPointArn}", untagged: true, refersTo: "backupVaultName:backup/vault" },
  "backup/selection": { id: "{uuid}", replaces: "*", untagged: true, refersTo: "planId:backup/plan" },
  "cloudwatch/metricAlarm": {
    id: "{name}",
    replaces: "name",
    named: "name",
    computed: { arn: arn("cloudwatch", "alarm:{name}") },
  },
  "efs/backupPolicy": {
    id: "{fileSystemId}",
    replaces: "fileSystemId",
    untagged: true,
    refersTo: "fileSystemId:efs/fileSystem",
  },
};
