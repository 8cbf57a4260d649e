import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../plugins/plugin";
import { alarmRules } from "./cloudwatch/apiErrors";
import { BACKUP, backupRules } from "./backup/apiErrors";
import type { Cloud } from "./account";
import { clusterRules } from "./eks/apiErrors";
import { efsRules } from "./efs/apiErrors";
import { at } from "../plugins/aws/resource";
import { networkRules } from "./ec2/apiErrors";
import { S3, s3Rules } from "./s3/apiErrors";
import { references, types } from "./services";

/** The resource that is made, changed or deleted. */
export interface Thing {
  id: string;
  properties: Properties;
  /** As it was before a change. */
  olds: Properties;
}

/** One thing that AWS refuses. */
export interface Rule {
  on: "create" | "change" | "delete" | "settle";
  type: string;
  /** AWS's name of the error, and its words; a property in braces stands for its value. */
  error: string;
  says: string;
  /** Where AWS documents it. */
  page: string;
  when: (thing: Thing, cloud: Cloud) => boolean;
}

const minor = (version: unknown) => Number(String(version).split(".")[1]);

const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html";
const IAM = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_";
const EFS = "https://docs.aws.amazon.com/efs/latest/ug/API_";
const EKS = "https://docs.aws.amazon.com/eks/latest/APIReference/API_";
const GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/";
const KMS = "https://docs.aws.amazon.com/kms/latest/APIReference/API_";
const LOGS = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_";
const SSM = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_";

/** Can't be deleted while things of these types refer to it: type, users, error, words, page. */
// prettier-ignore
const inUse: [string, string, string, string, string][] = [
  ["ec2/vpc", "ec2/subnet ec2/securityGroup ec2/internetGateway ec2/routeTable ec2/vpcEndpoint", "DependencyViolation", "The vpc '{id}' has dependencies and cannot be deleted.", EC2],
  ["ec2/subnet", "efs/mountTarget ec2/natGateway eks/nodeGroup eks/cluster ec2/vpcEndpoint ec2/networkInterface", "DependencyViolation", "The subnet '{id}' has dependencies and cannot be deleted.", EC2],
  ["ec2/routeTable", "ec2/routeTableAssociation", "DependencyViolation", "The routeTable '{id}' has dependencies and cannot be deleted.", EC2],
  ["ec2/securityGroup", "efs/mountTarget eks/cluster ec2/vpcEndpoint ec2/networkInterface", "DependencyViolation", "resource {id} has a dependent object", EC2],
  ["ec2/eip", "ec2/natGateway", "InvalidIPAddress.InUse", "Address {id} is in use.", EC2],
  ["iam/role", "iam/rolePolicyAttachment", "DeleteConflict", "Cannot delete entity, must detach all policies first.", `${IAM}DeleteRole.html`],
  ["iam/role", "iam/rolePolicy", "DeleteConflict", "Cannot delete entity, must delete policies first.", `${IAM}DeleteRole.html`],
  ["efs/fileSystem", "efs/mountTarget", "FileSystemInUse", "File system '{id}' has mount targets created in it.", `${EFS}DeleteFileSystem.html`],
  ["efs/fileSystem", "efs/replicationConfiguration", "FileSystemInUse", "File system '{id}' is part of a replication configuration.", "https://docs.aws.amazon.com/efs/latest/ug/delete-replications.html"],
  // Stricter than AWS may be: the guide asks that they be deleted first, the API reference names mount targets alone.
  ["efs/fileSystem", "efs/accessPoint", "FileSystemInUse", "File system '{id}' has access points created for it.", "https://docs.aws.amazon.com/efs/latest/ug/delete-efs-fs.html"],
  ["backup/vault", "backup/recoveryPoint", "InvalidRequestException", "Backup vault cannot be deleted because it contains recovery points", `${BACKUP}DeleteBackupVault.html`],
  ["backup/plan", "backup/selection", "InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion", `${BACKUP}DeleteBackupPlan.html`],
  ["eks/cluster", "eks/nodeGroup", "ResourceInUseException", "Cluster has nodegroups attached", `${EKS}DeleteCluster.html`],
];

