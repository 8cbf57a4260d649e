import { isDeepStrictEqual } from "node:util";
import { type Properties, valueAt } from "../../plugins/properties";
import type { Account } from "../account";
import { type ApiError, type ApiErrors, type ApiRequest, exists, isReferredTo } from "../apiErrors";
import { defaultEbsKey } from "../ec2/defaultKey";
import { hasWayOut } from "../ec2/routes";
import { zoneId } from "../ec2/zones";
import { mayAutoScalingUse } from "../kms/keyAccess";
import { ADDONS_WITH_PODS, isSupportedConfiguration } from "./addons";
import { extraTags } from "./ebsDriverTags";

const GUIDE = "https://docs.aws.amazon.com/eks/latest/userguide/";

export const page = (operation: string) => `https://docs.aws.amazon.com/eks/latest/APIReference/API_${operation}.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal = { code: "InvalidParameterException" };

const minor = (version: unknown) => Number(String(version).split(".")[1]);

/** The cluster that a node group, an add-on or an entry belongs to. */
const clusterOf = ({ properties }: ApiRequest, account: Account): Properties =>
  account.find("eks/cluster", properties.clusterName)?.properties ?? {};

/** The version that a cluster has, which EKS may have upgraded by itself: not what the request's sender believes. */
const livingVersion = ({ id, olds }: ApiRequest, account: Account) =>
  account.find("eks/cluster", id)?.properties.version ?? olds.version;

/** Resources of a type in the same cluster. */
const inSameCluster = (type: string, { properties }: ApiRequest, account: Account) =>
  account.where(type, "clusterName", properties.clusterName);

const zonesOf = (properties: Properties, account: Account) =>
  new Set(
    ((valueAt(properties, "vpcConfig.subnetIds") ?? []) as string[]).map(
      (id) => account.find("ec2/subnet", id)?.properties.availabilityZone,
    ),
  );

/** Ids of zones that take no subnets of a cluster. */
const WITHOUT_CLUSTERS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** The zones of a cluster's subnets in which there are no clusters. */
const refusedZones = ({ properties }: ApiRequest, account: Account) =>
  [...zonesOf(properties, account)].map(String).filter((zone) => WITHOUT_CLUSTERS.includes(zoneId(zone)));

/** The role that deploys: every cluster's creator. */
const creatorOf = (account: Account) => `arn:aws:iam::${account.id}:role/local-deployer`;

const noClusterFound = (path: string): ApiError => ({
  code: "ResourceNotFoundException",
  message: `No cluster found for name: {${path}}.`,
  page: page("DescribeCluster"),
  when: ({ properties }, account) => !account.find("eks/cluster", properties[path]),
});

const unsupportedConfiguration: ApiError = {
  code: "InvalidParameterException",
  message:
    "ConfigurationValue provided in request is not supported: Json schema validation failed for {configurationValues}",
  when: ({ properties }) => !isSupportedConfiguration(properties),
};

const newerThanCluster: ApiError = {
  code: "InvalidParameterException",
  message: "Requested Nodegroup version {version} is greater than its cluster's.",
  page: `${GUIDE}update-managed-node-group.html`,
  when: (request, account) => minor(request.properties.version) > minor(clusterOf(request, account).version),
};

/** The customer's key that encrypts a node group's root disks, by its launch template or as the account's default. */
function diskKeyOf(group: Properties, account: Account): string | undefined {
  const template = account.find("ec2/launchTemplate", valueAt(group, "launchTemplate.id"))?.properties;
  const [{ ebs = {} } = {}] = (template?.blockDeviceMappings ?? []) as [{ ebs?: Properties }?];
  if (String(ebs.encrypted) !== "true") return undefined;
  return (ebs.kmsKeyId as string | undefined) ?? defaultEbsKey(String(template?.region), account);
}

/** What a node's role must be allowed, each by one of these policies. */
const NODE_POLICIES = [
  /\/AmazonEKSWorkerNode(Minimal)?Policy$/,
  /\/AmazonEKS_CNI_Policy$/,
  /\/AmazonEC2ContainerRegistry(PullOnly|ReadOnly)$/,
];

/** What the EBS driver says when it doesn't start with its configuration. */
function whyDriverEnds({ addonName, configurationValues }: Properties): string | undefined {
  if (addonName !== "aws-ebs-csi-driver") return undefined;
  try {
    extraTags(configurationValues);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export const errors = {
  AssociateAccessPolicy: [
    {
      code: "ResourceNotFoundException",
      message: "The specified principalArn {principalArn} could not be found: it has no access entry.",
      when: (request, account) =>
        !inSameCluster("eks/accessEntry", request, account).some(
          (entry) => entry.properties.principalArn === request.properties.principalArn,
        ),
    },
    noClusterFound("clusterName"),
  ],
  CreateAccessEntry: [
    {
      code: "ResourceInUseException",
      message: "The specified access entry resource is already in use on this cluster.",
      when: exists("eks/accessEntry", "clusterName", "principalArn"),
    },
    noClusterFound("clusterName"),
    {
      code: "ResourceInUseException",
      message:
        "The specified access entry resource is already in use on this cluster: its creator has one, and so have its nodes.",
      when: (request, account) => {
        const nodeRoles = inSameCluster("eks/nodeGroup", request, account).map(
          ({ properties }) => properties.nodeRoleArn,
        );
        return [creatorOf(account), ...nodeRoles].includes(request.properties.principalArn);
      },
    },
  ],
  CreateAddon: [
    unsupportedConfiguration,
    {
      code: "ResourceInUseException",
      message: "Addon already exists.",
      when: exists("eks/addon", "clusterName", "addonName"),
    },
    noClusterFound("clusterName"),
  ],
  CreateCluster: [
    {
      code: "UnsupportedAvailabilityZoneException",
      message: (request, account) =>
        `Cannot create cluster '${String(request.properties.name)}' because ${refusedZones(request, account).join(", ")}, the ` +
        "targeted availability zone, does not currently have sufficient capacity to support the cluster.",
      page: `${GUIDE}network-reqs.html`,
      when: (request, account) => refusedZones(request, account).length > 0,
    },
    {
      code: "InvalidParameterException",
      message: "Subnets specified must be in at least two different AZs",
      page: `${GUIDE}network-reqs.html`,
      when: ({ properties }, account) => zonesOf(properties, account).size < 2,
    },
    {
      code: "ResourceInUseException",
      message: "Cluster already exists with name: {name}",
      when: exists("eks/cluster", "name"),
    },
  ],
  CreateNodegroup: [
    {
      code: "ResourceInUseException",
      message: "NodeGroup already exists with name {nodeGroupName} and cluster name {clusterName}",
      when: exists("eks/nodeGroup", "clusterName", "nodeGroupName"),
    },
    noClusterFound("clusterName"),
    newerThanCluster,
  ],
  CreatePodIdentityAssociation: [
    {
      code: "ResourceInUseException",
      message: "Association already exists for {namespace}/{serviceAccount}",
      when: exists("eks/podIdentityAssociation", "clusterName", "namespace", "serviceAccount"),
    },
    noClusterFound("clusterName"),
  ],
  DeleteCluster: [
    {
      code: "ResourceInUseException",
      message: "Cluster has nodegroups attached",
      when: isReferredTo("eks/nodeGroup", "clusterName"),
    },
    {
      code: "InvalidRequestException",
      message: "Cannot delete cluster {name} because deletion protection is enabled.",
      page: `${GUIDE}deletion-protection.html`,
      when: ({ properties }) => properties.deletionProtection === true,
    },
  ],
  /** What EKS tells in the health of an add-on that doesn't become active. */
  DescribeAddon: [
    {
      code: "InsufficientNumberOfReplicas",
      message: ({ properties }) =>
        `The add-on ${properties.addonName as string} is DEGRADED because it doesn't have the desired number of replicas: its ` +
        `container ebs-plugin ends with "${whyDriverEnds(properties)}".`,
      page: `${GUIDE}managing-add-ons.html`,
      when: ({ properties }) => whyDriverEnds(properties) !== undefined,
    },
    {
      code: "InsufficientNumberOfReplicas",
      message:
        "The add-on {addonName} is DEGRADED because it doesn't have the desired number of replicas: no node can run them.",
      page: `${GUIDE}managing-add-ons.html`,
      when: (request, account) =>
        ADDONS_WITH_PODS.includes(String(request.properties.addonName)) &&
        !inSameCluster("eks/nodeGroup", request, account).some(({ status }) => status === "ACTIVE"),
    },
  ],
  DescribeCluster: [noClusterFound("name")],
  /** What EKS tells in the health of a node group that doesn't become active. */
  DescribeNodegroup: [
    {
      code: "NodeCreationFailure",
      message: "Instances failed to join the kubernetes cluster: a subnet of theirs has no route to the internet.",
      page: `${GUIDE}troubleshooting.html`,
      when: ({ properties }, account) =>
        ((properties.subnetIds ?? []) as string[]).some((subnetId) => !hasWayOut(subnetId, account)),
    },
    {
      code: "NodeCreationFailure",
      message: "Instances failed to join the kubernetes cluster: the node role lacks a policy that nodes need.",
      page: `${GUIDE}create-node-role.html`,
      when: ({ properties }, account) => {
        const role = String(properties.nodeRoleArn).split("/").pop();
        const attached = account
          .where("iam/rolePolicyAttachment", "role", role)
          .map((attachment) => String(attachment.properties.policyArn));
        return !NODE_POLICIES.every((policy) => attached.some((arn) => policy.test(arn)));
      },
    },
    {
      // AWS's words: https://github.com/hashicorp/terraform-provider-aws/issues/39904
      code: "AsgInstanceLaunchFailures",
      message:
        "Instance became unhealthy while waiting for instance to be in InService state. Termination Reason: " +
        "Client.InvalidKMSKey.InvalidState: The KMS key provided is in an incorrect state",
      page: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
      when: ({ properties }, account) => !mayAutoScalingUse(diskKeyOf(properties, account), account),
    },
    {
      code: "NodeCreationFailure",
      message: "Unhealthy nodes in the kubernetes cluster: cni plugin not initialized, there is no add-on vpc-cni.",
      page: `${GUIDE}troubleshooting.html`,
      when: (request, account) =>
        clusterOf(request, account).bootstrapSelfManagedAddons === false &&
        !inSameCluster("eks/addon", request, account).some(({ properties }) => properties.addonName === "vpc-cni"),
    },
  ],
  UpdateAddon: [unsupportedConfiguration],
  UpdateClusterConfig: [
    {
      code: "InvalidParameterException",
      message:
        "The subnets provided don't belong to the exact set of AZs in which subnets were provided during cluster creation.",
      page: page("VpcConfigRequest"),
      when: ({ olds, properties }, account) => !isDeepStrictEqual(zonesOf(olds, account), zonesOf(properties, account)),
    },
  ],
  UpdateClusterVersion: [
    {
      code: "InvalidParameterException",
      message: (request, account) =>
        `Unsupported Kubernetes minor version update from ${String(livingVersion(request, account))} to ` +
        String(request.properties.version),
      page: `${GUIDE}update-cluster.html`,
      // Nor to the version that it has. A version back, within seven days of an update, EKS takes since July 2026 where the
      // nodes have it already; this program's never do, as they go after the control plane.
      when: (request, account) =>
        request.olds.version !== request.properties.version &&
        minor(request.properties.version) - minor(livingVersion(request, account)) !== 1,
    },
  ],
  UpdateNodegroupVersion: [newerThanCluster],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
