import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/iam */
export const members: Record<string, Members> = {
  "iam/openIdConnectProvider": { clientIdLists: "ClientIDList", thumbprintLists: "ThumbprintList" },
  "iam/policy": { id: "PolicyArn", name: "PolicyName", policy: "PolicyDocument" },
  "iam/role": { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument", forceDetachPolicies: NOT_SENT },
  "iam/rolePolicy": { role: "RoleName", name: "PolicyName", policy: "PolicyDocument" },
  "iam/rolePolicyAttachment": { role: "RoleName" },
};
