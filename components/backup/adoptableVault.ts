import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import { lookedAt } from "../retention/adoptable";

/** Why a backup vault can't be adopted. */
export function validateAdoptableVault(
  { vaultName, adoptKeyId }: { vaultName: string; adoptKeyId?: string },
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const right = "backup:DescribeBackupVault";
  const vault = { argument: "vaultName", what: "a backup vault", id: vaultName, right };
  return lookedAt(vault, aws.backup.getVault({ name: vaultName }, opts), ({ kmsKeyArn }) => {
    const keyId = kmsKeyArn?.split(":key/")[1];
    if (keyId === undefined || adoptKeyId === undefined || keyId === adoptKeyId) return [];
    const expected = `${keyId}, the key of the vault ${vaultName}`;
    const fix = "A vault never changes its key: name that one.";
    return [{ argument: "adoptKeyId", expected, actual: adoptKeyId, fix }];
  });
}
