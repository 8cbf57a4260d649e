import { randomUUID } from "node:crypto";
import type { Account } from "../account";
import type { ApiRequest } from "../apiErrors";
import { type Commands, shorthand } from "../cli/command";
import { hex } from "../records";
import { backedUpResource, isVolumeArn, recordRestoreJob, restoreJob } from "./jobs";
import { expirePoints } from "./lifecycle";

// Jobs are completed at once.

function startBackupJob({ properties }: ApiRequest, account: Account): object {
  const { backupVaultName, resourceArn, iamRoleArn, deleteAfterDays } = properties;
  const isVolume = isVolumeArn(resourceArn);
  const resource = backedUpResource(resourceArn, account)!;
  const [, , , region, owner] = String(resourceArn).split(":");
  const snapshotId = `snap-${hex()}`;
  const recoveryPointArn = isVolume
    ? `arn:aws:ec2:${region}::snapshot/${snapshotId}`
    : `arn:aws:backup:${region}:${owner}:recovery-point:${randomUUID()}`;
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/tags-on-backups.html
  const { tags, size, kmsKeyId } = resource.properties;
  const creationDate = new Date().toISOString();
  const resourceType = isVolume ? "EBS" : "EFS";
  const kept = {
    backupVaultName,
    recoveryPointArn,
    resourceArn,
    resourceType,
    iamRoleArn,
    creationDate,
    deleteAfterDays,
  };
  account.add("backup/recoveryPoint", recoveryPointArn, { ...kept, tags, size }, "COMPLETED");
  if (isVolume) account.add("ebs/snapshot", snapshotId, { volumeId: resource.id, volumeSize: size, tags, kmsKeyId });
  const answer = { BackupJobId: randomUUID(), RecoveryPointArn: recoveryPointArn };
  return { ...answer, CreationDate: creationDate, IsParent: false };
}

function listRecoveryPoints({ properties: asked }: ApiRequest, account: Account): object {
  expirePoints(account);
  const points = account
    .where("backup/recoveryPoint", "backupVaultName", asked.backupVaultName)
    .filter(({ properties }) => !asked.byResourceArn || properties.resourceArn === asked.byResourceArn)
    .filter(({ properties }) => !asked.byResourceType || properties.resourceType === asked.byResourceType);
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

/** Never over what is there: into a directory of its own, in this or a new file system. */
function startRestoreJob({ id: recoveryPointArn, properties }: ApiRequest, account: Account): object {
  const metadata = properties.metadata as Record<string, string>;
  const point = account.find("backup/recoveryPoint", recoveryPointArn)!;
  const existing = account.find("efs/fileSystem", metadata["file-system-id"]);
  const directory = `/aws-backup-restore_${new Date().toISOString().replaceAll(/[:.]/g, "-")}`;
  const isNew = metadata.newFileSystem === "true";
  const id = isNew ? `fs-${hex()}` : metadata["file-system-id"]!;
  const arn = `${String(point.properties.resourceArn).split("/")[0]!}/${id}`;
  if (isNew) {
    const { performanceMode, throughputMode, lifecyclePolicies, region } = existing?.properties ?? {};
    const tags = properties.copySourceTagsToRestoredResource ? point.properties.tags : {};
    account.add("efs/fileSystem", id, {
      ...{ performanceMode, throughputMode, lifecyclePolicies, region, encrypted: true },
      ...{ arn, creationToken: metadata.CreationToken, tags, tagsAll: tags, directory },
    });
  } else existing!.properties.directory = directory;
  const RestoreJobId = randomUUID();
  recordRestoreJob(point, RestoreJobId, arn);
  return { RestoreJobId };
}

/** https://docs.aws.amazon.com/cli/latest/reference/backup/ */
export const commands: Commands = {
  StartBackupJob: {
    required: ["backup-vault-name", "resource-arn", "iam-role-arn"],
    optional: ["lifecycle"],
    request: ({ lifecycle, ...parameters }) => {
      const days = shorthand(lifecycle).DeleteAfterDays;
      return { properties: { ...parameters, deleteAfterDays: days === undefined ? undefined : Number(days) } };
    },
    run: startBackupJob,
  },
  ListRecoveryPointsByBackupVault: {
    required: ["backup-vault-name"],
    optional: ["by-resource-arn", "by-resource-type"],
    run: listRecoveryPoints,
  },
  StartRestoreJob: {
    required: ["recovery-point-arn", "iam-role-arn", "metadata"],
    switches: ["copy-source-tags-to-restored-resource"],
    request: ({ recoveryPointArn: id, metadata, ...parameters }, account) => {
      const { resourceType, resourceArn } = account.find("backup/recoveryPoint", id)?.properties ?? {};
      return { id, properties: { ...parameters, metadata: shorthand(metadata), resourceType, resourceArn } };
    },
    run: startRestoreJob,
  },
  DescribeRestoreJob: {
    required: ["restore-job-id"],
    run: ({ properties: { restoreJobId } }, account) => {
      const { point, createdArn } = restoreJob(restoreJobId, account)!;
      const job = { RestoreJobId: restoreJobId, RecoveryPointArn: point.id };
      return { ...job, Status: "COMPLETED", CreatedResourceArn: createdArn };
    },
  },
};
