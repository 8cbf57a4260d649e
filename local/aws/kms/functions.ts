import { call, type ProviderFunction } from "../service";
import { errors, page } from "./apiErrors";

export const functions: Record<string, ProviderFunction> = {
  "kms/getKey": ({ keyId: given, region }, config, account) => {
    // By its id, or by its ARN, which ends with that.
    const keyId = String(given).replace(/^arn:[^/]+:key\//, "");
    if (keyId.startsWith("aws-")) return { id: keyId, keyId, arn: given, keyManager: "AWS", keyState: "Enabled" };
    const properties = { keyId, region: region ?? config.region };
    call({ errors, page }, ["DescribeKey"], { id: keyId, properties, olds: {} }, account);
    const {
      arn,
      keyState = "Enabled",
      multiRegion = false,
      keyUsage = "ENCRYPT_DECRYPT",
      ...found
    } = account.find("kms/key", keyId)!.properties;
    const { customerMasterKeySpec = "SYMMETRIC_DEFAULT" } = found;
    return {
      ...{ id: keyId, keyId, arn, keyState, enabled: keyState === "Enabled", keyUsage, multiRegion },
      ...{ keyManager: "CUSTOMER", customerMasterKeySpec, region: found.region, awsAccountId: config.accountId },
    };
  },
};
