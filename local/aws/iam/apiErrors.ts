import { type ApiErrors, exists, isReferredTo } from "../apiErrors";
import { deniedByOrganization } from "./controlPolicies";
import { malformed } from "./malformed";
import { managedPolicyOf } from "./policies";
import { managedPolicies } from "./managedPolicies/managedPolicies";

export const page = (operation: string) => `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationError" };

export const errors = {
  AttachRolePolicy: [
    deniedByOrganization("iam:AttachRolePolicy"),
    {
      code: "NoSuchEntity",
      message:
        "Policy {policyArn} does not exist or is not attachable: those that do are in local/aws/iam/managedPolicies/cut.ts.",
      when: ({ properties: { policyArn } }) =>
        String(policyArn).startsWith("arn:aws:iam::aws:policy/") && !(String(policyArn) in managedPolicies),
    },
  ],
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
