import * as pulumi from "@pulumi/pulumi";
import { AWS_EBS_ALIAS, customersDefaultEbsKey } from "../kms/defaultEbsKey";
import { partitionOf } from "../partitions";

/**
 * What a role needs to make, attach and restore disks that a customer's key encrypts; no policy of AWS's holds it.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
 */
export function ebsKeyPolicy(kmsKeyArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "UseTheKey",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"],
        Resource: kmsKeyArn,
      },
      {
        // EC2 attaches the disk, so it is EC2 that the grant goes to: nobody else can be given one.
        Sid: "LetEc2UseIt",
        Effect: "Allow",
        Action: "kms:CreateGrant",
        Resource: kmsKeyArn,
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ],
  });
}

/** {@link ebsKeyPolicy} on the account's default key for EBS, where that is a customer's. */
export const defaultEbsKeyPolicy = (region: pulumi.Input<string>, parent: pulumi.Resource): pulumi.Output<string> =>
  pulumi
    .output(customersDefaultEbsKey(parent))
    .apply((key) => (key === undefined ? unencryptedPolicy(region, "*") : ebsKeyPolicy(key)));

/**
 * What stands in the place of {@link ebsKeyPolicy} where there is no key. A policy needs a statement, so this one lets a
 * role read which key AWS's own for EBS is, and use none. A key's alias is no key to a policy: a condition must name it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
 */
export function unencryptedPolicy(
  region: pulumi.Input<string>,
  accountId: pulumi.Input<string>,
): pulumi.Output<string> {
  const partition = pulumi.output(region).apply(partitionOf);
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "NothingIsEncrypted",
        Effect: "Allow",
        Action: "kms:DescribeKey",
        Resource: pulumi.interpolate`arn:${partition}:kms:${region}:${accountId}:key/*`,
        Condition: { "ForAnyValue:StringEquals": { "kms:ResourceAliases": AWS_EBS_ALIAS } },
      },
    ],
  });
}
