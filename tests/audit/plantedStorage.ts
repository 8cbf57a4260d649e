import { BackupClient, CreateBackupVaultCommand } from "@aws-sdk/client-backup";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import * as ec2 from "@aws-sdk/client-ec2";
import { CreateAccessPointCommand, CreateFileSystemCommand, EFSClient } from "@aws-sdk/client-efs";
import { CreateKeyCommand, KMSClient, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, PutBucketTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Owner } from "../../audit/findings";
import { list, NAME, ofCluster, ofDisk, ofKey, own, type Planter, REGION, tagged, type Tags, theirs } from "./planter";

const { Driver, Kept, Other, Stack } = Owner;

/** File systems and access points. */
export async function plantFileSystems(planter: Planter) {
  const client = new EFSClient(planter.settings());
  const make = async (tags: Tags, at = client) =>
    (await at.send(new CreateFileSystemCommand({ Tags: list(tags) }))).FileSystemId!;
  const fileSystem = await make({ ...own, Name: NAME });
  planter.expect(Stack, "file system", fileSystem);
  const theirFileSystem = await make(theirs);
  const keptFileSystem = await make({});
  planter.expect(Kept, "file system", keptFileSystem);
  const driver: Tags = { "efs.csi.aws.com/cluster": "true" };
  const point = async (FileSystemId: string, tags: Tags) => {
    const made = await client.send(new CreateAccessPointCommand({ FileSystemId, Tags: list(tags) }));
    return made.AccessPointId;
  };
  planter.expect(Stack, "access point", await point(fileSystem, own));
  planter.expect(Driver, "access point", await point(fileSystem, driver));
  planter.expect(Other, "access point", await point(fileSystem, {}));
  planter.expect(Kept, "access point", await point(keptFileSystem, driver));
  // On a file system that exists.
  planter.expect(Stack, "access point", await point(theirFileSystem, own));
  await point(theirFileSystem, driver);
  await point(theirFileSystem, theirs);
  return { fileSystem, theirFileSystem, keptFileSystem };
}

/** Disks and snapshots. */
export async function plantDisks(planter: Planter) {
  const volume = async (tags: Tags) => {
    const made = await planter.ec2.send(
      new ec2.CreateVolumeCommand({ AvailabilityZone: "eu-west-1a", Size: 1, ...tagged("volume", tags) }),
    );
    return made.VolumeId!;
  };
  const snapshot = async (VolumeId: string, tags: Tags) => {
    const made = await planter.ec2.send(new ec2.CreateSnapshotCommand({ VolumeId, ...tagged("snapshot", tags) }));
    return made.SnapshotId;
  };
  const ours = await volume(ofDisk(NAME));
  planter.expect(Driver, "volume", ours);
  // In a cluster that exists.
  planter.expect(Driver, "volume", await volume({ ...own, ...ofDisk("shop") }));
  planter.expect(Stack, "volume", await volume({ ...own, Name: "a node's" }));
  const kept = await volume({ ...own, ...ofDisk(NAME) });
  planter.expect(Kept, "volume", kept);
  const another = await volume(ofDisk("shop"));
  await volume({});
  await volume(theirs);
  planter.expect(Driver, "snapshot", await snapshot(another, { ...ofCluster(NAME), CSIVolumeSnapshotName: "s" }));
  planter.expect(Other, "snapshot", await snapshot(ours, {}));
  await snapshot(another, ofDisk("shop"));
  // AWS Backup copies a disk's tags to its snapshots; this one is a recovery point, below.
  const backedUp = await snapshot(ours, ofDisk(NAME));
  await snapshot(another, {});
  return { keptDisk: kept, backedUp: backedUp! };
}

