import { arn, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

export const resources: ResourceTypes<Operation> = {
  "kms/key": {
    id: "{uuid}",
    replaces: "customerMasterKeySpec keyUsage multiRegion",
    computed: { arn: arn("kms", "key/{id}"), keyId: "{id}" },
    calls: { create: ["CreateKey", "EnableKeyRotation"] },
  },
  "kms/alias": {
    id: "{name}",
    replaces: "name namePrefix",
    untagged: true,
    computed: { arn: arn("kms", "{name}"), targetKeyArn: arn("kms", "key/{targetKeyId}") },
    calls: { create: ["CreateAlias"] },
  },
};
