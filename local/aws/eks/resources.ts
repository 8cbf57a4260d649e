import { readControlPlane } from "../../stack/directory";
import { arn, referred, type ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";
import { makeDriverPods } from "./driverPods";
import { drainNodes, joinNodes } from "./nodeGroup";
import { createClusterResources, deleteClusterSecurityGroup, leaveInterfaces } from "./sideEffects";

export const resources: ResourceTypes<Operation> = {
  "eks/cluster": {
    id: "{name}",
    replaces:
      "name roleArn bootstrapSelfManagedAddons accessConfig.bootstrapClusterCreatorAdminPermissions " +
      "kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr",
    named: "name",
    computed: {
      arn: arn("eks", "cluster/{name}"),
      endpoint: () => readControlPlane().server,
      certificateAuthority: () => ({ data: readControlPlane().certificateAuthorityData }),
      "vpcConfig.clusterSecurityGroupId": "sg-{hex}",
      "vpcConfig.vpcId": ({ properties, account }) => {
        const { subnetIds } = properties.vpcConfig as { subnetIds: string[] };
        return account.find("ec2/subnet", subnetIds[0])?.properties.vpcId;
      },
      identities: ({ region }) => [
        { oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE` }] },
      ],
      platformVersion: "eks.1",
      status: "ACTIVE",
      version: "1.35",
    },
    calls: {
      create: ["CreateCluster"],
      update: ["UpdateClusterVersion", "UpdateClusterConfig"],
      delete: ["DeleteCluster"],
    },
    sideEffects: { created: createClusterResources, deleted: deleteClusterSecurityGroup },
  },
  "eks/nodeGroup": {
    id: "{clusterName}:{nodeGroupName}",
    replaces:
      "clusterName nodeGroupName nodeGroupNamePrefix nodeRoleArn subnetIds amiType capacityType diskSize instanceTypes " +
      "launchTemplate.id launchTemplate.name remoteAccess",
    named: "nodeGroupName",
    // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/eks/node_group.go; AWS's model has none.
    longest: { nodeGroupName: 63 },
    computed: {
      arn: arn("eks", "nodegroup/{clusterName}/{nodeGroupName}/{uuid}"),
      instanceTypes: ["t3.medium"],
      resources: ({ properties }) => [{ autoscalingGroups: [{ name: `eks-${String(properties.nodeGroupName)}` }] }],
      status: "ACTIVE",
      version: (group) => referred(group, "eks/cluster", "clusterName").version,
    },
    calls: { create: ["CreateNodegroup"], update: ["UpdateNodegroupConfig", "UpdateNodegroupVersion"] },
    activation: { operation: "DescribeNodegroup", failedStatus: "CREATE_FAILED", complete: joinNodes },
    sideEffects: { deleting: drainNodes, deleted: leaveInterfaces },
  },
  "eks/addon": {
    id: "{clusterName}:{addonName}",
    replaces: "clusterName addonName",
    computed: {
      arn: arn("eks", "addon/{clusterName}/{addonName}/{uuid}"),
      addonVersion: "v1.0.0-eksbuild.1",
      configurationValues: "",
      createdAt: "{now}",
    },
    calls: { create: ["CreateAddon"], update: ["UpdateAddon"] },
    activation: {
      operation: "DescribeAddon",
      failedStatus: "DEGRADED",
      complete: ({ addonName }) => makeDriverPods(addonName),
    },
  },
  "eks/podIdentityAssociation": {
    id: "a-{hex}",
    replaces: "clusterName namespace serviceAccount",
    computed: { associationArn: arn("eks", "podidentityassociation/{clusterName}/{id}"), associationId: "{id}" },
    calls: { create: ["CreatePodIdentityAssociation"] },
    sideEffects: { created: (association) => void (association.createdAt = new Date().toISOString()) },
  },
  "eks/accessEntry": {
    id: "{clusterName}:{principalArn}",
    replaces: "clusterName principalArn type",
    computed: { accessEntryArn: arn("eks", "access-entry/{clusterName}/{uuid}"), userName: "{principalArn}" },
    calls: { create: ["CreateAccessEntry"] },
  },
  "eks/accessPolicyAssociation": {
    id: "{clusterName}#{principalArn}#{policyArn}",
    replaces: "*",
    untagged: true,
    computed: { associatedAt: "{now}" },
    calls: { create: ["AssociateAccessPolicy"] },
  },
};
