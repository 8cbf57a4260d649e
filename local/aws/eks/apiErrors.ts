import type { Properties } from "../../plugins/plugin";
import type { Cloud } from "../account";
import { at } from "../../plugins/aws/resource";
import { hasWayOut } from "../ec2/apiErrors";
import type { Rule } from "../apiErrors";

const EKS = "https://docs.aws.amazon.com/eks/latest/APIReference/API_";
const GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/";

/**
 * The keys that an add-on's configuration may have, as far as this program gives any: `aws eks
 * describe-addon-configuration` prints all of them.
 */
const ADDON_KEYS: Record<string, string[]> = {
  "vpc-cni": ["enableNetworkPolicy"],
  "aws-ebs-csi-driver": ["controller.region", "controller.extraVolumeTags", "node.volumeAttachLimit"],
  "amazon-cloudwatch-observability": [
    ...["otelContainerInsights", "containerInsights", "containerLogs", "applicationSignals"].map(
      (it) => `${it}.enabled`,
    ),
    "otelContainerInsights.logs.enabled",
    "manager.applicationSignals.autoMonitor.monitorAllServices",
    "agent.otelConfig",
  ],
};

/**
 * Policies of AWS's own that this program attaches, each with its path: without the right one it doesn't exist.
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

/** The dotted paths of an object's values. */
const paths = (value: unknown, path: string[] = []): string[] =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => paths(inner, [...path, key]))
    : [path.join(".")];

function isRefusedConfiguration({ addonName, configurationValues }: Properties): boolean {
  if (!configurationValues) return false;
  try {
    const given = paths(JSON.parse(configurationValues as string));
    const allowed = ADDON_KEYS[String(addonName)] ?? [];
    return !given.every((path) => allowed.some((key) => path === key || path.startsWith(`${key}.`)));
  } catch {
    return true;
  }
}

const zonesOf = (properties: Properties, cloud: Cloud) =>
  ((at(properties, "vpcConfig.subnetIds") ?? []) as string[]).map(
    (id) => cloud.find("ec2/subnet", id)?.properties.availabilityZone,
  );

/** What EKS refuses, and IAM for its sake, beyond duplicates and things in use. */
export const clusterRules: Rule[] = [
  {
    on: "create",
    type: "eks/cluster",
    error: "InvalidParameterException",
    says: "Subnets specified must be in at least two different AZs",
    page: `${GUIDE}network-reqs.html`,
    when: ({ properties }, cloud) => new Set(zonesOf(properties, cloud)).size < 2,
  },
  {
    on: "create",
    type: "eks/accessPolicyAssociation",
    error: "ResourceNotFoundException",
    says: "The specified principalArn {principalArn} could not be found: it has no access entry.",
    page: `${EKS}AssociateAccessPolicy.html`,
    when: (association, cloud) =>
      !cloud
        .beside("eks/accessEntry", association)
        .some((entry) => entry.properties.principalArn === association.properties.principalArn),
  },
  ...(["create", "change"] as const).map((on): Rule => {
    return {
      on,
      type: "eks/addon",
      error: "InvalidParameterException",
      says: "ConfigurationValue provided in request is not supported: Json schema validation failed for {configurationValues}",
      page: `${EKS}${on === "create" ? "Create" : "Update"}Addon.html`,
      when: ({ properties }) => isRefusedConfiguration(properties),
    };
  }),
  {
    on: "settle",
    type: "eks/nodeGroup",
    error: "NodeCreationFailure",
    says: "Instances failed to join the kubernetes cluster: a subnet of theirs has no route to the internet.",
    page: `${GUIDE}troubleshooting.html`,
    when: ({ properties }, cloud) =>
      ((properties.subnetIds ?? []) as string[]).some((subnetId) => !hasWayOut(subnetId, cloud)),
  },
  {
    on: "create",
    type: "iam/rolePolicyAttachment",
    error: "NoSuchEntity",
    says: "Policy {policyArn} does not exist or is not attachable: those that do are in local/aws/iam/apiErrors.ts.",
    page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html",
    when: ({ properties }) => {
      const [, name] = /^arn:aws:iam::aws:policy\/(.+)$/.exec(String(properties.policyArn)) ?? [];
      return name !== undefined && !AWS_POLICIES.includes(name);
    },
  },
  {
    on: "delete",
    type: "iam/role",
    error: "DeleteConflict",
    says: "Cannot delete entity, must remove roles from instance profile first.",
    page: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html",
    // A node group's instance profile holds its role.
    when: ({ properties }, cloud) =>
      cloud.all("eks/nodeGroup").some((group) => group.properties.nodeRoleArn === properties.arn),
  },
];
