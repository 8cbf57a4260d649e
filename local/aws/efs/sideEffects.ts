import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../plugins/plugin";
import { at } from "../../plugins/aws/resource";
import { type AwsRecord, token } from "../records";

/** While files are copied to a file system, and after that, EFS itself says what may be done with it. */
export function setProtection(replication: Properties, replicationOverwrite: string, records: AwsRecord[]): void {
  const id = at(replication, "destination.fileSystemId");
  const destination = records.find((record) => record.type === token("efs/fileSystem") && record.id === id);
  if (destination) destination.properties.protection = { replicationOverwrite };
}

/** A file system after a change of other things: what the state says of its protection may be out of date. */
export function keepProtection({ properties }: AwsRecord, olds: Properties, news: Properties): Properties {
  const { protection } = properties;
  return protection && isDeepStrictEqual(olds.protection, news.protection) ? { ...news, protection } : news;
}