/** There is one already with the same values of the type's `unique` properties: type, error, words, page. */
// prettier-ignore
const taken: [string, string, string, string][] = [
  ["vpc/securityGroupIngressRule", "InvalidPermission.Duplicate", "the specified rule already exists", EC2],
  ["ec2/route", "RouteAlreadyExists", "The route identified by {destinationCidrBlock} already exists.", EC2],
  ["ec2/routeTableAssociation", "Resource.AlreadyAssociated", "the specified association for route table {routeTableId} conflicts with an existing association", EC2],
  ["ec2/securityGroup", "InvalidGroup.Duplicate", "The security group '{name}' already exists for VPC '{vpcId}'", EC2],
  ["ec2/launchTemplate", "InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name {name} already in use.", EC2],
  ["iam/role", "EntityAlreadyExists", "Role with name {name} already exists.", `${IAM}CreateRole.html`],
  ["efs/fileSystem", "FileSystemAlreadyExists", "File system already exists with creation token '{creationToken}'", `${EFS}CreateFileSystem.html`],
  ["eks/nodeGroup", "ResourceInUseException", "NodeGroup already exists with name {nodeGroupName} and cluster name {clusterName}", `${EKS}CreateNodegroup.html`],
  ["ec2/natGateway", "Resource.AlreadyAssociated", "Elastic IP address [{allocationId}] is already associated", EC2],
  ["cloudwatch/logGroup", "ResourceAlreadyExistsException", "The specified log group already exists", `${LOGS}CreateLogGroup.html`],
  ["kms/alias", "AlreadyExistsException", "An alias with the name {name} already exists", `${KMS}CreateAlias.html`],
  ["ssm/parameter", "ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.", `${SSM}PutParameter.html`],
  ["backup/vault", "AlreadyExistsException", "Backup vault with the same name already exists", `${BACKUP}CreateBackupVault.html`],
  ["s3/bucket", "BucketAlreadyOwnedByYou", "The bucket that you tried to create already exists, and you own it.", S3],
  ["eks/cluster", "ResourceInUseException", "Cluster already exists with name: {name}", `${EKS}CreateCluster.html`],
  ["eks/addon", "ResourceInUseException", "Addon already exists.", `${EKS}CreateAddon.html`],
  ["eks/podIdentityAssociation", "ResourceInUseException", "Association already exists for {namespace}/{serviceAccount}", `${EKS}CreatePodIdentityAssociation.html`],
  ["eks/accessEntry", "ResourceInUseException", "The specified access entry resource is already in use on this cluster.", `${EKS}CreateAccessEntry.html`],
];

/** Add-ons whose Deployments need a node before they are active. */
const ADDONS_WITH_PODS = [
  "coredns",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
  "aws-mountpoint-s3-csi-driver",
  "snapshot-controller",
  "metrics-server",
  "amazon-cloudwatch-observability",
];

/** What a node's role must be allowed, each by one of these policies. */
const NODE_POLICIES = [
  /\/AmazonEKSWorkerNode(Minimal)?Policy$/,
  /\/AmazonEKS_CNI_Policy$/,
  /\/AmazonEC2ContainerRegistry(PullOnly|ReadOnly)$/,
];

