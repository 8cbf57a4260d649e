import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { differing, notFound } from "../retention/adoptable";

/** Why a bucket can't be adopted. Of another account's bucket AWS says only that access is forbidden. */
export async function validateAdoptableBucket(
  argument: string,
  bucket: string,
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  try {
    const { bucketRegion, region } = await aws.s3.getBucket({ bucket }, opts);
    const differs = differing(argument, bucket, "A bucket can't leave its region.");
    return differs(`a bucket in ${region}`, bucketRegion, region);
  } catch (error) {
    return [notFound(argument, "a bucket", bucket, undefined, error)];
  }
}
