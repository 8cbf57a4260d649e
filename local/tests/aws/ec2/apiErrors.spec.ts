import type { Properties } from "../../../plugins/plugin";
import { type Case, record } from "../apiErrorCases";

const vpc = record("ec2/vpc", "vpc-1", { cidrBlock: "10.0.0.0/16" });
const subnet = (id: string, cidrBlock: string, availabilityZone = "a") =>
  record("ec2/subnet", id, { vpcId: "vpc-1", cidrBlock, availabilityZone });
const gateway = record("ec2/internetGateway", "igw-1", { vpcId: "vpc-1" });
const nat = record("ec2/natGateway", "nat-1", { subnetId: "subnet-1", allocationId: "eipalloc-1" });

/** A way out of subnet-1, of which a test leaves something out. */
export const wayOut = [
  nat,
  record("ec2/routeTableAssociation", "x", { routeTableId: "rtb-1", subnetId: "subnet-1" }),
  record("ec2/route", "r", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0", natGatewayId: "nat-1" }),
];

const endpoint = (properties: Properties) => record("ec2/vpcEndpoint", "vpce-1", properties);

const left = record("ec2/networkInterface", "eni-1", { subnetId: "subnet-1", groups: ["sg-1"] });

export const networkCases: Case[] = [
  {
    on: "create",
    thing: subnet("subnet-2", "10.0.8.0/22"),
    others: [vpc, subnet("subnet-1", "10.0.0.0/20")],
    refused: /^InvalidSubnet.Conflict: The CIDR '10.0.8.0\/22' conflicts with another subnet/,
    accepted: { others: [vpc, subnet("subnet-1", "10.0.0.0/21")] },
  },
  {
    on: "create",
    thing: subnet("subnet-2", "10.1.0.0/22"),
    others: [vpc],
    refused: /^InvalidSubnet.Range: The CIDR '10.1.0.0\/22' is invalid/,
    accepted: { thing: subnet("subnet-2", "10.0.0.0/22") },
  },
  {
    on: "create",
    thing: nat,
    others: [subnet("subnet-1", "10.0.0.0/20")],
    refused: /^Gateway.NotAttached: The network of subnet subnet-1 has no Internet gateway attached/,
    accepted: { others: [subnet("subnet-1", "10.0.0.0/20"), gateway] },
  },
  ...[record("ec2/routeTable", "rtb-1", { vpcId: "vpc-1" }), endpoint({ vpcId: "vpc-1" })].map((left): Case => {
    return { on: "delete", thing: vpc, others: [left], refused: /^DependencyViolation: The vpc 'vpc-1'/ };
  }),
  {
    on: "delete",
    thing: subnet("subnet-1", "10.0.0.0/20"),
    others: [endpoint({ subnetIds: ["subnet-1"] })],
    refused: /^DependencyViolation: The subnet 'subnet-1'/,
  },
  {
    on: "delete",
    thing: subnet("subnet-1", "10.0.0.0/20"),
    others: [left],
    refused: /^DependencyViolation: The subnet 'subnet-1'/,
  },
  {
    on: "delete",
    thing: record("ec2/securityGroup", "sg-1"),
    others: [left],
    refused: /^DependencyViolation: resource sg-1 has a dependent/,
  },
  {
    on: "delete",
    thing: record("ec2/securityGroup", "sg-1"),
    others: [endpoint({ securityGroupIds: ["sg-1"] })],
    refused: /^DependencyViolation: resource sg-1 has a dependent/,
  },
];
