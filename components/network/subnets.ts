import { Address4 } from "ip-address";
import { show, type Violation } from "../checks/violations";

/** The IPv4 ranges of a zone's subnets. */
export interface ZoneSubnets {
  /** For load balancers and NAT gateways. */
  public: string;
  /** For nodes, pods and mount targets. Twice the size of the public one: every pod takes an address of its own. */
  private: string;
}

/**
 * Zones get their share of the VPC by their letter, so that adding or removing one never moves another's subnets. The
 * region with the most zones, us-east-1, goes to `f`.
 */
const ZONE = /^(?<region>[a-z]{2}(?:-[a-z]+)+-\d+)(?<letter>[a-h])$/;
const SLOT_BITS = 3;

/** AWS takes no larger VPC: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const LARGEST_VPC = 16;
/** Addresses that a node and its pods take: the VPC CNI holds them in advance. https://github.com/aws/amazon-vpc-cni-k8s */
export const ADDRESSES_PER_NODE = 29;
/**
 * Of a /22 a zone's public subnet is a /27, the smallest that an Application Load Balancer accepts
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html), and its private
 * one a /26 of 59 usable addresses: two nodes of 29 each, since the VPC CNI holds addresses for a node's pods in advance.
 */
const SMALLEST_VPC = 22;

/**
 * Cuts one private and one public subnet a zone out of a VPC's range.
 *
 * The VPC has eight equal slots, for the zones `a` to `h`. The first half of a slot is the zone's private subnet, the
 * third quarter its public one; the fourth quarter stays free. Of `10.0.0.0/16`, `eu-west-1b` has `10.0.32.0/20` and
 * `10.0.48.0/21`, whatever other zones there are.
 *
 * @param vpcCidr The VPC's IPv4 range, from /16 to /22, such as `10.0.0.0/16`.
 * @param zones Availability zones of one region by name, such as `eu-west-1a`.
 * @returns By zone.
 * @throws Error with every violation of {@link validateSubnetPlan}.
 */
export function planSubnets(vpcCidr: string, zones: string[]): Record<string, ZoneSubnets> {
  const violations = validateSubnetPlan(vpcCidr, zones);
  if (violations.length > 0) {
    const lines = violations.map(({ argument, expected, actual, fix }) => {
      return `${argument} must be ${expected}; it is ${show(actual)}. ${fix}`;
    });
    throw new Error(lines.join("\n"));
  }
  const vpc = new Address4(vpcCidr);
  const slotPrefix = vpc.subnetMask + SLOT_BITS;
  const plan = zones.map((zone) => {
    const slot = vpc.bigInt() + BigInt(slotOf(zone)) * size(slotPrefix);
    const subnets: ZoneSubnets = {
      public: cidr(slot + size(slotPrefix + 1), slotPrefix + 2),
      private: cidr(slot, slotPrefix + 1),
    };
    return [zone, subnets] as const;
  });
  return Object.fromEntries(plan);
}

/** What is wrong with the arguments of {@link planSubnets}, all of it at once. */
export function validateSubnetPlan(vpcCidr: string, zones: string[]): Violation[] {
  return [...validateVpcCidr(vpcCidr), ...validateZones(zones)];
}

/** What is wrong with the range of a VPC that is to be cut by {@link planSubnets}. */
export function validateVpcCidr(vpcCidr: string, argument = "cidrBlock"): Violation[] {
  const violation = { argument, actual: vpcCidr };
  if (!vpcCidr.includes("/") || !Address4.isValid(vpcCidr)) {
    return [
      { ...violation, expected: "an IPv4 range", fix: "Write it as address/prefix length, such as 10.0.0.0/16." },
    ];
  }
  const vpc = new Address4(vpcCidr);
  if (vpc.networkForm() !== vpcCidr) {
    return [
      {
        ...violation,
        expected: "written by its first address",
        fix: `Write ${vpc.networkForm()}.`,
      },
    ];
  }
  if (vpc.subnetMask < LARGEST_VPC || vpc.subnetMask > SMALLEST_VPC) {
    const fix =
      vpc.subnetMask < LARGEST_VPC
        ? `AWS allows no VPC larger than /${LARGEST_VPC}.`
        : "Each zone gets an eighth of the VPC: in a smaller one that is too little for its pods and a load balancer.";
    return [{ ...violation, expected: `a range from /${LARGEST_VPC} to /${SMALLEST_VPC}`, fix }];
  }
  return [];
}

/** What is wrong with zones that are to get subnets. */
export function validateZones(zones: string[], argument = "zones"): Violation[] {
  const violation = { argument, actual: zones };
  if (zones.length === 0) {
    return [{ ...violation, expected: "at least one zone", fix: "Name the zones to use, such as eu-west-1a." }];
  }
  const wrong = zones.filter((zone) => !ZONE.test(zone));
  if (wrong.length > 0) {
    const fix = `Not accepted: ${wrong.join(", ")}. A name is the region's and a letter from a to h; no zone ids, Local or Wavelength Zones.`;
    return [{ ...violation, expected: "availability zones by name, such as eu-west-1a", fix }];
  }
  const repeated = [...new Set(zones.filter((zone, index) => zones.indexOf(zone) !== index))];
  if (repeated.length > 0) {
    return [
      {
        ...violation,
        expected: "a list that names each zone once",
        fix: `Remove the repeated ${repeated.join(", ")}.`,
      },
    ];
  }
  const regions = [...new Set(zones.map((zone) => ZONE.exec(zone)!.groups!.region))];
  if (regions.length > 1) {
    return [{ ...violation, expected: "zones of one region", fix: `These are in ${regions.join(" and ")}.` }];
  }
  return [];
}

/** What is wrong with subnets by zone, of which every zone must have one. */
export function validateSubnetIds(
  zones: string[],
  subnetIds: Record<string, unknown> | undefined,
  argument = "subnetIds",
): Violation[] {
  if (subnetIds === undefined) return [];
  const without = zones.filter((zone) => subnetIds[zone] === undefined);
  if (without.length === 0) return [];
  return [
    {
      argument,
      expected: `a record with a subnet for ${without.join(", ")}`,
      actual: Object.keys(subnetIds),
      fix: `Name the same zones in zones and in ${argument}.`,
    },
  ];
}

function slotOf(zone: string): number {
  return ZONE.exec(zone)!.groups!.letter!.charCodeAt(0) - "a".charCodeAt(0);
}

/** How many addresses a range of this prefix length has. */
function size(prefix: number): bigint {
  return 1n << BigInt(32 - prefix);
}

function cidr(first: bigint, prefix: number): string {
  return `${Address4.fromBigInt(first).correctForm()}/${prefix}`;
}
