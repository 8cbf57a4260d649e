import { Address4 } from "ip-address";
import { validateControlPlaneZones } from "../../components/eks/controlPlaneZones";
import { validateVpcCidr, validateZones } from "../../components/network/subnets";
import { listed, constraint } from "../constraint";

/**
 * A VPC may have other ranges, but then its nodes never reach whoever has those addresses on the internet. EKS itself
 * takes its Services' range, 10.100.0.0/16 or 172.20.0.0/16, so that it isn't the VPC's.
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** A zone's private subnet is a sixteenth of the VPC, less the five addresses of AWS; a node and its pods take 29. */
const SUBNET_BITS = 4;
const RESERVED_BY_AWS = 5;
const ADDRESSES_PER_NODE = 29;

export const networkConstraints = [
  constraint({
    id: "zones",
    key: "zones",
    title: "Zones are named once each, by their names in one region.",
    reads: ["zones"],
    check: ({ zones }) => validateZones(zones),
  }),
  constraint({
    id: "zones-in-region",
    key: "zones",
    title: "Zones lie in the region.",
    reads: ["zones", "region"],
    check: ({ zones, region }) => {
      const elsewhere = zones.filter((zone) => !zone.startsWith(region));
      return (
        elsewhere.length > 0 &&
        validateZones(zones).length === 0 && {
          expected: `in the region ${region}: ${listed(elsewhere)} lie elsewhere`,
          fix: "Name the region's own zones, or set region.",
        }
      );
    },
  }),
  constraint({
    id: "control-plane-zones",
    key: "controlPlaneZones",
    title: "The control plane reaches into at least two of the zones.",
    reads: ["controlPlaneZones", "zones"],
    check: ({ controlPlaneZones, zones }) => validateControlPlaneZones(controlPlaneZones, zones),
  }),
  constraint({
    id: "vpc-range",
    key: "vpcCidr",
    title: "The VPC's range is one that AWS takes, and large enough for a zone's share of it.",
    reads: ["vpcCidr"],
    check: ({ vpcCidr }) => validateVpcCidr(vpcCidr, "vpcCidr"),
  }),
  constraint({
    id: "vpc-private",
    key: "vpcCidr",
    title: "The VPC's range is nobody's on the internet.",
    reads: ["vpcCidr"],
    check: ({ vpcCidr }) =>
      validateVpcCidr(vpcCidr, "vpcCidr").length === 0 &&
      !PRIVATE.some((range) => new Address4(vpcCidr).isInSubnet(new Address4(range))) && {
        expected: `within ${listed(PRIVATE)}`,
        fix: "Its nodes could never reach whoever has these addresses on the internet.",
      },
  }),
  constraint({
    id: "vpc-addresses",
    key: "nodesPerZone",
    title: "A zone's private subnet has addresses for its nodes and their pods.",
    reads: ["vpcCidr", "nodesPerZone"],
    check: ({ vpcCidr, nodesPerZone }) => {
      if (validateVpcCidr(vpcCidr, "vpcCidr").length > 0) return false;
      const prefix = new Address4(vpcCidr).subnetMask + SUBNET_BITS;
      const most = Math.floor((2 ** (32 - prefix) - RESERVED_BY_AWS) / ADDRESSES_PER_NODE);
      return (
        nodesPerZone > most && {
          expected: `at most ${most} in ${vpcCidr}, where a zone's nodes share a /${prefix}`,
          fix: `Each node and its pods take ${ADDRESSES_PER_NODE} addresses: choose fewer nodes, or a larger vpcCidr before the first up.`,
        }
      );
    },
  }),
];
