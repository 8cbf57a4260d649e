import { type ApiErrors, exists, isReferredTo } from "../apiErrors";

export const page = (operation: string) => `https://docs.aws.amazon.com/IAM/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "ValidationError" };

/**
 * AWS's own policies that this program attaches, each with its path: without the right one it doesn't exist.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const AWS_POLICIES = [
  "AmazonEKSClusterPolicy",
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonElasticFileSystemClientReadWriteAccess",
  "service-role/AmazonEFSCSIDriverPolicy",
  "AmazonEBSCSIDriverPolicyV2",
  "CloudWatchAgentServerPolicy",
  "service-role/AWSBackupServiceRolePolicyForBackup",
  "service-role/AWSBackupServiceRolePolicyForRestores",
];

export const errors = {
  AttachRolePolicy: [
    {
      code: "NoSuchEntity",
      message:
        "Policy {policyArn} does not exist or is not attachable: those that do are in local/aws/iam/apiErrors.ts.",
      when: ({ properties }) => {
        const [, name] = /^arn:aws:iam::aws:policy\/(.+)$/.exec(String(properties.policyArn)) ?? [];
        return name !== undefined && !AWS_POLICIES.includes(name);
      },
    },
  ],
  CreateRole: [
    {
      code: "EntityAlreadyExists",
      message: "Role with name {name} already exists.",
      when: exists("iam/role", "name"),
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
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
