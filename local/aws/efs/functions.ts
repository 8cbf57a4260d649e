import type { Properties } from "../../plugins/properties";
import type { ProviderFunction } from "../service";
import { call } from "../service";
import { errors, page } from "./apiErrors";

/** The tags and the region that a function answers with. */
const common = ({ region, tagsAll = {} }: Properties) => ({ region, tags: tagsAll });

export const functions: Record<string, ProviderFunction> = {
  "efs/getFileSystem": ({ fileSystemId, region }, config, account) => {
    const properties = { fileSystemId, region: region ?? config.region };
    call({ errors, page }, ["DescribeFileSystems"], { id: String(fileSystemId), properties, olds: {} }, account);
    const found = account.find("efs/fileSystem", fileSystemId)!.properties;
    const { arn, creationToken, encrypted, kmsKeyId, performanceMode, availabilityZoneName = "", protection } = found;
    // AWS names its own key where there is no other.
    const key = kmsKeyId ?? `arn:aws:kms:${String(found.region)}:${config.accountId}:key/aws-elasticfilesystem`;
    return {
      ...{ id: fileSystemId, fileSystemId, arn, creationToken, encrypted, kmsKeyId: key, performanceMode },
      ...{ availabilityZoneName, protections: [protection], throughputMode: found.throughputMode, ...common(found) },
    };
  },
  "efs/getAccessPoint": ({ accessPointId, region }, config, account) => {
    const properties = { accessPointId, region: region ?? config.region };
    call({ errors, page }, ["DescribeAccessPoints"], { id: String(accessPointId), properties, olds: {} }, account);
    const found = account.find("efs/accessPoint", accessPointId)!.properties;
    const { arn, fileSystemId, fileSystemArn, posixUser, rootDirectory } = found;
    const { path, creationInfo } = rootDirectory as Properties;
    return {
      ...{ id: accessPointId, accessPointId, arn, fileSystemId, fileSystemArn, ...common(found) },
      posixUsers: [posixUser].filter(Boolean),
      rootDirectories: [{ path, creationInfos: [creationInfo].filter(Boolean) }],
    };
  },
};
