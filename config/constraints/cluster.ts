import { Address4 } from "ip-address";
import {
  ApiAccess,
  validateApiAccess,
  validateNetworksApart,
  validateNetworksPublic,
} from "../../components/eks/apiAccess";
import { keepsData } from "../../components/retention/retention";
import { validateVpcCniVersion } from "../../components/eks/vpcCniVersion";
import { validateInstanceTypes } from "../../components/eks/instanceTypes";
import { minorOf } from "../../components/eks/kubernetesSupport";
import { partitionOf } from "../../components/partitions";
import { kubernetesVersions } from "../../components/versions";
import { type Finding, listed, constraint } from "./constraint";

/** Bits of the mask of the largest network that was ever assigned: https://www.iana.org/assignments/ipv4-address-space */
const LARGEST_NETWORK = 8;
function once(roles: readonly string[]): Finding {
  const repeated = [...new Set(roles.filter((role, index) => roles.indexOf(role) !== index))];
  return repeated.length > 0 && { expected: "a list that names each role once", fix: `Remove ${listed(repeated)}.` };
}

/** The ARNs of roles that are of another partition than the stack's region, where there can't be such roles. */
function partitioned(roles: readonly string[], region: string): Finding {
  const partition = partitionOf(region);
  const elsewhere = roles.filter((role) => !role.startsWith(`arn:${partition}:`));
  return (
    elsewhere.length > 0 && {
      expected: `of the partition ${partition}, as the region ${region}`,
      fix: `Each ARN begins with arn:${partition}: there. Not ${listed(elsewhere)}.`,
    }
  );
}

