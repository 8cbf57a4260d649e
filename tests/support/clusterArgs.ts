import { type ClusterArgs, Retention } from "../../components/index";

/** Arguments of a right cluster, in two zones; what a spec is about it says itself. */
export function clusterArgs({
  zones = ["eu-west-1a", "eu-west-1b"],
  ...changes
}: Partial<ClusterArgs> = {}): ClusterArgs {
  return {
    clusterName: "shop",
    kubernetesVersion: "1.35",
    vpcId: "vpc-11111111",
    zones,
    controlPlaneZones: zones.slice(0, 2),
    privateSubnetIds: Object.fromEntries(zones.map((zone, index) => [zone, `subnet-1111111${index}`])),
    apiAccessCidrs: ["198.18.113.0/24"],
    addonVersions: {
      vpcCni: "v1.1.0-eksbuild.1",
      kubeProxy: "v1.2.0-eksbuild.1",
      coredns: "v1.3.0-eksbuild.1",
      podIdentityAgent: "v1.4.0-eksbuild.1",
    },
    retention: Retention.Delete,
    ...changes,
  };
}
