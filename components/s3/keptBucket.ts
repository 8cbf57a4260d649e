import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { missing, other } from "../retention/kept";

/** Why a bucket can't be adopted; of somebody else's AWS says no more than that it is forbidden. */
export async function lookAtBucket(argument: string, bucket: string, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  try {
    const { bucketRegion, region } = await aws.s3.getBucket({ bucket }, opts);
    const differs = other(argument, bucket, "A bucket can't leave its region.");
    return differs(`a bucket in ${region}`, bucketRegion, region);
  } catch (error) {
    return [missing(argument, "a bucket", bucket, undefined, error)];
  }
}
