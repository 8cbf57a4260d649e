import { valueAt } from "../../plugins/properties";
import type { Commands, Parameters } from "../cli/command";
import type { AwsRecord } from "../records";
import { destinationOf, replicationAt } from "./replications";
import { endReplication, startReplication } from "./sideEffects";

const byFileSystemId = ({ fileSystemId: id = "", ...properties }: Parameters) => ({ id, properties });

const bySourceFileSystemId = ({ sourceFileSystemId: id = "", ...properties }: Parameters) => ({ id, properties });

const protectionOf = ({ properties }: AwsRecord) => ({
  ReplicationOverwriteProtection: valueAt(properties, "protection.replicationOverwrite"),
});

function shownReplication(record: AwsRecord): object {
  const { fileSystemId: FileSystemId, region: Region } = destinationOf(record);
  return { SourceFileSystemId: record.id, Destinations: [{ Status: "ENABLED", FileSystemId, Region }] };
}

/** https://docs.aws.amazon.com/cli/latest/reference/efs/ */
export const commands: Commands = {
  DescribeFileSystems: {
    required: ["file-system-id"],
    regional: true,
    request: byFileSystemId,
    run: ({ id }, account) => {
      const shown = {
        FileSystemId: id,
        LifeCycleState: "available",
        NumberOfMountTargets: account.where("efs/mountTarget", "fileSystemId", id).length,
        FileSystemProtection: protectionOf(account.find("efs/fileSystem", id)!),
      };
      return { FileSystems: [shown] };
    },
  },
  UpdateFileSystemProtection: {
    required: ["file-system-id", "replication-overwrite-protection"],
    regional: true,
    request: ({ fileSystemId: id = "", region, replicationOverwriteProtection: replicationOverwrite }, account) => {
      const olds = account.find("efs/fileSystem", id)?.properties ?? {};
      return { id, olds, properties: { ...olds, region, protection: { replicationOverwrite } } };
    },
    run: ({ id, properties: { protection } }, account) => {
      const found = account.find("efs/fileSystem", id)!;
      found.properties.protection = protection;
      return protectionOf(found);
    },
  },
  CreateReplicationConfiguration: {
    required: ["source-file-system-id", "destinations"],
    regional: true,
    request: ({ sourceFileSystemId = "", region, destinations = "" }) => {
      const [, there = "", fileSystemId = ""] = /^Region=([\w-]+),FileSystemId=(fs-\w+)$/.exec(destinations) ?? [];
      const destination = { fileSystemId, region: there };
      return { id: sourceFileSystemId, properties: { region, sourceFileSystemId, destination } };
    },
    run: ({ id, properties }, account) => {
      const replication = account.add("efs/replicationConfiguration", id, properties);
      startReplication(replication, account);
      return shownReplication(replication);
    },
  },
  DescribeReplicationConfigurations: {
    required: ["file-system-id"],
    regional: true,
    request: byFileSystemId,
    run: ({ id, properties }, account) => ({
      Replications: [shownReplication(replicationAt(id, properties.region, account)!)],
    }),
  },
  DeleteReplicationConfiguration: {
    required: ["source-file-system-id"],
    optional: ["deletion-mode"],
    regional: true,
    request: ({ deletionMode = "ALL_CONFIGURATIONS", ...parameters }) => {
      if (deletionMode === "ALL_CONFIGURATIONS") return bySourceFileSystemId(parameters);
      throw new Error(`The stand-in doesn't end one side only: ${deletionMode}`);
    },
    run: ({ id }, account) => {
      const replication = account.find("efs/replicationConfiguration", id)!;
      account.remove(replication);
      endReplication(replication, account);
      return undefined;
    },
  },
};
