import { Cloud } from "../aws/cloud";
import { at } from "../aws/model";
import { type AwsRecord, changeRecords, readRecords, token } from "../aws/records";
import { refusal } from "../aws/rules";
import type { Commands } from "./command";

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

const optional = ["region", "output"];

/** https://docs.aws.amazon.com/cli/latest/reference/efs/ */
export const efsCommands: Commands = {
  "efs describe-file-systems": { required: ["file-system-id"], optional, run: describe },
  "efs update-file-system-protection": {
    required: ["file-system-id", "replication-overwrite-protection"],
    optional,
    run: protect,
  },
};
