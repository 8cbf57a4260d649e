import { Address4 } from "ip-address";
import type { Cloud } from "../account";
import type { Rule } from "../apiErrors";

const EC2 = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html";

const range = (cidr: unknown) => new Address4(String(cidr));
const overlap = (a: Address4, b: Address4) => a.isInSubnet(b) || b.isInSubnet(a);

/** Whether the route that a subnet's addresses take to the internet leads anywhere. */
export function hasWayOut(subnetId: string, cloud: Cloud): boolean {
  const tables = cloud
    .users("ec2/subnet", subnetId, "ec2/routeTableAssociation")
    .map(({ properties }) => String(properties.routeTableId));
  return tables
    .flatMap((table) => cloud.users("ec2/routeTable", table, "ec2/route"))
    .some(
      ({ properties }) =>
        properties.destinationCidrBlock === "0.0.0.0/0" &&
        (cloud.find("ec2/natGateway", properties.natGatewayId) ??
          cloud.find("ec2/internetGateway", properties.gatewayId)) !== undefined,
    );
}

/** What EC2 refuses beyond duplicates and things in use. */
export const networkRules: Rule[] = [
  {
    on: "create",
    type: "ec2/subnet",
    error: "InvalidSubnet.Range",
    says: "The CIDR '{cidrBlock}' is invalid: it is not within its VPC's.",
    page: EC2,
    when: ({ properties }, cloud) => {
      const vpc = cloud.find("ec2/vpc", properties.vpcId);
      return vpc !== undefined && !range(properties.cidrBlock).isInSubnet(range(vpc.properties.cidrBlock));
    },
  },
  {
    on: "create",
    type: "ec2/subnet",
    error: "InvalidSubnet.Conflict",
    says: "The CIDR '{cidrBlock}' conflicts with another subnet",
    page: EC2,
    when: ({ properties }, cloud) =>
      cloud
        .users("ec2/vpc", String(properties.vpcId), "ec2/subnet")
        .some((other) => overlap(range(properties.cidrBlock), range(other.properties.cidrBlock))),
  },
  {
    on: "create",
    type: "ec2/natGateway",
    error: "Gateway.NotAttached",
    says: "The network of subnet {subnetId} has no Internet gateway attached",
    page: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html",
    when: ({ properties }, cloud) => {
      const vpc = cloud.find("ec2/subnet", properties.subnetId)?.properties.vpcId;
      return cloud.users("ec2/vpc", String(vpc), "ec2/internetGateway").length === 0;
    },
  },
];
