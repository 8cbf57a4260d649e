import { randomUUID } from "node:crypto";
import { isAssumable } from "./apiErrors";
import { Cloud } from "../account";
import { type AwsRecord, changeRecords, hex, readRecords, token } from "../records";
import { refusal } from "../apiErrors";
import type { Commands } from "../cli/command";

// What AWS Backup does when somebody asks it to. Jobs are done at once: nobody waits for a backup here.

const REFERENCE = "https://docs.aws.amazon.com/aws-backup/latest/devguide/API_";

class Refusal extends Error {
  constructor(error: string, operation: string, says: string) {
    super(
      `An error occurred (${error}) when calling the ${operation} operation: ${says}\n${REFERENCE}${operation}.html`,
    );
  }
}

const find = (records: AwsRecord[], type: string, id: string) =>
  records.find((record) => record.type === token(type) && record.id === id);

/** The last part of an ARN: `volume/vol-1` -> `vol-1`. */
const idOf = (arn: string) => arn.split(/[:/]/).pop()!;

/** `a=1,b=2`, as the CLI's shorthand has it. */
const pairs = (shorthand: string): Record<string, string> =>
  Object.fromEntries(shorthand.split(",").map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]));

function mayAct(operation: string, roleArn: string, policy: string, records: AwsRecord[]): void {
  const cloud = new Cloud(records, "");
  const isAttached = cloud
    .all("iam/rolePolicyAttachment")
    .some(({ properties }) => properties.role === idOf(roleArn) && String(properties.policyArn).endsWith(policy));
  if (isAssumable(roleArn, cloud) && isAttached) return;
  throw new Refusal("AccessDeniedException", operation, `${roleArn} can't be assumed, or lacks ${policy}`);
}

function startBackupJob(flags: Record<string, string>): object {
  const { "backup-vault-name": vault = "", "resource-arn": resourceArn = "", "iam-role-arn": role = "" } = flags;
  return changeRecords((records) => {
    const isDisk = resourceArn.includes(":volume/");
    const resource = find(records, isDisk ? "ebs/volume" : "efs/fileSystem", idOf(resourceArn));
    const missing = !find(records, "backup/vault", vault) ? `vault ${vault}` : !resource && `resource ${resourceArn}`;
    if (missing) throw new Refusal("ResourceNotFoundException", "StartBackupJob", `There is no ${missing}`);
    mayAct("StartBackupJob", role, "AWSBackupServiceRolePolicyForBackup", records);
    const [, , , region, account] = resourceArn.split(":");
    const snapshotId = `snap-${hex(17)}`;
    const recoveryPointArn = isDisk
      ? `arn:aws:ec2:${region}::snapshot/${snapshotId}`
      : `arn:aws:backup:${region}:${account}:recovery-point:${randomUUID()}`;
    const days = pairs(flags.lifecycle ?? "").DeleteAfterDays;
    const properties = {
      backupVaultName: vault,
      recoveryPointArn,
      resourceArn,
      resourceType: isDisk ? "EBS" : "EFS",
      creationDate: new Date().toISOString(),
      ...(days ? { deleteAfterDays: Number(days) } : {}),
      // https://docs.aws.amazon.com/aws-backup/latest/devguide/tags-on-backups.html
      tags: resource!.properties.tags,
      size: resource!.properties.size,
    };
    const cloud = new Cloud(records, account ?? "");
    const words = refusal("create", "backup/recoveryPoint", { id: recoveryPointArn, properties, olds: {} }, cloud);
    if (words) throw new Error(words);
    records.push({ type: token("backup/recoveryPoint"), id: recoveryPointArn, status: "COMPLETED", properties });
    if (isDisk) {
      const { tags, size: volumeSize } = properties;
      const snapshot = { volumeId: resource!.id, volumeSize, tags, kmsKeyId: resource!.properties.kmsKeyId };
      records.push({ type: token("ebs/snapshot"), id: snapshotId, status: "ACTIVE", properties: snapshot });
    }
    const { creationDate: CreationDate } = properties;
    return { BackupJobId: randomUUID(), RecoveryPointArn: recoveryPointArn, CreationDate, IsParent: false };
  });
}

