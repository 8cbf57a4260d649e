import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

export const functions: Record<string, ProviderFunction> = {
  "backup/getVault": ({ name }, { region }, account) => {
    const request = { id: String(name), properties: { backupVaultName: name, region }, olds: {} };
    call({ errors, page }, ["DescribeBackupVault"], request, account);
    const { arn, kmsKeyArn, recoveryPoints, tagsAll = {} } = account.find("backup/vault", name)!.properties;
    return { id: name, name, arn, kmsKeyArn, recoveryPoints, region, tags: tagsAll };
  },
};
