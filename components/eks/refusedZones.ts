import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lookUp } from "../checks/lookups";
import type { Violation } from "../checks/violations";
import type { Adopter } from "../retention/adopter";
import { type OwnResource, ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";
import { ownCluster } from "./ownCluster";

/**
 * The zones, by region, in which EKS takes no subnets of a cluster; nodes may be there. They are ids: which letter one has
 * differs from account to account.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html#cluster-subnets
 */
const REFUSED: Record<string, string> = {
  "us-east-1": "use1-az3",
  "us-west-1": "usw1-az2",
  "ca-central-1": "cac1-az3",
};

/** What {@link Cluster} says about its zones. */
interface ZonesArgs {
  clusterName: string;
  zones: string[];
  controlPlaneZones: string[];
  /** Undefined where they aren't known yet. */
  instanceTypes: string[] | undefined;
}

/**
 * Refuses, at a preview already, a new control plane in a zone where EKS makes none, and a first node group in a
 * zone that has none of its instance types, as these old zones have no recent ones: AWS would, once the network is there.
 * Outside of the three regions nothing is looked up.
 *
 * @returns what the cluster must wait for; undefined where there is nothing to ask.
 */
export function refuseZones(args: ZonesArgs, adopter: Adopter): Promise<void> | undefined {
  const refused = REFUSED[args.controlPlaneZones[0]?.slice(0, -1) ?? ""];
  if (refused === undefined) return undefined;
  const state = ownState();
  return refuseTogether(adopter, async () => {
    const found = [
      validateControlPlane(args, refused, await state, adopter),
      validateInstances(args, await state, adopter),
    ];
    return (await Promise.all(found)).flat();
  });
}

async function validateControlPlane(
  { clusterName, controlPlaneZones }: ZonesArgs,
  refused: string,
  state: OwnResource[],
  { component }: Adopter,
): Promise<Violation[]> {
  // Of a cluster that is there EKS has taken them, and can't change them.
  if (ownCluster(state, clusterName)) return [];
  return validateZoneIds(controlPlaneZones, refused, await zoneIds(component));
}

async function validateInstances(
  { zones, instanceTypes }: ZonesArgs,
  state: OwnResource[],
  { name, component: parent }: Adopter,
): Promise<Violation[]> {
  const hasNodes = (zone: string) =>
    state.some((it) => it.type === "aws:eks/nodeGroup:NodeGroup" && it.name === `${name}-${zone}`);
  const location = zones.filter((zone) => !hasNodes(zone));
  if (location.length === 0 || instanceTypes === undefined) return [];
  const filters = [
    { name: "instance-type", values: instanceTypes },
    { name: "location", values: location },
  ];
  const asked = aws.ec2.getInstanceTypeOfferings({ filters, locationType: "availability-zone" }, { parent });
  const found: Partial<aws.ec2.GetInstanceTypeOfferingsResult> = await lookUp(
    "Which zones have the instance types",
    "ec2:DescribeInstanceTypeOfferings",
    asked,
  );
  if (found.locations === undefined) return [];
  const without = location.filter((zone) => !found.locations!.includes(zone));
  const types = instanceTypes.join(" or ");
  const violation = {
    argument: "zones",
    expected: `zones that have ${types}, so not ${without.join(", ")}`,
    actual: zones,
    fix:
      "Choose other zones, or other instance types: aws ec2 describe-instance-type-offerings " +
      "--location-type availability-zone lists them.",
  };
  return without.length === 0 ? [] : [violation];
}

/** The account's zones in the provider's region: ids by name. */
async function zoneIds(parent: pulumi.Resource): Promise<Record<string, string>> {
  const filters = [{ name: "zone-type", values: ["availability-zone"] }];
  const asked = aws.getAvailabilityZones({ filters }, { parent });
  const what = "The ids of the account's zones";
  const found: Partial<aws.GetAvailabilityZonesResult> = await lookUp(what, "ec2:DescribeAvailabilityZones", asked);
  // Both are in the order of the names.
  return Object.fromEntries((found.names ?? []).map((name, index) => [name, found.zoneIds?.[index] ?? ""]));
}

function validateZoneIds(zones: string[], refused: string, ids: Record<string, string>): Violation[] {
  const name = zones.find((zone) => ids[zone] === refused);
  if (name === undefined) return [];
  const others = Object.keys(ids).filter((zone) => zone !== name);
  return [
    {
      argument: "controlPlaneZones",
      expected: `zones in which EKS makes clusters, so not ${name}: it is ${refused} in this account`,
      actual: zones,
      fix:
        `Choose from ${others.join(", ")}. Each account has its own letters for a region's zones: ` +
        "aws ec2 describe-availability-zones shows them.",
    },
  ];
}
