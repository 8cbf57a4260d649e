import { valueAt } from "../../plugins/properties";
import type { Account } from "../account";
import type { AwsRecord } from "../records";

export const destinationOf = ({ properties }: AwsRecord) =>
  properties.destination as { fileSystemId: string; region: string };

/** The replication of a file system, its source's or its copy's, as it is seen from either one's region. */
export const replicationAt = (fileSystemId: string, region: unknown, account: Account): AwsRecord | undefined =>
  account
    .all("efs/replicationConfiguration")
    .filter((it) => [it.id, valueAt(it.properties, "destination.fileSystemId")].includes(fileSystemId))
    .find((it) => [it.properties.region, valueAt(it.properties, "destination.region")].includes(region));
