import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateFileSystemCommand, EFSClient } from "@aws-sdk/client-efs";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { Owner } from "../../audit/findings";
import { plantClusters, plantInterfaces, plantLoadBalancers, plantNetworks } from "./plantedNetwork";
import {
  plantBuckets,
  plantDisks,
  plantFileSystems,
  plantKeys,
  plantLogs,
  plantRecord,
  plantVaults,
} from "./plantedStorage";
import { list, NAME, ofKey, own, type Planter, theirs } from "./planter";

const { Stack } = Owner;

/** Of every kind something of the stack's, and beside it something that looks like it and is others'. */
export async function plantAll(planter: Planter): Promise<void> {
  const { vpc, subnet, otherVpc, otherSubnet } = await plantNetworks(planter);
  const { fileSystem, theirFileSystem, keptFileSystem } = await plantFileSystems(planter);
  await plantInterfaces(planter, vpc, subnet, otherVpc, otherSubnet, fileSystem, theirFileSystem);
  const { keptDisk, backedUp } = await plantDisks(planter);
  await plantLoadBalancers(planter, subnet, otherSubnet);
  await plantClusters(planter, subnet, otherSubnet);
  await plantLogs(planter);
  await plantKeys(planter);
  await plantBuckets(planter);
  await plantVaults(planter, backedUp, fileSystem, theirFileSystem);
  await plantRecord(planter, { adoptFileSystemId: keptFileSystem, adoptBackupVault: "kept-vault" }, keptDisk);
}

/** In a copy's region: a file system and its key, and others'. */
export async function plantCopy(planter: Planter, region: string): Promise<void> {
  const files = new EFSClient(planter.settings(region));
  const keys = new KMSClient(planter.settings(region));
  for (const tags of [own, theirs]) {
    const { FileSystemId } = await files.send(new CreateFileSystemCommand({ Tags: list(tags) }));
    const { KeyMetadata } = await keys.send(new CreateKeyCommand({ Tags: ofKey(tags) }));
    if (tags === theirs) continue;
    planter.expect(Stack, "file system", FileSystemId);
    planter.expect(Stack, "key", KeyMetadata?.KeyId);
  }
}

/** More than a page of what moto gives in pages itself. */
export async function plantPages(planter: Planter): Promise<void> {
  const files = new EFSClient(planter.settings());
  for (let count = 0; count < 12; count++) await files.send(new CreateFileSystemCommand({ Tags: list(theirs) }));
  const { FileSystemId } = await files.send(new CreateFileSystemCommand({ Tags: list(own) }));
  planter.expect(Stack, "file system", FileSystemId);
  const logs = new CloudWatchLogsClient(planter.settings());
  for (let count = 0; count < 60; count++) {
    const logGroupName = `/aws/vpc/${NAME}/page-${count}`;
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    planter.expect(Stack, "log group", logGroupName);
  }
}
