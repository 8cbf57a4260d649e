import { valueAt } from "../../plugins/properties";
import { type ApiError, type ApiErrors, type ApiRequest, exists, isReferredTo } from "../apiErrors";
import { backedUpResource, missingMetadata, restoreJob } from "./jobs";
import { actionFor, canAct, isAssumable, type Work } from "./roles";
import { isLockedForEver, isOutsideRetention, isTooYoung } from "./vaultLock";

const GUIDE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/";

export const page = (operation: string) => `${GUIDE}API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "InvalidParameterValueException" };

const lifecycle: ApiError = {
  code: "InvalidParameterValueException",
  message: "Lifecycle is wrong: a backup is kept for a day at least, and for 90 days in cold storage",
  page: page("Lifecycle"),
  when: ({ properties }) =>
    (properties.rules as { lifecycle?: { deleteAfter?: number; coldStorageAfter?: number } }[]).some(
      ({ lifecycle: { deleteAfter = Infinity, coldStorageAfter } = {} }) =>
        deleteAfter < 1 || (coldStorageAfter !== undefined && deleteAfter < coldStorageAfter + 90),
    ),
};

/** Fields of AWS's cron, of which one day is `?`; none where it isn't one. */
const cronFields = ({ properties }: ApiRequest): string[] | undefined => {
  const [{ schedule }] = properties.rules as [{ schedule?: string }];
  if (schedule === undefined) return undefined;
  const fields = /^cron\((.+)\)$/.exec(schedule)?.[1]?.split(" ") ?? [];
  return fields.length === 6 && (fields[2] === "?") !== (fields[4] === "?") ? fields : [];
};

const schedule: ApiError[] = [
  {
    code: "InvalidParameterValueException",
    message: "Invalid schedule expression: it is no cron expression of AWS's",
    page: page("BackupRuleInput"),
    when: (request) => cronFields(request)?.length === 0,
  },
  {
    code: "InvalidParameterValueException",
    message: "The interval between backup jobs shouldn't be less than 60 minutes.",
    page: page("BackupRuleInput"),
    when: (request) => /\D/.test(cronFields(request)?.[0] ?? ""),
  },
];

const vaultIsLocked: ApiError = {
  code: "InvalidRequestException",
  message: "Vault Lock configuration of {backupVaultName} cannot be changed or deleted: its lock date has passed",
  when: ({ properties }, account) => isLockedForEver(properties.backupVaultName, account),
};

const accessDenied = (work: Work): ApiError => ({
  code: "AccessDeniedException",
  message: ({ properties: { iamRoleArn, resourceArn } }) =>
    `${String(iamRoleArn)} can't be assumed, or may not do ${actionFor(work, resourceArn)}`,
  when: ({ properties }, account) => !canAct(work, properties, account),
});

export const errors = {
  CreateBackupPlan: [lifecycle, ...schedule],
  CreateBackupSelection: [
    {
      code: "InvalidParameterValueException",
      message: "IAM Role {iamRoleArn} cannot be assumed by AWS Backup",
      when: ({ properties }, account) => !isAssumable(properties.iamRoleArn, account),
    },
  ],
  CreateBackupVault: [
    {
      code: "AlreadyExistsException",
      message: "Backup vault with the same name already exists",
      when: exists("backup/vault", "name"),
    },
  ],
  DeleteBackupPlan: [
    {
      code: "InvalidRequestException",
      message: "Related backup plan selections must be deleted prior to backup plan deletion",
      when: isReferredTo("backup/selection", "planId"),
    },
  ],
  DeleteBackupVault: [
    {
      code: "InvalidRequestException",
      message: "Backup vault cannot be deleted because it contains recovery points",
      when: isReferredTo("backup/recoveryPoint", "backupVaultName"),
    },
  ],
  DescribeBackupVault: [
    {
      // Also to those who may ask: https://github.com/aws/aws-sdk-js/issues/2625
      code: "AccessDeniedException",
      message: "Insufficient privileges to perform this action.",
      when: ({ properties }, account) => account.where("backup/vault", "name", properties.backupVaultName).length === 0,
    },
  ],
  DeleteBackupVaultLockConfiguration: [vaultIsLocked],
  DeleteRecoveryPoint: [
    {
      code: "InvalidRequestException",
      message: "Recovery point {id} is younger than the minimum retention of the Vault Lock of {backupVaultName}",
      page: `${GUIDE}vault-lock.html`,
      when: ({ properties }, account) => isTooYoung(properties, account),
    },
  ],
  DescribeRestoreJob: [
    {
      code: "ResourceNotFoundException",
      message: "There is no job {restoreJobId}",
      when: ({ properties }, account) => !restoreJob(properties.restoreJobId, account),
    },
  ],
  PutBackupVaultLockConfiguration: [
    {
      code: "InvalidParameterValueException",
      message:
        "ChangeableForDays must be at least 3, and MinRetentionDays at least 1 and no more than MaxRetentionDays",
      when: ({ properties: { changeableForDays = 3, minRetentionDays = 1, maxRetentionDays = 36500 } }) =>
        Number(changeableForDays) < 3 ||
        Number(minRetentionDays) < 1 ||
        Number(maxRetentionDays) > 36500 ||
        Number(minRetentionDays) > Number(maxRetentionDays),
    },
    vaultIsLocked,
  ],
  StartBackupJob: [
    {
      code: "ResourceNotFoundException",
      message: "There is no vault {backupVaultName}",
      when: ({ properties }, account) => !account.find("backup/vault", properties.backupVaultName),
    },
    {
      code: "ResourceNotFoundException",
      message: "There is no resource {resourceArn}",
      when: ({ properties }, account) => !backedUpResource(properties.resourceArn, account),
    },
    accessDenied("backUp"),
    {
      code: "InvalidRequestException",
      message: "Retention is outside the minimum and maximum of the Vault Lock of {backupVaultName}",
      page: `${GUIDE}vault-lock.html`,
      when: ({ properties }, account) => isOutsideRetention(properties, account),
    },
  ],
  StartRestoreJob: [
    {
      code: "ResourceNotFoundException",
      message: "No recovery point {id}",
      when: ({ id }, account) => !account.find("backup/recoveryPoint", id),
    },
    accessDenied("restore"),
    {
      code: "InvalidParameterValueException",
      message: "Metadata restores no disk: disks are restored from their snapshots here (mysqlSnapshotId)",
      when: ({ properties }) => properties.resourceType !== "EFS",
    },
    {
      code: "InvalidParameterValueException",
      message: ({ properties }) => `Metadata lacks ${missingMetadata(properties).join(", ")}`,
      when: ({ properties }) => missingMetadata(properties).length > 0,
    },
    {
      code: "InvalidParameterValueException",
      message: "There is no file system {metadata.file-system-id}",
      when: ({ properties }, account) =>
        valueAt(properties, "metadata.newFileSystem") !== "true" &&
        !account.find("efs/fileSystem", valueAt(properties, "metadata.file-system-id")),
    },
  ],
  UpdateBackupPlan: [lifecycle, ...schedule],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
