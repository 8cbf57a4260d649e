import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ADDRESSES_PER_NODE } from "./subnets";
import { isMissing } from "../checks/lookups";
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
  const nodes = hasNodes ? 0 : nodesPerZone;
  const found = await Promise.all([
    validateVpc(vpcId, opts),
    ...zones.map((zone) => validateSubnet({ zone, id: privateSubnetIds[zone]!, vpcId, nodes }, opts)),
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

interface Subnet {
  zone: string;
  id: string;
  vpcId: string;
  /** How many nodes are to be started in it. */
  nodes: number;
}

function validateSubnet({ zone, id, vpcId, nodes }: Subnet, opts: pulumi.InvokeOptions): Promise<Violation[]> {
  const argument = "privateSubnetIds";
  const subnet = { argument, what: `a subnet for ${zone}`, id, right: "ec2:DescribeSubnets" };
  return lookedAt(subnet, aws.ec2.getSubnet({ id }, opts), async (found) => {
    const { availableIpAddressCount: free = Infinity, mapPublicIpOnLaunch } = found;
    const addresses = nodes * ADDRESSES_PER_NODE;
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
      // Nodes of a subnet that gives out public addresses have a way through an internet gateway.
      ...(nodes > 0 && !mapPublicIpOnLaunch ? await validateRoute(zone, id, vpcId, opts) : []),
    ];
  });
}

/**
 * Nodes without public addresses get no answers to what they send by an internet gateway.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-internet-gateway.html
 */
async function validateRoute(
  zone: string,
  subnetId: string,
  vpcId: string,
  opts: pulumi.InvokeOptions,
): Promise<Violation[]> {
  const argument = "privateSubnetIds";
  const subnet = { argument, what: "a subnet with routes", id: subnetId, right: "ec2:DescribeRouteTables" };
  return lookedAt(subnet, routeTable(subnetId, vpcId, opts), ({ routes }) => {
    const wayOut = routes?.find(({ cidrBlock }) => cidrBlock === "0.0.0.0/0");
    if (wayOut?.gatewayId.startsWith("igw-")) {
      const expected = `a private subnet for ${zone}, whose nodes reach the internet by NAT`;
      const actual = `${subnetId}, whose default route is the internet gateway ${wayOut.gatewayId}`;
      const fix = "Nodes there get no public addresses, and so no answers: name a private subnet.";
      return [{ argument, expected, actual, fix }];
    }
    if (routes !== undefined && wayOut === undefined && pulumi.runtime.isDryRun()) {
      const what =
        `The subnet ${subnetId} has no default route: its nodes reach no image outside of the VPC, unless a VPN gateway ` +
        "propagates one, or every image is one that the VPC's endpoints lead to.";
      // Not awaited: the engine takes it when the component is registered, which may wait for this check.
      void pulumi.log.warn(what, opts.parent);
    }
    return [];
  });
}

/** A subnet's own route table, or else the VPC's main one. The provider leaves out local and propagated routes. */
async function routeTable(
  subnetId: string,
  vpcId: string,
  opts: pulumi.InvokeOptions,
): Promise<Partial<aws.ec2.GetRouteTableResult>> {
  const filters = [{ name: "association.main", values: ["true"] }];
  const unlessMissing = (error: unknown) => {
    if (!isMissing(error)) throw error;
    return undefined;
  };
  const own = await aws.ec2.getRouteTable({ subnetId }, opts).catch(unlessMissing);
  // Who shares another account's subnets may not see its tables.
  return own ?? (await aws.ec2.getRouteTable({ vpcId, filters }, opts).catch(unlessMissing)) ?? {};
}
