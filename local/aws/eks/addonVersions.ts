/** A version of an add-on, with the first and the last Kubernetes minor that it is offered for. */
type Offer = [version: string, from: number, to: number];

/** Some of what EKS offers, newest first; by add-on, beside the version that is EKS's default. */
const OFFERS: Record<string, { default: string; offers: Offer[] }> = {
  "vpc-cni": {
    default: "v1.22.4-eksbuild.3",
    offers: [
      ["v1.23.1-eksbuild.1", 33, 36],
      ["v1.22.4-eksbuild.3", 33, 36],
      ["v1.21.1-eksbuild.8", 33, 36],
      ["v1.21.1-eksbuild.7", 33, 36],
      ["v1.21.1-eksbuild.1", 33, 35],
    ],
  },
  "kube-proxy": {
    default: "v1.36.0-eksbuild.25 v1.35.3-eksbuild.18 v1.34.3-eksbuild.2",
    offers: [
      ["v1.36.0-eksbuild.25", 36, 36],
      ["v1.35.3-eksbuild.18", 35, 36],
      ["v1.35.0-eksbuild.2", 35, 36],
      ["v1.34.3-eksbuild.2", 34, 36],
    ],
  },
  coredns: {
    default: "v1.14.3-eksbuild.23",
    offers: [
      ["v1.14.3-eksbuild.23", 34, 36],
      ["v1.13.1-eksbuild.1", 33, 35],
    ],
  },
  "eks-pod-identity-agent": {
    default: "v1.3.10-eksbuild.3",
    offers: [
      ["v1.3.10-eksbuild.3", 33, 36],
      ["v1.3.10-eksbuild.2", 33, 36],
    ],
  },
  "aws-efs-csi-driver": { default: "v3.4.1-eksbuild.1", offers: [["v3.4.1-eksbuild.1", 33, 36]] },
  "aws-ebs-csi-driver": {
    default: "v1.66.0-eksbuild.1",
    offers: [
      ["v1.66.0-eksbuild.1", 33, 36],
      ["v1.64.0-eksbuild.1", 33, 36],
    ],
  },
  "aws-mountpoint-s3-csi-driver": { default: "v2.7.0-eksbuild.1", offers: [["v2.7.0-eksbuild.1", 33, 36]] },
  "snapshot-controller": { default: "v8.6.0-eksbuild.8", offers: [["v8.6.0-eksbuild.8", 33, 36]] },
};

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html: an add-on that there isn't has none. */
export function addonVersions(addonName: string, kubernetesVersion: string): object {
  const { default: defaults, offers } = OFFERS[addonName] ?? { default: "", offers: [] };
  const minor = Number(kubernetesVersion.split(".")[1]);
  const offered = offers.filter(([, from, to]) => from <= minor && minor <= to).map(([version]) => version);
  const byDefault = defaults.split(" ").find((version) => offered.includes(version));
  const versions = offered.map((addonVersion) => ({
    addonVersion,
    architecture: ["amd64", "arm64"],
    compatibilities: [
      {
        clusterVersion: kubernetesVersion,
        platformVersions: ["*"],
        defaultVersion: addonVersion === byDefault,
      },
    ],
  }));
  return { addons: versions.length > 0 ? [{ addonName, addonVersions: versions }] : [] };
}

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeClusterVersions.html, in the time of another place. */
export const CLUSTER_VERSIONS = [
  { clusterVersion: "1.36", defaultVersion: true, endOfStandardSupportDate: "2027-08-01T17:00:00-07:00" },
  { clusterVersion: "1.35", defaultVersion: false, endOfStandardSupportDate: "2027-03-26T17:00:00-07:00" },
  { clusterVersion: "1.34", defaultVersion: false, endOfStandardSupportDate: "2026-12-01T16:00:00-08:00" },
  { clusterVersion: "1.33", defaultVersion: false, endOfStandardSupportDate: "2026-07-28T17:00:00-07:00" },
];
