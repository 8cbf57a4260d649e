import type { Properties } from "../../plugins/properties";
import { record } from "./apiErrorCases";

// Resources that the cases of several services begin from.

export const cluster = (properties: Properties = {}) =>
  record("eks/cluster", "c", { name: "c", version: "1.35", ...properties });

export const clusterIn = (vpcConfig: Properties) => cluster({ vpcConfig });

export const nodeGroup = record("eks/nodeGroup", "c:g", {
  clusterName: "c",
  nodeRoleArn: "arn:aws:iam::1:role/nodes",
});

export const subnet = record("ec2/subnet", "subnet-11111111", {
  vpcId: "vpc-11111111",
  cidrBlock: "10.0.0.0/24",
  availabilityZone: "a",
});

export const securityGroup = record("ec2/securityGroup", "sg-11111111", { vpcId: "vpc-11111111", name: "one" });

export const internetGateway = record("ec2/internetGateway", "igw-1", { vpcId: "vpc-11111111" });

export const natGateway = record("ec2/natGateway", "nat-1", {
  subnetId: "subnet-11111111",
  allocationId: "eipalloc-1",
});

/** A way out of subnet-11111111, of which a test leaves something out. */
export const wayOut = [
  natGateway,
  record("ec2/routeTableAssociation", "x", { routeTableId: "rtb-1", subnetId: "subnet-11111111" }),
  record("ec2/route", "r", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" }),
];

export const mountTarget = record("efs/mountTarget", "fsmt-1", {
  fileSystemId: "fs-11111111",
  subnetId: "subnet-11111111",
  securityGroups: ["sg-11111111"],
  availabilityZoneName: "a",
});

/** One of AWS's own policies, attached to the nodes' role. */
export const nodePolicy = (policy: string) =>
  record("iam/rolePolicyAttachment", `nodes/${policy}`, {
    role: "nodes",
    policyArn: `arn:aws:iam::aws:policy/${policy}`,
  });

export const nodePolicies = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryPullOnly",
].map(nodePolicy);

export const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
