import type { ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

export const resources: ResourceTypes<Operation> = {
  "iam/role": {
    id: "{name}",
    replaces: "name namePrefix path",
    named: "name",
    global: true,
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
    computed: { path: "/", arn: "arn:aws:iam::{account}:role{path}{name}", uniqueId: "AROA{hex}" },
    calls: { create: ["CreateRole"], delete: ["DeleteRole"] },
  },
  "iam/rolePolicy": {
    id: "{role}:{name}",
    replaces: "role name namePrefix",
    named: "name",
    untagged: true,
    global: true,
    calls: { create: ["PutRolePolicy"] },
  },
  "iam/rolePolicyAttachment": {
    id: "{role}/{policyArn}",
    replaces: "*",
    deleteBeforeReplace: true,
    // Attaching again what is attached changes nothing.
    overwrites: true,
    untagged: true,
    global: true,
    calls: { create: ["AttachRolePolicy"] },
  },
};
