import { arn, referred, type ResourceTypes } from "./type";

const iam = (resource: string) => `arn:aws:iam::{account}:${resource}`;

export const identity: ResourceTypes = {
  "iam/role": {
    id: "{name}",
    replaces: "name namePrefix path",
    named: "name",
    global: true,
    unique: "name",
    computed: { arn: iam("role/{name}"), uniqueId: "AROA{hex}" },
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
    untagged: true,
    global: true,
    refersTo: "role:iam/role policyArn:iam/policy",
  },
  "iam/policy": {
    id: iam("policy/{name}"),
    replaces: "name namePrefix path description",
    named: "name",
    global: true,
    unique: "name",
    computed: { arn: "{id}" },
  },
  "iam/openIdConnectProvider": {
    id: iam("oidc-provider/{url}"),
    replaces: "url",
    global: true,
    computed: { arn: "{id}" },
  },
  "kms/key": {
    id: "{uuid}",
    replaces: "customerMasterKeySpec keyUsage multiRegion",
    computed: { arn: arn("kms", "key/{id}"), keyId: "{id}" },
  },
  "kms/alias": {
    id: "{name}",
    replaces: "name namePrefix",
    named: "name",
    prefix: "alias/",
    untagged: true,
    computed: { arn: arn("kms", "{name}"), targetKeyArn: (made) => referred(made, "kms/key", "targetKeyId").arn },
  },
};
