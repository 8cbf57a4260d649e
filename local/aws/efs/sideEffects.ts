import { isDeepStrictEqual } from "node:util";
import { type Properties, valueAt } from "../../plugins/properties";
import { type Account, readAccount } from "../account";
import type { AwsRecord } from "../records";
import { until } from "../until";
import { isThroughputLowered } from "./throughput";

/** While files are copied to a file system, and after that, EFS itself says what may be done with it. */
const setProtection =
  (replicationOverwrite: string) =>
  ({ properties }: AwsRecord, account: Account): void => {
    const destination = account.find("efs/fileSystem", valueAt(properties, "destination.fileSystemId"));
    if (destination) destination.properties.protection = { replicationOverwrite };
  };

export const startReplication = setProtection("REPLICATING");
export const endReplication = setProtection("ENABLED");

/** Notes when the throughput was lowered, and keeps a protection that the engine's state has out of date. */
export function updateFileSystem(record: AwsRecord, olds: Properties, news: Properties): Properties {
  if (isThroughputLowered(olds, news)) record.throughputChangedAt = new Date().toISOString();
  const { protection } = record.properties;
  return protection && isDeepStrictEqual(olds.protection, news.protection) ? { ...news, protection } : news;
}

/** It takes AWS a minute or two, in which the driver deletes the access points of claims that are gone. */
export async function untilClaimsAreGone({ properties: { fileSystemId } }: AwsRecord): Promise<void> {
  const isOfClaim = ({ properties }: AwsRecord) => Object(properties.tags)["efs.csi.aws.com/cluster"] === "true";
  const accessPoints = () => readAccount().where("efs/accessPoint", "fileSystemId", fileSystemId);
  await until(5, () => !accessPoints().some(isOfClaim)).catch(() => {});
}
