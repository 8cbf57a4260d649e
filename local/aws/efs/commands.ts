import { Cloud } from "../account";
import { at } from "../../plugins/aws/resource";
import { type AwsRecord, changeRecords, readRecords, token } from "../records";
import { setProtection } from "./sideEffects";
import { refusal } from "../apiErrors";
import type { Commands } from "../cli/command";

const refused = (error: string, operation: string, says: string) =>
  new Error(`An error occurred (${error}) when calling the ${operation} operation: ${says}`);

type Flags = Record<string, string>;

/** A file system of the region that is asked. */
function fileSystem(operation: string, id: string | undefined, region: string | undefined, records: AwsRecord[]) {
  if (!region) throw new Error("You must specify a region.");
  const isIt = (it: AwsRecord) =>
    it.type === token("efs/fileSystem") && it.id === id && it.properties.region === region;
  const found = records.find(isIt);
  if (!found) throw refused("FileSystemNotFound", operation, `File system '${id}' does not exist.`);
  return found;
}

const protectionOf = ({ properties }: AwsRecord) => ({
  ReplicationOverwriteProtection: at(properties, "protection.replicationOverwrite"),
});

function describe({ "file-system-id": id = "", region }: Flags): object {
  const records = readRecords();
  const found = fileSystem("DescribeFileSystems", id, region, records);
  const shown = {
    FileSystemId: id,
    LifeCycleState: "available",
    NumberOfMountTargets: new Cloud(records, "").users("efs/fileSystem", id, "efs/mountTarget").length,
    FileSystemProtection: protectionOf(found),
  };
  return { FileSystems: [shown] };
}

function protect({ "file-system-id": id, region, "replication-overwrite-protection": replicationOverwrite }: Flags) {
  return changeRecords((records) => {
    const found = fileSystem("UpdateFileSystemProtection", id, region, records);
    const properties = { ...found.properties, protection: { replicationOverwrite } };
    const thing = { id: found.id, olds: found.properties, properties };
    const words = refusal("change", "efs/fileSystem", thing, new Cloud(records, ""));
    if (words) throw new Error(words);
    found.properties = properties;
    return protectionOf(found);
  });
}

const isReplication = ({ type }: AwsRecord) => type === token("efs/replicationConfiguration");

const destinationOf = ({ properties }: AwsRecord) => properties.destination as { fileSystemId: string; region: string };

/** Where it is asked for: the source's region or the destination's. */
function replicationOf(id: string | undefined, operation: string, region: string | undefined, records: AwsRecord[]) {
  const found = records.find((it) => isReplication(it) && [it.id, destinationOf(it).fileSystemId].includes(id ?? ""));
  const regions = found && [found.properties.region, destinationOf(found).region];
  if (!found || !regions?.includes(region)) {
    throw refused("ReplicationNotFound", operation, `There is no replication of ${id} in ${region}`);
  }
  return found;
}

function replicate({ "source-file-system-id": id = "", region, destinations = "" }: Flags): object {
  const [, there = "", fileSystemId = ""] = /^Region=([\w-]+),FileSystemId=(fs-\w+)$/.exec(destinations) ?? [];
  return changeRecords((records) => {
    fileSystem("CreateReplicationConfiguration", id, region, records);
    fileSystem("CreateReplicationConfiguration", fileSystemId, there, records);
    const properties = { region, sourceFileSystemId: id, destination: { fileSystemId, region: there } };
    const type = "efs/replicationConfiguration";
    const words = refusal("create", type, { id, olds: {}, properties }, new Cloud(records, ""));
    if (words) throw new Error(words);
    const made = { type: token(type), id, status: "ACTIVE", properties };
    records.push(made);
    setProtection(properties, "REPLICATING", records);
    return shownReplication(made);
  });
}

const shownReplication = (record: AwsRecord) => {
  const { fileSystemId: FileSystemId, region: Region } = destinationOf(record);
  return { SourceFileSystemId: record.id, Destinations: [{ Status: "ENABLED", FileSystemId, Region }] };
};

function describeReplications({ "file-system-id": id, region }: Flags): object {
  const found = replicationOf(id, "DescribeReplicationConfigurations", region, readRecords());
  return { Replications: [shownReplication(found)] };
}

function endReplication({ "source-file-system-id": id, region, "deletion-mode": mode }: Flags): undefined {
  if (mode && mode !== "ALL_CONFIGURATIONS") throw new Error(`The stand-in doesn't end one side only: ${mode}`);
  changeRecords((records) => {
    const found = replicationOf(id, "DeleteReplicationConfiguration", region, records);
    if (found.id !== id) throw refused("ReplicationNotFound", "DeleteReplicationConfiguration", `${id} is no source`);
    records.splice(records.indexOf(found), 1);
    setProtection(found.properties, "ENABLED", records);
  });
}

const optional = ["region"];

/** https://docs.aws.amazon.com/cli/latest/reference/efs/ */
export const efsCommands: Commands = {
  "efs describe-file-systems": { required: ["file-system-id"], optional, run: describe },
  "efs update-file-system-protection": {
    required: ["file-system-id", "replication-overwrite-protection"],
    optional,
    run: protect,
  },
  "efs create-replication-configuration": {
    required: ["source-file-system-id", "destinations"],
    optional,
    run: replicate,
  },
  "efs describe-replication-configurations": { required: ["file-system-id"], optional, run: describeReplications },
  "efs delete-replication-configuration": {
    required: ["source-file-system-id"],
    optional: [...optional, "deletion-mode"],
    run: endReplication,
  },
};
