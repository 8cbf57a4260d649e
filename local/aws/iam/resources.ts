import { arn, type ResourceTypes } from "../service";

export const identity: ResourceTypes = {
  "iam/role": {
    id: "{name}",
    replaces: "name namePrefix path",
    named: "name",
    unique: "name",
    global: true,
    computed: { arn: "arn:aws:iam::{account}:role/{name}", uniqueId: "AROA{hex}" },
  },
  "iam/rolePolicy": {
    id: "{role}:{name}",
    replaces: "role name namePrefix",
    named: "name",
    untagged: true,
    global: true,
    refersTo: "role:iam/role",
  },
  "iam/rolePolicyAttachment": {
    id: "{role}/{policyArn}",
    replaces: "*",
    deletedFirst: true,
    untagged: true,
    global: true,
    refersTo: "role:iam/role",
  },
  "kms/key": {
    id: "{uuid}",
    replaces: "customerMasterKeySpec keyUsage multiRegion",
    computed: { arn: arn("kms", "key/{id}"), keyId: "{id}" },
  },
  "kms/alias": {
    id: "{name}",
    replaces: "name namePrefix",
    unique: "name",
    untagged: true,
    refersTo: "targetKeyId:kms/key",
    computed: { arn: arn("kms", "{name}"), targetKeyArn: arn("kms", "key/{targetKeyId}") },
  },
};
