import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { differing, notFound } from "../retention/adoptable";

/** Why a key can't be adopted. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export async function validateAdoptableKey(
  argument: string,
  keyId: string,
  region: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  let found: aws.kms.GetKeyResult;
  try {
    found = await aws.kms.getKey({ keyId, region }, opts);
  } catch (error) {
    return [notFound(argument, "a KMS key", keyId, region, error)];
  }
  const revive = `aws kms cancel-key-deletion --key-id ${keyId}, then aws kms enable-key`;
  const fixed = differing(argument, keyId, "AWS can't change it: it would be another key, which can't read the data.");
  return [
    ...differing(argument, keyId, revive)("a key that is Enabled", found.keyState, "Enabled"),
    ...fixed("a key of the customer's", found.keyManager, "CUSTOMER"),
    ...fixed("a key for ENCRYPT_DECRYPT", found.keyUsage, "ENCRYPT_DECRYPT"),
    ...fixed("a symmetric key", found.customerMasterKeySpec, "SYMMETRIC_DEFAULT"),
    ...fixed("a key of one region", found.multiRegion, false),
  ];
}
