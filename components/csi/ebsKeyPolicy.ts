import * as pulumi from "@pulumi/pulumi";

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