function listRecoveryPoints(flags: Record<string, string>): object {
  const points = readRecords().filter(({ type, properties }) => {
    const { "by-resource-arn": arn, "by-resource-type": resourceType } = flags;
    return (
      type === token("backup/recoveryPoint") &&
      properties.backupVaultName === flags["backup-vault-name"] &&
      (!arn || properties.resourceArn === arn) &&
      (!resourceType || properties.resourceType === resourceType)
    );
  });
  const shown = points.map(({ id, status, properties }) => ({
    RecoveryPointArn: id,
    BackupVaultName: properties.backupVaultName,
    ResourceArn: properties.resourceArn,
    ResourceType: properties.resourceType,
    CreationDate: properties.creationDate,
    Status: status,
  }));
  return { RecoveryPoints: shown };
}

/** What each kind needs: https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-efs.html */
const METADATA: Record<string, string[]> = {
  EFS: ["file-system-id", "Encrypted", "PerformanceMode", "CreationToken", "newFileSystem"],
};

function startRestoreJob(flags: Record<string, string>): object {
  const { "recovery-point-arn": pointArn = "", "iam-role-arn": role = "" } = flags;
  const metadata = pairs(flags.metadata ?? "");
  return changeRecords((records) => {
    const point = find(records, "backup/recoveryPoint", pointArn)?.properties;
    if (!point) throw new Refusal("ResourceNotFoundException", "StartRestoreJob", `No recovery point ${pointArn}`);
    mayAct("StartRestoreJob", role, "AWSBackupServiceRolePolicyForRestores", records);
    const lacking = METADATA[String(point.resourceType)]?.filter((key) => metadata[key] === undefined);
    if (lacking === undefined || lacking.length > 0) {
      const what = lacking?.join(", ") ?? "disks are restored from their snapshots here: mysqlSnapshotId";
      throw new Refusal("InvalidParameterValueException", "StartRestoreJob", `Metadata lacks ${what}`);
    }
    // Never over what is there: into a directory of its own, in this or a new file system.
    const directory = `/aws-backup-restore_${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
    const old = find(records, "efs/fileSystem", metadata["file-system-id"]!);
    const id = metadata.newFileSystem === "true" ? `fs-${hex(17)}` : metadata["file-system-id"]!;
    const arn = `${String(point.resourceArn).split("/")[0]!}/${id}`;
    if (metadata.newFileSystem === "true") {
      const { performanceMode, throughputMode, lifecyclePolicies, region } = old?.properties ?? {};
      const kept = { performanceMode, throughputMode, lifecyclePolicies, region, encrypted: true };
      const tags = "copy-source-tags-to-restored-resource" in flags ? point.tags : {};
      const properties = { ...kept, arn, creationToken: metadata.CreationToken, tags, tagsAll: tags, directory };
      records.push({ type: token("efs/fileSystem"), id, status: "ACTIVE", properties });
    } else if (old) old.properties.directory = directory;
    else throw new Refusal("InvalidParameterValueException", "StartRestoreJob", `There is no file system ${id}`);
    const jobId = randomUUID();
    point.restoreJobs = { ...(point.restoreJobs as object | undefined), [jobId]: arn };
    return { RestoreJobId: jobId };
  });
}

function describeRestoreJob({ "restore-job-id": jobId = "" }: Record<string, string>): object {
  const jobs = (record: AwsRecord) => record.properties.restoreJobs as Record<string, string> | undefined;
  const point = readRecords().find((record) => jobs(record)?.[jobId]);
  if (!point) throw new Refusal("ResourceNotFoundException", "DescribeRestoreJob", `There is no job ${jobId}`);
  const CreatedResourceArn = jobs(point)?.[jobId];
  return { RestoreJobId: jobId, RecoveryPointArn: point.id, Status: "COMPLETED", CreatedResourceArn };
}

/** https://docs.aws.amazon.com/cli/latest/reference/backup/ */
export const backupCommands: Commands = {
  "backup start-backup-job": {
    required: ["backup-vault-name", "resource-arn", "iam-role-arn"],
    optional: ["lifecycle"],
    run: startBackupJob,
  },
  "backup list-recovery-points-by-backup-vault": {
    required: ["backup-vault-name"],
    optional: ["by-resource-arn", "by-resource-type"],
    run: listRecoveryPoints,
  },
  "backup start-restore-job": {
    required: ["recovery-point-arn", "iam-role-arn", "metadata"],
    switches: ["copy-source-tags-to-restored-resource"],
    run: startRestoreJob,
  },
  "backup describe-restore-job": { required: ["restore-job-id"], run: describeRestoreJob },
};
