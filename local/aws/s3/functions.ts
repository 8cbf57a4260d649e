import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

export const functions: Record<string, ProviderFunction> = {
  "s3/getBucket": ({ bucket }, { region }, account) => {
    call({ errors, page }, ["HeadBucket"], { id: String(bucket), properties: { bucket }, olds: {} }, account);
    const { arn, region: bucketRegion } = account.find("s3/bucket", bucket)!.properties;
    return { id: bucket, bucket, arn, bucketRegion, region };
  },
};