export const rules: Rule[] = [
  ...networkRules,
  ...clusterRules,
  // One rule a user, so that none is without a test.
  ...inUse.flatMap(([type, users, error, says, page]) =>
    users.split(" ").map((user): Rule => {
      return { on: "delete", type, error, says, page, when: ({ id }, cloud) => cloud.users(type, id, user).length > 0 };
    }),
  ),
  ...backupRules,
  ...alarmRules,
  ...inUse.map(([type, users, error, says, page]): Rule => {
    return { on: "delete", type, error, says, page, when: ({ id }, cloud) => cloud.users(type, id, users).length > 0 };
  }),
  ...taken.map(([type, error, says, page]): Rule => {
    const values = (of: Properties) => ["region", ...types[type]!.unique!.split(" ")].map((property) => of[property]);
    return {
      on: "create",
      type,
      error,
      says,
      page,
      when: ({ properties }, cloud) =>
        cloud.all(type).some((other) => isDeepStrictEqual(values(other.properties), values(properties))),
    };
  }),
  ...efsRules,
  ...s3Rules,
  ...Object.keys(types)
    .filter((type) => references(type, "eks/cluster").length > 0)
    .map((type): Rule => {
      return {
        on: "create",
        type,
        error: "ResourceNotFoundException",
        says: "No cluster found for name: {clusterName}.",
        page: `${EKS}DescribeCluster.html`,
        when: ({ properties }, cloud) => !cloud.find("eks/cluster", properties.clusterName),
      };
    }),
  {
    on: "delete",
    type: "ec2/securityGroup",
    error: "DependencyViolation",
    says: "resource {id} has a dependent object: a rule of another group names it",
    page: EC2,
    when: ({ id }, cloud) =>
      cloud
        .users("ec2/securityGroup", id, "vpc/securityGroupIngressRule vpc/securityGroupEgressRule")
        .some((rule) => rule.properties.securityGroupId !== id),
  },
  {
    on: "delete",
    type: "ec2/internetGateway",
    error: "DependencyViolation",
    says: "Network {vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
    page: EC2,
    when: ({ properties }, cloud) =>
      cloud
        .all("ec2/natGateway")
        .some((nat) => cloud.find("ec2/subnet", nat.properties.subnetId)?.properties.vpcId === properties.vpcId),
  },
  ...(["create", "change"] as const).map((on): Rule => {
    return {
      on,
      type: "efs/fileSystem",
      error: "BadRequest",
      says: "Max I/O supports neither elastic throughput nor One Zone storage.",
      page: `${EFS}${on === "create" ? "Create" : "Update"}FileSystem.html`,
      when: ({ properties }) =>
        properties.performanceMode === "maxIO" &&
        (properties.throughputMode === "elastic" || properties.availabilityZoneName !== undefined),
    };
  }),
  {
    on: "create",
    type: "efs/mountTarget",
    error: "MountTargetConflict",
    says: "mount target already exists in this AZ",
    page: `${EFS}CreateMountTarget.html`,
    when: ({ properties }, cloud) =>
      cloud
        .users("efs/fileSystem", String(properties.fileSystemId), "efs/mountTarget")
        .some((other) => other.properties.availabilityZoneName === properties.availabilityZoneName),
  },
  {
    on: "create",
    type: "efs/accessPoint",
    error: "ValidationException",
    says: "The root directory's path has at most 100 characters and four subdirectories, and no slash at its end.",
    page: `${EFS}RootDirectory.html`,
    when: ({ properties }) => {
      const path = (at(properties, "rootDirectory.path") ?? "/") as string;
      return path.length > 100 || !/^(\/|(\/[^$#<>;`|&?{}^*/\n]+){1,4})$/.test(path);
    },
  },
  {
    on: "delete",
    type: "eks/cluster",
    error: "InvalidRequestException",
    says: "Cannot delete cluster {name} because deletion protection is enabled.",
    page: `${GUIDE}deletion-protection.html`,
    when: ({ properties }) => properties.deletionProtection === true,
  },
  {
    on: "change",
    type: "eks/cluster",
    error: "InvalidParameterException",
    says: "Unsupported Kubernetes minor version update to {version}",
    page: `${GUIDE}update-cluster.html`,
    when: ({ olds, properties }) => ![0, 1].includes(minor(properties.version) - minor(olds.version)),
  },
  {
    on: "change",
    type: "eks/cluster",
    error: "InvalidParameterException",
    says: "The subnets provided don't belong to the exact set of AZs in which subnets were provided during cluster creation.",
    page: `${EKS}VpcConfigRequest.html`,
    when: ({ olds, properties }, cloud) => {
      const zones = (of: Properties) =>
        ((at(of, "vpcConfig.subnetIds") ?? []) as string[]).map(
          (id) => cloud.find("ec2/subnet", id)?.properties.availabilityZone,
        );
      return !isDeepStrictEqual(new Set(zones(olds)), new Set(zones(properties)));
    },
  },
  {
    on: "create",
    type: "eks/accessEntry",
    error: "ResourceInUseException",
    says: "The specified access entry resource is already in use on this cluster: its creator has one, and so have its nodes.",
    page: `${EKS}CreateAccessEntry.html`,
    when: (entry, cloud) =>
      [cloud.creator, ...cloud.beside("eks/nodeGroup", entry).map((group) => group.properties.nodeRoleArn)].includes(
        entry.properties.principalArn,
      ),
  },
  ...(["create", "change"] as const).map((on): Rule => {
    return {
      on,
      type: "eks/nodeGroup",
      error: "InvalidParameterException",
      says: "Requested Nodegroup version {version} is greater than its cluster's.",
      page: `${GUIDE}update-managed-node-group.html`,
      when: (group, cloud) => minor(group.properties.version) > minor(cloud.clusterOf(group).version),
    };
  }),
  {
    on: "settle",
    type: "eks/nodeGroup",
    error: "NodeCreationFailure",
    says: "Instances failed to join the kubernetes cluster: the node role lacks a policy that nodes need.",
    page: `${GUIDE}create-node-role.html`,
    when: ({ properties }, cloud) => {
      const role = String(properties.nodeRoleArn).split("/").pop();
      const attached = cloud.users("iam/role", role!, "iam/rolePolicyAttachment");
      const has = (policy: RegExp) => attached.some(({ properties: { policyArn } }) => policy.test(String(policyArn)));
      return !NODE_POLICIES.every(has);
    },
  },
  {
    on: "settle",
    type: "eks/nodeGroup",
    error: "NodeCreationFailure",
    says: "Unhealthy nodes in the kubernetes cluster: cni plugin not initialized, there is no add-on vpc-cni.",
    page: `${GUIDE}troubleshooting.html`,
    when: (group, cloud) =>
      cloud.clusterOf(group).bootstrapSelfManagedAddons === false &&
      !cloud.beside("eks/addon", group).some((addon) => addon.properties.addonName === "vpc-cni"),
  },
  {
    on: "settle",
    type: "eks/addon",
    error: "InsufficientNumberOfReplicas",
    says: "The add-on {addonName} is DEGRADED because it doesn't have the desired number of replicas: no node can run them.",
    page: `${GUIDE}managing-add-ons.html`,
    when: (addon, cloud) =>
      ADDONS_WITH_PODS.includes(String(addon.properties.addonName)) &&
      !cloud.beside("eks/nodeGroup", addon).some((group) => group.status === "ACTIVE"),
  },
];

/** The first thing that AWS refuses about this, in its words. */
export function refusal(on: Rule["on"], type: string, thing: Thing, cloud: Cloud): string | undefined {
  const rule = rules.find((rule) => rule.on === on && rule.type === type && rule.when(thing, cloud));
  return rule && `${rule.error}: ${fill(rule.says, { ...thing.properties, id: thing.id })}\n${rule.page}`;
}

const fill = (template: string, properties: Properties) =>
  template.replaceAll(/\{(\w+)\}/g, (_, property: string) => String(properties[property]));
