import { type ApiError, type ApiErrors, exists, isReferredTo } from "../apiErrors";
import { deniedByOrganization } from "./controlPolicies";
import { malformed } from "./malformed";
import { managedPolicyOf } from "./policies";

export const page = (operation: string) => `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationError" };

/** AWS doesn't count white space. */
const tooLong: ApiError = {
  code: "LimitExceeded",
  message: "Cannot exceed quota for PolicySize: 6144",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length",
  when: ({ properties: { policy } }) => String(policy).replaceAll(/\s/g, "").length > 6144,
};

export const errors = {
  AttachRolePolicy: [
    deniedByOrganization("iam:AttachRolePolicy"),
    {
      code: "NoSuchEntity",
      message:
        "Policy {policyArn} does not exist or is not attachable: those that do are in local/aws/iam/managedPolicies/cut.ts.",
      when: ({ properties: { policyArn } }, account) => managedPolicyOf(policyArn, account) === undefined,
    },
  ],
  CreateOpenIDConnectProvider: [
    {
      code: "EntityAlreadyExists",
      message: "Provider with url {url} already exists.",
      when: exists("iam/openIdConnectProvider", "url"),
    },
  ],
  CreatePolicy: [
    {
      code: "EntityAlreadyExists",
      message: "A policy called {name} already exists. Duplicate names are not allowed.",
      when: exists("iam/policy", "name"),
    },
    malformed("MalformedPolicyDocument", "policy", "identity"),
    tooLong,
  ],
  CreatePolicyVersion: [malformed("MalformedPolicyDocument", "policy", "identity"), tooLong],
  CreateRole: [
    deniedByOrganization("iam:CreateRole"),
    {
      code: "EntityAlreadyExists",
      message: "Role with name {name} already exists.",
      when: exists("iam/role", "name"),
    },
    malformed("MalformedPolicyDocument", "assumeRolePolicy", "trust"),
    {
      code: "InvalidInput",
      message: "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
      page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules",
      when: ({ properties: { tagsAll = {} } }) => {
        const keys = Object.keys(tagsAll as object).map((key) => key.toLowerCase());
        return new Set(keys).size < keys.length;
      },
    },
    {
      code: "NoSuchEntity",
      message: "Scope ARN: {permissionsBoundary} does not exist or is not attachable.",
      when: ({ properties: { permissionsBoundary: arn } }, account) =>
        arn !== undefined && managedPolicyOf(arn, account) === undefined,
    },
  ],
  DeletePolicy: [
    {
      code: "DeleteConflict",
      message: "Cannot delete a policy attached to entities.",
      when: isReferredTo("iam/rolePolicyAttachment", "policyArn"),
    },
  ],
  DeleteRole: [
    {
      code: "DeleteConflict",
      message: "Cannot delete entity, must remove roles from instance profile first.",
      // A node group's instance profile holds its role.
      when: ({ properties }, account) => account.where("eks/nodeGroup", "nodeRoleArn", properties.arn).length > 0,
    },
    {
      code: "DeleteConflict",
      message: "Cannot delete entity, must detach all policies first.",
      when: isReferredTo("iam/rolePolicyAttachment", "role"),
    },
    {
      code: "DeleteConflict",
      message: "Cannot delete entity, must delete policies first.",
      when: isReferredTo("iam/rolePolicy", "role"),
    },
  ],
  GetRole: [
    {
      code: "NoSuchEntity",
      message: "The role with name {name} cannot be found.",
      when: ({ properties }, account) => !account.find("iam/role", properties.name),
    },
  ],
  PutRolePolicy: [
    deniedByOrganization("iam:PutRolePolicy"),
    malformed("MalformedPolicyDocument", "policy", "identity"),
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
