import { topicProblems } from "../../components/monitoring/alarms";
import { backupLockProblems, keptVaultProblems } from "../../components/backup/backupLock";
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
    title: "Alarms go to a standard SNS topic of the region.",
    reads: ["alarmTopicArn", "region"],
    check: ({ alarmTopicArn, region }) => {
      if (alarmTopicArn === undefined) return false;
      const problems = topicProblems("alarmTopicArn", alarmTopicArn);
      if (problems.length > 0) return problems;
      // CloudWatch answers ValidationError: https://github.com/cds-snc/notification-terraform/pull/128
      return (
        alarmTopicArn.split(":")[3] !== region && {
          expected: `a topic in ${region}`,
          mend: "CloudWatch refuses a topic of another region; its subscriptions may go to other regions.",
        }
      );
    },
  }),
  rule({
    id: "disk-alarm",
    key: "containerInsightsVersion",
    title: "Disks are watched by a Container Insights that tells how full they are, for alarms that somebody gets.",
    reads: ["containerInsightsVersion", "alarmTopicArn"],
    check: ({ containerInsightsVersion: version, alarmTopicArn }) => {
      if (version === undefined) return false;
      const [major = 0, minor = 0] = version.slice(1).split(".").map(Number);
      if (major < 6 || (major === 6 && minor < 2)) {
        return {
          expected: "v6.2.0 or later",
          mend: "Earlier ones don't send what file systems hold: aws eks describe-addon-versions lists them.",
        };
      }
      return (
        alarmTopicArn === undefined && {
          expected: "left out, or alarmTopicArn given",
          mend: "It is there for an alarm on disks, and without a topic there are no alarms.",
        }
      );
    },
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
