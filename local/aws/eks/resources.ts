import { readControlPlane } from "../../stack/directory";
import { arn, referred, type ResourceTypes } from "../service";

const ofCluster = "clusterName:eks/cluster";

export const cluster: ResourceTypes = {
  "eks/cluster": {
    id: "{name}",
    replaces:
      "name roleArn bootstrapSelfManagedAddons accessConfig.bootstrapClusterCreatorAdminPermissions " +
      "kubernetesNetworkConfig.ipFamily kubernetesNetworkConfig.serviceIpv4Cidr",
    named: "name",
    unique: "name",
    refersTo: "vpcConfig.subnetIds:ec2/subnet vpcConfig.securityGroupIds:ec2/securityGroup",
    computed: {
      arn: arn("eks", "cluster/{name}"),
      endpoint: () => readControlPlane().server,
      certificateAuthority: () => ({ data: readControlPlane().certificateAuthorityData }),
      "vpcConfig.clusterSecurityGroupId": "sg-{hex}",
      "vpcConfig.vpcId": ({ properties, records }) => {
        const { subnetIds } = properties.vpcConfig as { subnetIds: string[] };
        return records.find((record) => record.id === subnetIds[0])?.properties.vpcId;
      },
      identities: ({ region }) => [
        { oidcs: [{ issuer: `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE` }] },
      ],
      platformVersion: "eks.1",
      status: "ACTIVE",
      version: "1.35",
    },
  },
  "eks/nodeGroup": {
    id: "{clusterName}:{nodeGroupName}",
    replaces:
      "clusterName nodeGroupName nodeGroupNamePrefix nodeRoleArn subnetIds amiType capacityType diskSize instanceTypes " +
      "launchTemplate.id launchTemplate.name remoteAccess",
    named: "nodeGroupName",
    unique: "clusterName nodeGroupName",
    refersTo: `${ofCluster} subnetIds:ec2/subnet launchTemplate.id:ec2/launchTemplate`,
    computed: {
      arn: arn("eks", "nodegroup/{clusterName}/{nodeGroupName}/{uuid}"),
      instanceTypes: ["t3.medium"],
      resources: ({ properties }) => [{ autoscalingGroups: [{ name: `eks-${String(properties.nodeGroupName)}` }] }],
      status: "ACTIVE",
      version: (made) => referred(made, "eks/cluster", "clusterName").version,
    },
  },
  "eks/addon": {
    id: "{clusterName}:{addonName}",
    replaces: "clusterName addonName",
    unique: "clusterName addonName",
    refersTo: ofCluster,
    computed: {
      arn: arn("eks", "addon/{clusterName}/{addonName}/{uuid}"),
      addonVersion: "v1.0.0-eksbuild.1",
      configurationValues: "",
      createdAt: "{now}",
    },
  },
  "eks/podIdentityAssociation": {
    id: "a-{hex}",
    replaces: "clusterName namespace serviceAccount",
    unique: "clusterName namespace serviceAccount",
    refersTo: ofCluster,
    computed: { associationArn: arn("eks", "podidentityassociation/{clusterName}/{id}"), associationId: "{id}" },
  },
  "eks/accessEntry": {
    id: "{clusterName}:{principalArn}",
    replaces: "clusterName principalArn type",
    unique: "clusterName principalArn",
    refersTo: ofCluster,
    computed: { accessEntryArn: arn("eks", "access-entry/{clusterName}/{uuid}"), userName: "{principalArn}" },
  },
  "eks/accessPolicyAssociation": {
    id: "{clusterName}#{principalArn}#{policyArn}",
    replaces: "*",
    untagged: true,
    refersTo: ofCluster,
    computed: { associatedAt: "{now}" },
  },
};