export const clusterConstraints = [
  constraint({
    id: "kubernetes-version",
    key: "kubernetesVersion",
    title: `The Kubernetes version is one that the program is for: ${listed(Object.keys(kubernetesVersions))}.`,
    reads: ["kubernetesVersion"],
    check: ({ kubernetesVersion }) =>
      !(kubernetesVersion in kubernetesVersions) && {
        expected: `one of ${listed(Object.entries(kubernetesVersions).map(([version, end]) => `${version} (in standard support until ${end})`))}`,
        fix: "Extended support costs six times as much, and is turned off. A newer version must be added to components/versions.ts first.",
      },
  }),
  constraint({
    id: "instance-types",
    key: "instanceTypes",
    title: "A node group takes 1 to 20 instance types, each once.",
    reads: ["instanceTypes"],
    check: ({ instanceTypes }) => validateInstanceTypes(instanceTypes),
  }),
  constraint({
    id: "vpc-cni-version",
    key: "vpcCniVersion",
    title: "The add-on vpc-cni is none that drops packets: not v1.21.1-eksbuild.7 or .8.",
    reads: ["vpcCniVersion"],
    check: ({ vpcCniVersion }) => validateVpcCniVersion(vpcCniVersion, "vpcCniVersion"),
  }),
  constraint({
    id: "kube-proxy-version",
    key: "kubeProxyVersion",
    title: "kube-proxy is at most three minors older than Kubernetes, and never newer.",
    reads: ["kubeProxyVersion", "kubernetesVersion"],
    // https://kubernetes.io/releases/version-skew-policy/#kube-proxy
    check: ({ kubeProxyVersion, kubernetesVersion }) => {
      if (!(kubernetesVersion in kubernetesVersions)) return false;
      const behind = minorOf(kubernetesVersion) - minorOf(kubeProxyVersion);
      return (
        (behind < 0 || behind > 3) && {
          expected: `a version for Kubernetes ${kubernetesVersion}, or up to three minors older`,
          fix: `List them: aws eks describe-addon-versions --addon-name kube-proxy --kubernetes-version ${kubernetesVersion}`,
        }
      );
    },
  }),
  constraint({
    id: "api-networks",
    key: "apiAccessCidrs",
    title: "A public API is open to listed networks only.",
    reads: ["apiAccess", "apiAccessCidrs", "existingClusterName"],
    check: ({ apiAccess, apiAccessCidrs, existingClusterName }) =>
      existingClusterName === undefined && validateApiAccess(apiAccess, apiAccessCidrs),
  }),
  constraint({
    id: "api-networks-apart",
    key: "apiAccessCidrs",
    title: "At most 40 networks may reach a public API, and none of them overlap.",
    reads: ["apiAccessCidrs"],
    check: ({ apiAccessCidrs }) => validateNetworksApart(apiAccessCidrs),
  }),
  constraint({
    id: "api-networks-public",
    key: "apiAccessCidrs",
    title: "Networks that may reach a public API are public ones, written by their first address.",
    reads: ["apiAccessCidrs"],
    check: ({ apiAccessCidrs }) => validateNetworksPublic(apiAccessCidrs),
  }),
  constraint({
    id: "api-networks-few",
    key: "apiAccessCidrs",
    title: "Where data outlives the stack, no network that may reach a public API is larger than a /8.",
    reads: ["apiAccessCidrs", "retention"],
    check: ({ apiAccessCidrs, retention }) => {
      const everybody = apiAccessCidrs.filter((cidr) => new Address4(cidr).subnetMask < LARGEST_NETWORK);
      return (
        keepsData(retention) &&
        everybody.length > 0 && {
          expected: `networks of a /${LARGEST_NETWORK} or smaller with retention ${retention}`,
          fix: `${listed(everybody)}: no organization's network is as large. List yours, or set apiAccess to private.`,
        }
      );
    },
  }),
  constraint({
    id: "private-api-runner",
    key: "runnerInsideVpc",
    title: "With a private API, Pulumi runs inside the VPC.",
    reads: ["apiAccess", "runnerInsideVpc"],
    check: ({ apiAccess, runnerInsideVpc }) =>
      apiAccess === ApiAccess.Private &&
      !runnerInsideVpc && {
        expected: "true with apiAccess private",
        fix: "From outside, up and refresh fail and previews are wrong. Run Pulumi inside the VPC and set this to true, or set apiAccess to public.",
      },
  }),
  constraint({
    id: "administrators-once",
    key: "administrators",
    title: "Each administrator is listed once.",
    reads: ["administrators"],
    check: ({ administrators }) => once(administrators),
  }),
  constraint({
    id: "viewers-once",
    key: "viewers",
    title: "Each viewer is listed once, and is no administrator.",
    reads: ["administrators", "viewers"],
    check: ({ administrators, viewers }) => {
      const both = viewers.filter((role) => administrators.includes(role));
      if (both.length === 0) return once(viewers);
      return {
        expected: "roles that aren't in administrators",
        fix: `Administrators may read everything already: remove ${listed(both)}.`,
      };
    },
  }),
  constraint({
    id: "administrators-partition",
    key: "administrators",
    title: "Administrators are of the region's partition: `aws`, `aws-us-gov` or `aws-cn`.",
    reads: ["administrators", "region"],
    check: ({ administrators, region }) => partitioned(administrators, region),
  }),
  constraint({
    id: "viewers-partition",
    key: "viewers",
    title: "Viewers are of the region's partition.",
    reads: ["viewers", "region"],
    check: ({ viewers, region }) => partitioned(viewers, region),
  }),
  constraint({
    id: "deployer-partition",
    key: "deployerRoleArn",
    title: "The role that deploys is of the region's partition.",
    reads: ["deployerRoleArn", "region"],
    check: ({ deployerRoleArn, region }) => deployerRoleArn !== undefined && partitioned([deployerRoleArn], region),
  }),
  // EKS answers 409: https://github.com/pulumi/pulumi-eks/issues/2373
  constraint({
    id: "deployer-named",
    key: "deployerRoleArn",
    title: "The role that deploys is in neither administrators nor viewers.",
    reads: ["deployerRoleArn", "administrators", "viewers"],
    check: ({ deployerRoleArn, administrators, viewers }) =>
      deployerRoleArn !== undefined &&
      [...administrators, ...viewers].includes(deployerRoleArn) && {
        expected: "in neither administrators nor viewers",
        fix: "The role that creates the cluster administers it already, and EKS refuses a second entry: remove it there.",
      },
  }),
];
