import * as pulumi from "@pulumi/pulumi";

/**
 * What Mountpoint needs of a bucket to read, write and delete its objects:
 * https://github.com/awslabs/mountpoint-s3/blob/main/doc/CONFIGURATION.md#iam-permissions
 */
export function mountingPolicy(bucketArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "s3:ListBucket", Resource: bucketArn },
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"],
        Resource: pulumi.interpolate`${bucketArn}/*`,
      },
    ],
  });
}

/** What it needs besides where a customer's key encrypts the objects; S3 asks KMS in its name. */
export function objectKeyPolicy(kmsKeyArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: kmsKeyArn }],
  });
}
