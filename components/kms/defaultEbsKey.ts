import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
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
  const key = orEnd(lookUp({ parent }));
  found.set(asked, key);
  return key;
}

async function lookUp(opts: pulumi.InvokeOptions): Promise<string | undefined> {
  const { keyArn }: Partial<aws.ebs.GetDefaultKmsKeyResult> = await aws.ebs
    .getDefaultKmsKey({}, opts)
    .catch((error: Error) => {
      throw new pulumi.RunError(
        "The account's default key for EBS must be known: it may be a customer's, which needs permission. " +
          `Whoever deploys or previews must be allowed ec2:GetEbsDefaultKmsKeyId. AWS's answer: ${error.message}`,
      );
    });
  // Its alias stands for a key that AWS makes with the first disk; from then on the default is that key's own ARN.
  if (!keyArn || keyArn.endsWith(AWS_EBS_ALIAS)) return undefined;
  const key: Partial<aws.kms.GetKeyResult> = await aws.kms.getKey({ keyId: keyArn }, opts).catch((error: Error) => {
    throw new pulumi.RunError(
      `The account's default key for EBS is ${keyArn}. Whether it is a customer's, which needs permission, must be known. ` +
        `Whoever deploys or previews must be allowed kms:DescribeKey on it. AWS's answer: ${error.message}`,
    );
  });
  return key.keyManager === "AWS" ? undefined : (key.arn ?? keyArn);
}
