import type { Commands } from "../cli/command";
import { addonVersions, CLUSTER_VERSIONS } from "./addonVersions";

/** https://docs.aws.amazon.com/cli/latest/reference/eks/ */
export const commands: Commands = {
  DescribeAddonVersions: {
    required: ["addon-name", "kubernetes-version"],
    run: ({ properties: { addonName, kubernetesVersion } }) =>
      addonVersions(String(addonName), String(kubernetesVersion)),
  },
  DescribeCluster: {
    required: ["name"],
    run: ({ properties: { name } }, account) => {
      const { arn, version, status, endpoint } = account.find("eks/cluster", name)!.properties;
      return { cluster: { name, arn, version, status, endpoint } };
    },
  },
  DescribeClusterVersions: { required: [], run: () => ({ clusterVersions: CLUSTER_VERSIONS }) },
};
