import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { differing, lookedAt } from "../retention/adoptable";

/**
 * Why a bucket that is there can't be used. Of another account's bucket S3 says only that access is forbidden, as it does to
 * one who may not list it. https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export function validateBucket(argument: string, bucket: string, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  return lookedAt(
    { argument, what: "a bucket", id: bucket, right: "s3:ListBucket" },
    aws.s3.getBucket({ bucket }, opts),
    ({ bucketRegion, region }) => {
      const differs = differing(argument, bucket, "A bucket can't leave its region.");
      return differs(`a bucket in ${region}`, bucketRegion, region);
    },
  );
}
