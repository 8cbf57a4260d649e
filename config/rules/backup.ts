import { topicProblems } from "../../components/alarms";
import { backupLockProblems, keptVaultProblems } from "../../components/backupLock";
import { rule, under } from "../rule";

export const backupRules = [
  rule({
    id: "backup-lock",
    key: "backupLock",
    title: "A lock that nobody can undo is asked for with a word, and never where a destroy has to empty the vault.",
    reads: ["backupRetentionInDays", "backupLock", "backupComplianceConfirmation", "retention", "keptBackupVault"],
    check: (settings) =>
      under(
        { lock: "backupLock", complianceConfirmation: "backupComplianceConfirmation" },
        backupLockProblems({
          retentionInDays: settings.backupRetentionInDays,
          lock: settings.backupLock,
          complianceConfirmation: settings.backupComplianceConfirmation,
          retention: settings.retention,
          takeUp: settings.keptBackupVault !== undefined,
        }),
      ),
  }),
  rule({
    id: "alarm-topic",
    key: "alarmTopicArn",
    title: "Alarms go to a standard SNS topic.",
    reads: ["alarmTopicArn"],
    check: ({ alarmTopicArn }) => (alarmTopicArn === undefined ? [] : topicProblems("alarmTopicArn", alarmTopicArn)),
  }),
  rule({
    id: "kept-backup-vault",
    key: "keptBackupKeyId",
    title: "A backup vault is taken up with its key.",
    reads: ["keptBackupVault", "keptBackupKeyId"],
    check: ({ keptBackupVault, keptBackupKeyId }) =>
      under(
        { keptKeyId: "keptBackupKeyId", takeUp: "keptBackupVault" },
        keptVaultProblems(keptBackupVault !== undefined, keptBackupKeyId),
      ),
  }),
];
