import type { Violation } from "../checks/violations";

/**
 * What is wrong with the zones of a cluster's control plane. EKS wants two different ones:
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export function validateControlPlaneZones(
  controlPlaneZones: string[],
  zones: string[],
  argument = "controlPlaneZones",
): Violation[] {
  const areTwo = new Set(controlPlaneZones).size >= 2;
  if (areTwo && controlPlaneZones.every((zone) => zones.includes(zone))) return [];
  return [
    {
      argument,
      expected: `at least two of the zones ${zones.join(", ")}`,
      actual: controlPlaneZones,
      fix: "EKS can't change them later: list the zones that the cluster was, or will be, created with.",
    },
  ];
}
