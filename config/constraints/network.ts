import { Address4 } from "ip-address";
import { validateControlPlaneZones } from "../../components/eks/controlPlaneZones";
import { ADDRESSES_PER_NODE, validateVpcCidr, validateZones } from "../../components/network/subnets";
import { listed, constraint } from "./constraint";

/**
 * A VPC may have other ranges, but its nodes then can't reach the hosts on the internet that have those addresses. EKS
 * chooses its Services' range, 10.100.0.0/16 or 172.20.0.0/16, so that it isn't the VPC's.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** A zone's private subnet is a sixteenth of the VPC, less the five addresses of AWS. */
const SUBNET_BITS = 4;
const RESERVED_BY_AWS = 5;

export const networkConstraints = [
  constraint({
    id: "zones",
    key: "zones",
    title: "Each zone is listed once, by its name, and all are in one region.",
    reads: ["zones"],
    check: ({ zones }) => validateZones(zones),
  }),
  constraint({
    id: "zones-in-region",
    key: "zones",
    title: "All zones are in the stack's region.",
    reads: ["zones", "region"],
    check: ({ zones, region }) => {
      const elsewhere = zones.filter((zone) => !zone.startsWith(region));
      return (
        elsewhere.length > 0 &&
        validateZones(zones).length === 0 && {
          expected: `zones of the region ${region}`,
          fix: `${listed(elsewhere)}: in another region. List zones of ${region}, or set region.`,
        }
      );
    },
  }),
  constraint({
    id: "control-plane-zones",
    key: "controlPlaneZones",
    title: "The control plane uses at least two of the zones.",
    reads: ["controlPlaneZones", "zones"],
    check: ({ controlPlaneZones, zones }) => validateControlPlaneZones(controlPlaneZones, zones),
  }),
  constraint({
    id: "vpc-range",
    key: "vpcCidr",
    title: "The VPC's range is a /16 to a /22, written by its first address.",
    reads: ["vpcCidr"],
    check: ({ vpcCidr }) => validateVpcCidr(vpcCidr, "vpcCidr"),
  }),
  constraint({
    id: "vpc-private",
    key: "vpcCidr",
    title: "The VPC's addresses are private ones.",
    reads: ["vpcCidr"],
    check: ({ vpcCidr }) =>
      validateVpcCidr(vpcCidr, "vpcCidr").length === 0 &&
      !PRIVATE.some((range) => new Address4(vpcCidr).isInSubnet(new Address4(range))) && {
        expected: `within ${listed(PRIVATE)}`,
        fix: "With others, its nodes couldn't reach the hosts on the internet that have these addresses.",
      },
  }),
  constraint({
    id: "vpc-addresses",
    key: "nodesPerZone",
    title: "A zone's private subnet is large enough for its nodes and their pods.",
    reads: ["vpcCidr", "nodesPerZone"],
    check: ({ vpcCidr, nodesPerZone }) => {
      if (validateVpcCidr(vpcCidr, "vpcCidr").length > 0) return false;
      const prefix = new Address4(vpcCidr).subnetMask + SUBNET_BITS;
      const most = Math.floor((2 ** (32 - prefix) - RESERVED_BY_AWS) / ADDRESSES_PER_NODE);
      return (
        nodesPerZone > most && {
          expected: `at most ${most} with vpcCidr ${vpcCidr}, which gives the nodes of a zone a /${prefix}`,
          fix: `Each node and its pods take ${ADDRESSES_PER_NODE} addresses: choose fewer nodes, or a larger vpcCidr before the first up.`,
        }
      );
    },
  }),
];
