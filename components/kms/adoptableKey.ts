import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { differing, lookedAt } from "../retention/adoptable";

/** Why a key can't be adopted. */
export function validateAdoptableKey(
  argument: string,
  keyId: string,
  region: string | undefined,
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const fix = "AWS can't change it: it would be another key, which can't read the data.";
  return lookedAt(
    { argument, what: "a KMS key", id: keyId, region, right: "kms:DescribeKey" },
    aws.kms.getKey({ keyId, region }, opts),
    (found) => [
      ...validateUsableKey(argument, keyId, found, fix),
      ...differing(argument, keyId, fix)("a key of one region", found.multiRegion, false),
    ],
  );
}

/**
 * Why a key can't encrypt the stack's data. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 *
 * @param fix What is to be done about a key of another kind.
 */
export function validateUsableKey(
  argument: string,
  keyId: string,
  found: Partial<aws.kms.GetKeyResult>,
  fix: string,
): Violation[] {
  const revive = `aws kms cancel-key-deletion --key-id ${keyId}, then aws kms enable-key`;
  const fixed = differing(argument, keyId, fix);
  return [
    ...differing(argument, keyId, revive)("a key that is Enabled", found.keyState, "Enabled"),
    ...fixed("a key of the customer's", found.keyManager, "CUSTOMER"),
    ...fixed("a key for ENCRYPT_DECRYPT", found.keyUsage, "ENCRYPT_DECRYPT"),
    ...fixed("a symmetric key", found.customerMasterKeySpec, "SYMMETRIC_DEFAULT"),
  ];
}
