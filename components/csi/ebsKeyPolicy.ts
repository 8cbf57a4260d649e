import * as pulumi from "@pulumi/pulumi";
import { AWS_EBS_ALIAS, customersDefaultEbsKey } from "../kms/defaultEbsKey";
import { partitionOf } from "../partitions";
import { type OwnResource, ownState } from "../retention/ownState";

/** The statement that names the keys, by which they are found in the state. */
const USE = "UseTheKey";

/**
 * What a role needs to make, attach and restore disks that a customer's key encrypts; no policy of AWS's holds it.
 * https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html#ebs-encryption-permissions
 */
export function ebsKeyPolicy(kmsKeyArn: pulumi.Input<string | string[]>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: USE,
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

/**
 * {@link ebsKeyPolicy} on the account's default key for EBS, where that is a customer's, and on those that were it when the stack
 * was deployed before: disks keep the key that they were made with.
 *
 * @param name of the policy, by which the stack's state is asked for them.
 */
export function defaultEbsKeyPolicy(
  name: string,
  region: pulumi.Input<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const keys = Promise.all([ownState(), customersDefaultEbsKey(parent)]).then(([state, key]) => [
    ...new Set([...keysOf(state, name), ...(key === undefined ? [] : [key])]),
  ]);
  return pulumi
    .output(keys)
    .apply(([key, ...more]) =>
      key === undefined ? unencryptedPolicy(region, "*") : ebsKeyPolicy(more.length > 0 ? [key, ...more] : key),
    );
}

/** The keys that a policy of the stack's names since before this operation. */
function keysOf(state: OwnResource[], name: string): string[] {
  const policy = state.find((it) => it.type === "aws:iam/rolePolicy:RolePolicy" && it.name === name)?.outputs["policy"];
  if (typeof policy !== "string") return [];
  const { Statement } = JSON.parse(policy) as { Statement: { Sid?: string; Resource: string | string[] }[] };
  return Statement.filter(({ Sid }) => Sid === USE).flatMap(({ Resource }) => Resource);
}

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
