import { backup } from "../../../aws/backup";
import type { Properties } from "../../../plugins/properties";
import { type Case, record, testApiErrors } from "../../support/apiErrorCases";
import { daysAgo } from "../../support/awsResources";
import { trust } from "../../support/policies";

const ROLE = "arn:aws:iam::1:role/backup";
const FILES = "arn:aws:elasticfilesystem:eu-west-1:1:file-system/fs-11111111";

const vault = record("backup/vault", "v", { name: "v" });
const lock = (properties: Properties) =>
  record("backup/vaultLockConfiguration", "v", { backupVaultName: "v", ...properties });
const point = (properties: Properties = {}) =>
  record("backup/recoveryPoint", "arn:point", { backupVaultName: "v", creationDate: daysAgo(5), ...properties });
const plan = (lifecycle: Properties, schedule?: string) =>
  record("backup/plan", "plan-1", { rules: [{ lifecycle, schedule }] });
const role = (service: string) =>
  record("iam/role", "backup", { arn: ROLE, assumeRolePolicy: trust(service, "sts:AssumeRole") });
const assumable = role("backup.amazonaws.com");
const attached = (action: string) =>
  record("iam/rolePolicyAttachment", "a", {
    role: "backup",
    policyArn: `arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor${action}`,
  });

const job = (properties: Properties = {}) =>
  record("backup/recoveryPoint", "", {
    ...{ backupVaultName: "v", resourceArn: "arn:aws:ec2:eu-west-1:1:volume/vol-11111111", iamRoleArn: ROLE },
    ...properties,
  });
const volume = record("ebs/volume", "vol-11111111");
const forJob = [vault, volume, assumable, attached("Backup")];

const metadata = {
  ...{ "file-system-id": "fs-11111111", Encrypted: "true", PerformanceMode: "generalPurpose" },
  ...{ CreationToken: "t", newFileSystem: "false" },
};
const restore = (properties: Properties = {}) =>
  record("backup/recoveryPoint", "arn:point", {
    ...{ iamRoleArn: ROLE, resourceType: "EFS", resourceArn: FILES, metadata },
    ...properties,
  });
const forRestore = [point(), record("efs/fileSystem", "fs-11111111"), assumable, attached("Restores")];

