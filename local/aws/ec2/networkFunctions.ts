import type { Properties } from "../../plugins/properties";
import type { Account } from "../account";
import type { AwsRecord } from "../records";
import type { ProviderFunction } from "../service";

/** What AWS keeps of each subnet for itself: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
const RESERVED = 5;

/** As the provider hands it on. */
const noMatch = (what: string) =>
  new Error(`invoking aws:ec2: 1 error occurred:\n\t* no matching EC2 ${what} found\n\n`);

function find(type: string, what: string, id: unknown, account: Account): AwsRecord {
  const found = account.find(type, id);
  if (!found) throw noMatch(what);
  return found;
}

/** The mount target's network interface, which EFS makes and describes. */
const interfaceOf = (mountTarget: AwsRecord) => ({
  id: mountTarget.id.replace("fsmt-", "eni-"),
  description: `EFS mount target for ${String(mountTarget.properties.fileSystemId)} (${mountTarget.id})`,
  ...mountTarget.properties,
});

/** A filter's value may have `*` in it: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html */
function matches(value: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(value);
}

export const networkFunctions: Record<string, ProviderFunction> = {
  "ec2/getVpc": ({ id }, _, account) => {
    const {
      cidrBlock,
      enableDnsSupport = true,
      enableDnsHostnames = false,
    } = find("ec2/vpc", "VPC", id, account).properties;
    return { id, cidrBlock, enableDnsSupport, enableDnsHostnames };
  },

  "ec2/getSubnet": ({ id }, _, account) => {
    const {
      vpcId,
      availabilityZone,
      cidrBlock,
      mapPublicIpOnLaunch = false,
    } = find("ec2/subnet", "Subnet", id, account).properties;
    const [, bits] = String(cidrBlock).split("/");
    const used = account.where("efs/mountTarget", "subnetId", id).length;
    const availableIpAddressCount = 2 ** (32 - Number(bits)) - RESERVED - used;
    return { id, vpcId, availabilityZone, cidrBlock, availableIpAddressCount, mapPublicIpOnLaunch };
  },

  /** A subnet's own table; a VPC's main one is as AWS makes it, without a way out of the VPC. */
  "ec2/getRouteTable": ({ subnetId, vpcId }, _, account) => {
    const [association] = account.where("ec2/routeTableAssociation", "subnetId", subnetId);
    if (!association && vpcId === undefined) throw noMatch("Route Table");
    const id = association?.properties.routeTableId ?? account.find("ec2/vpc", vpcId)?.properties.mainRouteTableId;
    const routes = account.where("ec2/route", "routeTableId", id).map(({ properties }: { properties: Properties }) => ({
      cidrBlock: properties.destinationCidrBlock ?? "",
      gatewayId: properties.gatewayId ?? "",
      natGatewayId: properties.natGatewayId ?? "",
    }));
    // The provider leaves out the local route.
    return { id, routeTableId: id, routes };
  },

  "ec2/getSecurityGroup": ({ id }, _, account) => {
    const { vpcId, name, description } = find("ec2/securityGroup", "Security Group", id, account).properties;
    return { id, vpcId, name, description };
  },

  "ec2/getNetworkInterfaces": ({ filters }, _, account) => {
    const [{ values }] = filters as [{ name: string; values: string[] }];
    const all = account.all("efs/mountTarget").map(interfaceOf);
    const found = all.filter(({ description }) => values.some((pattern) => matches(description, pattern)));
    return { id: "interfaces", ids: found.map(({ id }) => id) };
  },

  "ec2/getNetworkInterface": ({ id }, _, account) => {
    const mountTarget = find("efs/mountTarget", "Network Interface", String(id).replace("eni-", "fsmt-"), account);
    const { subnetId, securityGroups } = mountTarget.properties;
    const { availabilityZone, vpcId } = find("ec2/subnet", "Subnet", subnetId, account).properties;
    return { ...interfaceOf(mountTarget), availabilityZone, vpcId, subnetId, securityGroups };
  },
};
