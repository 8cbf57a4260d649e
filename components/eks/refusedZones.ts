import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Violation } from "../checks/violations";
import type { Adopter } from "../retention/adopter";
import { ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";

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

/**
 * Refuses, at a preview already, a new control plane in a zone where EKS makes none: AWS would, once the network is there.
 * Outside of the three regions nothing is looked up.
 *
 * @returns what the cluster must wait for; undefined where there is nothing to ask.
 */
export function refuseZones(controlPlaneZones: string[], adopter: Adopter): Promise<void> | undefined {
  const refused = REFUSED[controlPlaneZones[0]?.slice(0, -1) ?? ""];
  if (refused === undefined) return undefined;
  const state = ownState();
  return refuseTogether(adopter, async () => {
    // Of a cluster that is there EKS has taken them, and can't change them.
    if ((await state).some(({ type }) => type === "aws:eks/cluster:Cluster")) return [];
    return validateZoneIds(controlPlaneZones, refused, await zoneIds(adopter.component));
  });
}

/** The account's zones in the provider's region: ids by name. None where nobody can be asked: what needs AWS says so. */
async function zoneIds(parent: pulumi.Resource): Promise<Record<string, string>> {
  const filters = [{ name: "zone-type", values: ["availability-zone"] }];
  const found: Partial<aws.GetAvailabilityZonesResult> = await aws
    .getAvailabilityZones({ filters }, { parent })
    .catch(() => ({}));
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
