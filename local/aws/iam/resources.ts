import type { NewResource, ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns */
const oidcProvider = ({ properties: { url }, account }: NewResource) =>
  `arn:aws:iam::${account.id}:oidc-provider/${String(url).replace("https://", "")}`;

export const resources: ResourceTypes<Operation> = {
  "iam/openIdConnectProvider": {
    id: oidcProvider,
    replaces: "url",
    global: true,
    computed: { arn: oidcProvider },
    calls: { create: ["CreateOpenIDConnectProvider"] },
  },
  "iam/policy": {
    id: ({ properties: { path = "/", name }, account }) =>
      `arn:aws:iam::${account.id}:policy${path as string}${name as string}`,
    replaces: "name namePrefix path description",
    named: "name",
    global: true,
    computed: { path: "/", arn: "arn:aws:iam::{account}:policy{path}{name}" },
    calls: { create: ["CreatePolicy"], update: ["CreatePolicyVersion"], delete: ["DeletePolicy"] },
  },
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
