// A network of another team's, in which a cluster is made.
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

const config = new pulumi.Config();
const officeCidr = config.require("officeCidr");

const network = new storage.ExistingNetwork("network", {
  vpcId: "vpc-0123456789abcdef0",
  privateSubnetIds: { "eu-west-1a": "subnet-0123456789abcdef0", "eu-west-1b": "subnet-0fedcba9876543210" },
  zones: ["eu-west-1a", "eu-west-1b"],
  nodesPerZone: 1,
});
new storage.Cluster("cluster", {
  clusterName: "shop",
  kubernetesVersion: "1.35",
  vpcId: network.vpcId,
  zones: ["eu-west-1a", "eu-west-1b"],
  controlPlaneZones: ["eu-west-1a", "eu-west-1b"],
  privateSubnetIds: network.privateSubnetIds,
  apiAccessCidrs: [officeCidr],
  addonVersions: {
    vpcCni: "v1.21.1-eksbuild.1",
    kubeProxy: "v1.35.0-eksbuild.2",
    coredns: "v1.13.1-eksbuild.1",
    podIdentityAgent: "v1.3.10-eksbuild.2",
  },
  retention: storage.Retention.Retain,
});
