import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/backup */
export const members: Record<string, Members> = {
  "backup/vault": {
    name: "BackupVaultName",
    kmsKeyArn: "EncryptionKeyArn",
    tagsAll: "BackupVaultTags",
    forceDestroy: NOT_SENT,
  },
  "backup/plan": {
    id: "BackupPlanId",
    name: "BackupPlan.BackupPlanName",
    rules: "BackupPlan.Rules",
    "rules.targetVaultName": "TargetBackupVaultName",
    "rules.schedule": "ScheduleExpression",
    "rules.scheduleExpressionTimezone": "ScheduleExpressionTimezone",
    "rules.startWindow": "StartWindowMinutes",
    "rules.completionWindow": "CompletionWindowMinutes",
    "rules.lifecycle.deleteAfter": "DeleteAfterDays",
    "rules.lifecycle.coldStorageAfter": "MoveToColdStorageAfterDays",
    "rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
    "rules.copyActions.lifecycle.deleteAfter": "DeleteAfterDays",
    "rules.copyActions.lifecycle.coldStorageAfter": "MoveToColdStorageAfterDays",
    tagsAll: "BackupPlanTags",
  },
  "backup/selection": {
    planId: "BackupPlanId",
    name: "BackupSelection.SelectionName",
    iamRoleArn: "BackupSelection.IamRoleArn",
    resources: "BackupSelection.Resources",
    notResources: "BackupSelection.NotResources",
    conditions: "BackupSelection.Conditions",
    "conditions.stringEquals.key": "ConditionKey",
    "conditions.stringEquals.value": "ConditionValue",
    "conditions.stringLikes": "StringLike",
    "conditions.stringLikes.key": "ConditionKey",
    "conditions.stringLikes.value": "ConditionValue",
  },
};
