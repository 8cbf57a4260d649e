import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ADDRESSES_PER_NODE } from "./subnets";
import type { Violation } from "../checks/violations";
import { differing, lookedAt } from "../retention/adoptable";
import type { OwnResource } from "../retention/ownState";

interface Existing {
  vpcId: string;
  privateSubnetIds: Record<string, string>;
  zones: string[];
  nodesPerZone?: number;
}

/** What is wrong with a VPC and its subnets, by what EC2 says of them. */
export async function validateExistingNetwork(
  { vpcId, privateSubnetIds, zones, nodesPerZone = 0 }: Existing,
  state: OwnResource[],
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const hasNodes = state.some(({ type }) => type === "aws:eks/nodeGroup:NodeGroup");
  const addresses = hasNodes ? 0 : nodesPerZone * ADDRESSES_PER_NODE;
  const found = await Promise.all([
    validateVpc(vpcId, opts),
    ...zones.map((zone) => validateSubnet({ zone, id: privateSubnetIds[zone]!, vpcId, addresses }, opts)),
  ]);
  return found.flat();
}

/** https://docs.aws.amazon.com/efs/latest/ug/troubleshooting-efs-mounting.html, https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
function validateVpc(id: string, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  const argument = "vpcId";
  const right = "ec2:DescribeVpcs and ec2:DescribeVpcAttribute";
  return lookedAt({ argument, what: "a VPC", id, right }, aws.ec2.getVpc({ id }, opts), (vpc) => {
    const turnOn = (setting: string) =>
      `Nodes and mounts need names: aws ec2 modify-vpc-attribute --vpc-id ${id} --${setting} '{"Value":true}'`;
    return [
      ...differing(argument, id, turnOn("enable-dns-support"))("a VPC with DNS support", vpc.enableDnsSupport, true),
      ...differing(argument, id, turnOn("enable-dns-hostnames"))(
        "a VPC with DNS hostnames",
        vpc.enableDnsHostnames,
        true,
      ),
    ];
  });
}

async function validateSubnet(
  { zone, id, vpcId, addresses }: { zone: string; id: string; vpcId: string; addresses: number },
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const argument = "privateSubnetIds";
  const subnet = { argument, what: `a subnet for ${zone}`, id, right: "ec2:DescribeSubnets" };
  const ofSubnet = await lookedAt(subnet, aws.ec2.getSubnet({ id }, opts), (found) => {
    const { availableIpAddressCount: free = Infinity } = found;
    const few = {
      argument,
      expected: `a subnet for ${zone} with ${addresses} free addresses`,
      actual: `${id}, which has ${free}`,
      fix: `Each node and its pods take ${ADDRESSES_PER_NODE}: choose fewer nodes, or another subnet.`,
    };
    return [
      ...differing(argument, id, "Name each zone's own subnet.")(`a subnet in ${zone}`, found.availabilityZone, zone),
      ...differing(argument, id, "Name subnets of that VPC.")(`a subnet of ${vpcId}`, found.vpcId, vpcId),
      ...(free < addresses ? [few] : []),
    ];
  });
  return ofSubnet.length > 0 ? ofSubnet : validateRoute(zone, id, vpcId, opts);
}

/**
 * Nodes and mount targets have no public addresses: what they send by an internet gateway is never answered.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-internet-gateway.html
 */
function validateRoute(
  zone: string,
  subnetId: string,
  vpcId: string,
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const argument = "privateSubnetIds";
  const subnet = { argument, what: "a subnet with routes", id: subnetId, right: "ec2:DescribeRouteTables" };
  return lookedAt(subnet, routeTable(subnetId, vpcId, opts), ({ routes = [] }) => {
    const wayOut = routes.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
    if (wayOut?.gatewayId.startsWith("igw-")) {
      const expected = `a private subnet for ${zone}, whose nodes reach the internet by NAT`;
      const actual = `${subnetId}, whose default route is the internet gateway ${wayOut.gatewayId}`;
      const fix = "Nodes have no public addresses, and would get no answers: name a private subnet.";
      return [{ argument, expected, actual, fix }];
    }
    if (wayOut === undefined && routes.length > 0 && pulumi.runtime.isDryRun()) {
      const what = `The subnet ${subnetId} has no default route: its nodes reach no image outside of the VPC`;
      // Not awaited: the engine takes it when the component is registered, which may wait for this check.
      void pulumi.log.warn(`${what}, unless every image is one that its endpoints lead to.`, opts.parent);
    }
    return [];
  });
}

/** A subnet's own route table, or else the VPC's main one. */
function routeTable(subnetId: string, vpcId: string, opts: pulumi.InvokeOptions): Promise<aws.ec2.GetRouteTableResult> {
  const filters = [{ name: "association.main", values: ["true"] }];
  const own = aws.ec2.getRouteTable({ subnetId }, opts);
  // It is an error that there is none; whoever may not ask for this one may not ask for the other.
  return own.catch(() => aws.ec2.getRouteTable({ vpcId, filters }, opts));
}
