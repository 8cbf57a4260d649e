import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lookUp } from "../checks/lookups";
import { orEnd } from "../retention/refusals";

/** AWS's own key for EBS. https://docs.aws.amazon.com/ebs/latest/userguide/how-ebs-encryption-works.html */
export const AWS_EBS_ALIAS = "alias/aws/ebs";

/** What is found, by the provider that is asked, or else by deployment: one operation looks once. */
const found = new WeakMap<object, Promise<string | undefined>>();

/**
 * ARN of the customer's KMS key that is the account's default for EBS in the provider's region; undefined where that is
 * AWS's own, as in every new account. It encrypts each encrypted disk that names no key, whether or not the account
 * encrypts by default.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetEbsDefaultKmsKeyId.html
 *
 * @throws pulumi.RunError, which ends the program, with what EC2 answers to one who may not ask.
 */
export function customersDefaultEbsKey(parent: pulumi.Resource): Promise<string | undefined> {
  const asked = parent.getProvider("aws:ebs/getDefaultKmsKey:getDefaultKmsKey") ?? pulumi.runtime.getMonitor()!;
  const known = found.get(asked);
  if (known) return known;
  const key = orEnd(find({ parent }));
  found.set(asked, key);
  return key;
}

async function find(opts: pulumi.InvokeOptions): Promise<string | undefined> {
  const what = "The account's default key for EBS, which needs permission if it is a customer's,";
  const asked = aws.ebs.getDefaultKmsKey({}, opts);
  const { keyArn }: Partial<aws.ebs.GetDefaultKmsKeyResult> = await lookUp(what, "ec2:GetEbsDefaultKmsKeyId", asked);
  // Its alias stands for a key that AWS makes with the first disk; from then on the default is that key's own ARN.
  if (!keyArn || keyArn.endsWith(AWS_EBS_ALIAS)) return undefined;
  const whose = `Whether ${keyArn}, the account's default key for EBS, is a customer's, which needs permission,`;
  const keyAsked = aws.kms.getKey({ keyId: keyArn }, opts);
  const key: Partial<aws.kms.GetKeyResult> = await lookUp(whose, "kms:DescribeKey", keyAsked);
  return key.keyManager === "AWS" ? undefined : (key.arn ?? keyArn);
}
