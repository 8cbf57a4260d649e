import { validateInsightsVersion } from "../../components/eks/addonVersions";
import { validateTopic } from "../../components/monitoring/topic";
import { validateBackupLock, validateAdoptedVault } from "../../components/backup/backupLock";
import { validateSchedule } from "../../components/backup/backupSchedule";
import { partitionOf } from "../../components/partitions";
import { constraint } from "./constraint";

export const backupConstraints = [
  constraint({
    id: "backup-lock",
    key: "backupLock",
    title:
      "A compliance lock, which nobody can undo, is confirmed, and never set where a destroy must empty the vault.",
    reads: ["backupRetentionInDays", "backupLock", "backupComplianceConfirmation", "retention", "adoptBackupVault"],
    check: (settings) =>
      validateBackupLock(
        {
          retentionInDays: settings.backupRetentionInDays,
          lock: settings.backupLock,
          complianceConfirmation: settings.backupComplianceConfirmation,
          retention: settings.retention,
          adopt: settings.adoptBackupVault !== undefined,
        },
        {
          retentionInDays: "backupRetentionInDays",
          lock: "backupLock",
          complianceConfirmation: "backupComplianceConfirmation",
        },
      ),
  }),
  constraint({
    id: "backup-schedule",
    key: "backupSchedule",
    title: "The backups' schedule is one that AWS takes: six fields, exactly one day `?`, and at most once an hour.",
    reads: ["backupSchedule"],
    check: ({ backupSchedule }) => validateSchedule(backupSchedule, "backupSchedule"),
  }),
  constraint({
    id: "alarm-topic",
    key: "alarmTopicArn",
    title: "Alarms go to a standard SNS topic in the stack's region.",
    reads: ["alarmTopicArn", "region"],
    check: ({ alarmTopicArn, region }) => {
      if (alarmTopicArn === undefined) return false;
      const violations = validateTopic(alarmTopicArn, "alarmTopicArn");
      if (violations.length > 0) return violations;
      // CloudWatch answers ValidationError: https://github.com/cds-snc/notification-terraform/pull/128
      return (
        !alarmTopicArn.startsWith(`arn:${partitionOf(region)}:sns:${region}:`) && {
          expected: `a topic in ${region}`,
          fix: "CloudWatch refuses a topic of another region; its subscribers may be anywhere.",
        }
      );
    },
  }),
  constraint({
    id: "disk-alarm",
    key: "containerInsightsVersion",
    title: "Container Insights reports how full disks are, from v6.2.0 on, for alarms that have a topic.",
    reads: ["containerInsightsVersion", "alarmTopicArn"],
    check: ({ containerInsightsVersion: version, alarmTopicArn }) => {
      if (version === undefined) return false;
      const [older] = validateInsightsVersion(version, "containerInsightsVersion");
      if (older) return older;
      return (
        alarmTopicArn === undefined && {
          expected: "left out unless alarmTopicArn is set",
          fix: "It is installed for the alarms on disks, and without a topic there are no alarms.",
        }
      );
    },
  }),
  constraint({
    id: "adopt-backup-vault",
    key: "adoptBackupKeyId",
    title: "A backup vault is adopted with its key, and the role that deletes its backups with the vault.",
    reads: ["adoptBackupVault", "adoptBackupKeyId", "adoptBackupRole"],
    check: ({ adoptBackupVault, adoptBackupKeyId, adoptBackupRole }) =>
      validateAdoptedVault(adoptBackupVault !== undefined, adoptBackupKeyId, adoptBackupRole, {
        adopt: "adoptBackupVault",
        adoptKeyId: "adoptBackupKeyId",
        adoptRole: "adoptBackupRole",
      }),
  }),
];