/** Log groups. */
export async function plantLogs(planter: Planter) {
  const client = new CloudWatchLogsClient(planter.settings());
  const make = async (logGroupName: string, retentionInDays?: number) => {
    await client.send(new CreateLogGroupCommand({ logGroupName }));
    if (retentionInDays) await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    return logGroupName;
  };
  planter.expect(Kept, "log group", await make(`/aws/eks/${NAME}/cluster`, 30));
  planter.expect(Stack, "log group", await make(`/aws/vpc/${NAME}/1`, 30));
  planter.expect(Driver, "log group", await make(`/aws/containerinsights/${NAME}/performance`));
  for (const name of ["/aws/eks/shop/cluster", `/aws/eks/${NAME}-2/cluster`, "/aws/vpc/shop/1"]) await make(name);
}

/** Keys. */
export async function plantKeys(planter: Planter) {
  const client = new KMSClient(planter.settings());
  const make = async (tags: Tags) => {
    return (await client.send(new CreateKeyCommand({ Tags: ofKey(tags) }))).KeyMetadata!.KeyId!;
  };
  planter.expect(Stack, "key", await make(own));
  const going = await make(own);
  await client.send(new ScheduleKeyDeletionCommand({ KeyId: going, PendingWindowInDays: 7 }));
  planter.expect(Stack, "key", going, " going");
  await make(theirs);
  await make({});
}

/** Buckets. */
export async function plantBuckets(planter: Planter) {
  const client = new S3Client({ ...planter.settings(), forcePathStyle: true });
  const make = async (Bucket: string, tags?: Tags) => {
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }));
    if (tags) await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: list(tags) } }));
    return Bucket;
  };
  planter.expect(Stack, "bucket", await make(`${NAME}-assets-111122223333`));
  planter.expect(Stack, "bucket", await make("images-of-dev", own));
  await make("images-of-prod", theirs);
  await make("invoices");
}

/** Vaults, and what the door says that is in them. */
export async function plantVaults(planter: Planter, backedUp: string, ...fileSystems: string[]) {
  const client = new BackupClient(planter.settings());
  for (const BackupVaultName of [NAME, "kept-vault", "theirs"]) {
    await client.send(new CreateBackupVaultCommand({ BackupVaultName }));
  }
  planter.expect(Stack, "backup vault", NAME);
  planter.expect(Kept, "backup vault", "kept-vault");
  const point = (name: string, of: string) => ({
    RecoveryPointArn: `arn:aws:backup:eu-west-1:111122223333:recovery-point:${name}`,
    ResourceArn: `arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/${of}`,
    ...{ CreationDate: 1795000000, Status: "COMPLETED", BackupSizeInBytes: 3 * 1024 ** 3 },
  });
  const [ours, other] = fileSystems as [string, string];
  const put = (vault: string, owner: Owner | undefined, ...made: ReturnType<typeof point>[]) => {
    (planter.points[vault] ??= []).push(...made);
    if (owner === undefined) return;
    for (const { RecoveryPointArn } of made) planter.expect(owner, "recovery point", RecoveryPointArn);
  };
  put(NAME, Stack, point("1", ours), point("2", "fs-00000000"), point("3", ours));
  put(NAME, Stack, { ...point("", ours), RecoveryPointArn: `arn:aws:ec2:eu-west-1::snapshot/${backedUp}` });
  put("kept-vault", Kept, point("4", "fs-00000000"));
  put("theirs", Other, point("5", ours));
  put("theirs", undefined, point("6", other));
}

/** What retention keeps, as a deployment records it. */
export async function plantRecord(planter: Planter, configuration: Record<string, string>, volumeId: string) {
  const claim = { namespace: "catalog", name: "data", volumeKey: "adoptMysqlVolumeId", zoneKey: "adoptMysqlZone" };
  const kept = { volumeName: "pv", volumeId, zone: "eu-west-1a", reclaimPolicy: "Retain" };
  const Value = JSON.stringify({ retention: "release", configuration, claim, disk: kept });
  await new SSMClient(planter.settings()).send(
    new PutParameterCommand({ Name: `/${NAME}/kept`, Type: "String", Value }),
  );
}