testApiErrors("AWS Backup", backup, [
  {
    operation: "DescribeBackupVault",
    request: lock({}),
    refused: /^AccessDeniedException: Insufficient privileges/,
    accepted: { existing: [vault] },
  },
  {
    operation: "CreateBackupVault",
    request: vault,
    existing: [{ ...vault, id: "other" }],
    refused: /^AlreadyExistsException: Backup vault with the same name/,
  },
  {
    operation: "DeleteBackupVault",
    request: vault,
    existing: [point()],
    refused: /^InvalidRequestException: .*contains recovery points/,
  },
  {
    operation: "DeleteBackupPlan",
    request: plan({}),
    existing: [record("backup/selection", "s", { planId: "plan-1" })],
    refused: /^InvalidRequestException: Related backup plan selections/,
  },
  {
    operation: "DeleteRecoveryPoint",
    request: point(),
    existing: [vault, lock({ minRetentionDays: 6 })],
    refused: /^InvalidRequestException: Recovery point arn:point is younger/,
    accepted: { existing: [vault, lock({ minRetentionDays: 4 })] },
  },
  ...[
    { changeableForDays: 2 },
    { minRetentionDays: 0 },
    { maxRetentionDays: 36501 },
    { minRetentionDays: 8, maxRetentionDays: 7 },
  ].map((wrong): Case => {
    return {
      operation: "PutBackupVaultLockConfiguration",
      request: lock(wrong),
      refused: /^InvalidParameterValueException: Ch/,
      accepted: { request: lock({ changeableForDays: 3, minRetentionDays: 1, maxRetentionDays: 36500 }) },
    };
  }),
  ...["PutBackupVaultLockConfiguration", "DeleteBackupVaultLockConfiguration"].map((operation): Case => {
    return {
      operation,
      request: lock({}),
      existing: [vault, lock({ lockDate: daysAgo(1) })],
      refused: /^InvalidRequestException: Vault Lock configuration of v cannot be changed or deleted/,
      accepted: { existing: [vault, lock({ lockDate: daysAgo(-1) })] },
    };
  }),
  ...["CreateBackupPlan", "UpdateBackupPlan"].flatMap((operation) =>
    [{ deleteAfter: 0 }, { deleteAfter: 119, coldStorageAfter: 30 }].map((wrong): Case => {
      const refused = /^InvalidParameterValueException: Lifecycle/;
      const accepted = { request: plan({ deleteAfter: 120, coldStorageAfter: 30 }) };
      return { operation, request: plan(wrong), refused, accepted };
    }),
  ),
  ...["CreateBackupPlan", "UpdateBackupPlan"].flatMap((operation) =>
    (
      [
        ["cron(0 2 * * *)", /^InvalidParameterValueException: Invalid schedule expression/],
        ["cron(0 2 * * * *)", /^InvalidParameterValueException: Invalid schedule expression/],
        ["rate(1 day)", /^InvalidParameterValueException: Invalid schedule expression/],
        ["cron(0/30 2 * * ? *)", /The interval between backup jobs shouldn't be less than 60 minutes/],
        ["cron(* 2 ? * MON *)", /The interval between backup jobs shouldn't be less than 60 minutes/],
      ] as const
    ).map(([schedule, refused]): Case => {
      return { operation, request: plan({}, schedule), refused, accepted: { request: plan({}, "cron(5 * ? * * *)") } };
    }),
  ),
  {
    operation: "CreateBackupSelection",
    request: record("backup/selection", "s", { planId: "plan-1", iamRoleArn: ROLE }),
    existing: [plan({}), role("ec2.amazonaws.com")],
    refused: /^InvalidParameterValueException: IAM Role \S+\/backup cannot be assumed by AWS Backup/,
    accepted: { existing: [assumable] },
  },

  {
    operation: "StartBackupJob",
    request: job({ backupVaultName: "w" }),
    existing: forJob,
    refused: /^ResourceNotFoundException: There is no vault w/,
    accepted: { request: job() },
  },
  {
    operation: "StartBackupJob",
    request: job({ resourceArn: "arn:aws:ec2:eu-west-1:1:volume/vol-22222222" }),
    existing: forJob,
    refused: /^ResourceNotFoundException: There is no resource \S+\/vol-22222222/,
    accepted: { request: job() },
  },
  ...[[vault, volume, role("ec2.amazonaws.com"), attached("Backup")], forJob.slice(0, 3)].map((existing): Case => {
    const refused = /^AccessDeniedException: \S+ can't be assumed, or may not do ec2:CreateSnapshot/;
    return { operation: "StartBackupJob", request: job(), existing, refused, accepted: { existing: forJob } };
  }),
  ...[{ deleteAfterDays: 6 }, { deleteAfterDays: 366 }, {}].map((retention): Case => {
    return {
      operation: "StartBackupJob",
      request: job(retention),
      existing: [...forJob, lock({ minRetentionDays: 7, maxRetentionDays: 365 })],
      refused: /^InvalidRequestException: Retention is outside the minimum and maximum of the Vault Lock of v/,
      accepted: { request: job({ deleteAfterDays: 7 }) },
    };
  }),

  {
    operation: "StartRestoreJob",
    request: { ...restore(), id: "arn:x" },
    existing: forRestore,
    refused: /^ResourceNotFoundException: No recovery point arn:x/,
    accepted: { request: restore() },
  },
  {
    operation: "StartRestoreJob",
    request: restore(),
    existing: forRestore.slice(0, 3),
    refused: /^AccessDeniedException: \S+ can't be assumed, or may not do elasticfilesystem:Restore/,
    accepted: { existing: forRestore },
  },
  {
    operation: "StartRestoreJob",
    request: restore({ resourceType: "EBS" }),
    existing: forRestore,
    refused: /^InvalidParameterValueException: .*disks are restored from their snapshots/,
    accepted: { request: restore() },
  },
  {
    operation: "StartRestoreJob",
    request: restore({ metadata: { "file-system-id": "fs-11111111", newFileSystem: "true" } }),
    existing: forRestore,
    refused: /^InvalidParameterValueException: Metadata lacks Encrypted, PerformanceMode, CreationToken\n/,
    accepted: { request: restore() },
  },
  {
    operation: "StartRestoreJob",
    request: restore({ metadata: { ...metadata, "file-system-id": "fs-22222222" } }),
    existing: forRestore,
    refused: /^InvalidParameterValueException: There is no file system fs-22222222/,
    accepted: { request: restore() },
  },
  {
    operation: "DescribeRestoreJob",
    request: record("backup/recoveryPoint", "", { restoreJobId: "j" }),
    existing: [point()],
    refused: /^ResourceNotFoundException: There is no job j/,
    accepted: { existing: [point({ restoreJobs: { j: "arn" } })] },
  },
]);
