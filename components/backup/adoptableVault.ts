import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { notFound } from "../retention/adoptable";

/** Why a backup vault can't be adopted. */
export async function validateAdoptableVault(
  { vaultName, adoptKeyId }: { vaultName: string; adoptKeyId?: string },
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  let found: Partial<aws.backup.GetVaultResult>;
  try {
    found = await aws.backup.getVault({ name: vaultName }, opts);
  } catch (error) {
    return [notFound("vaultName", "a backup vault", vaultName, undefined, error)];
  }
  const keyId = found.kmsKeyArn?.split(":key/")[1];
  if (keyId === undefined || adoptKeyId === undefined || keyId === adoptKeyId) return [];
  const expected = `${keyId}, the key of the vault ${vaultName}`;
  return [
    { argument: "adoptKeyId", expected, actual: adoptKeyId, fix: "A vault never changes its key: name that one." },
  ];
}
