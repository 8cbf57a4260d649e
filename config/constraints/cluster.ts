import { Address4 } from "ip-address";
import { ApiAccess, validateApiAccess } from "../../components/eks/apiAccess";
import { keepsData } from "../../components/retention/retention";
import { kubernetesVersions } from "../kubernetesVersions";
import { type Finding, listed, constraint } from "../constraint";

/** EKS refuses them: https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html */
const NOT_PUBLIC = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"];
/** Bits of the mask of the largest network that anybody was ever given: https://www.iana.org/assignments/ipv4-address-space */
const LARGEST_NETWORK = 8;
/** https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html */
const MOST_NETWORKS = 40;

const minor = (version: string) => Number(/^v?1\.(\d+)/.exec(version)?.[1]);
const overlap = (one: Address4, other: Address4) => one.isInSubnet(other) || other.isInSubnet(one);

function once(roles: readonly string[]): Finding {
  const repeated = [...new Set(roles.filter((role, index) => roles.indexOf(role) !== index))];
  return repeated.length > 0 && { expected: "a list of roles named once each", fix: `Remove ${listed(repeated)}.` };
}

export const clusterConstraints = [
  constraint({
    id: "kubernetes-version",
    key: "kubernetesVersion",
    title: `Kubernetes is a version in EKS's standard support: ${listed(Object.keys(kubernetesVersions))}.`,
    reads: ["kubernetesVersion"],
    check: ({ kubernetesVersion }) =>
      !(kubernetesVersion in kubernetesVersions) && {
        expected: `in standard support: ${listed(Object.entries(kubernetesVersions).map(([version, end]) => `${version} (${end})`))}`,
        fix: "The cluster takes no extended support, which costs six times as much. Versions that are newer still are to be added to config/kubernetesVersions.ts.",
      },
  }),
  constraint({
    id: "kube-proxy-version",
    key: "kubeProxyVersion",
    title: "kube-proxy is at most three minors older than Kubernetes, and never newer.",
    reads: ["kubeProxyVersion", "kubernetesVersion"],
    // https://kubernetes.io/releases/version-skew-policy/#kube-proxy
    check: ({ kubeProxyVersion, kubernetesVersion }) => {
      if (!(kubernetesVersion in kubernetesVersions)) return false;
      const behind = minor(kubernetesVersion) - minor(kubeProxyVersion);
      return (
        (behind < 0 || behind > 3) && {
          expected: `of Kubernetes ${kubernetesVersion}, or up to three minors older`,
          fix: `aws eks describe-addon-versions --addon-name kube-proxy --kubernetes-version ${kubernetesVersion} lists those there are.`,
        }
      );
    },
  }),
  constraint({
    id: "api-networks",
    key: "apiAccessCidrs",
    title: "A public API is open to named networks.",
    reads: ["apiAccess", "apiAccessCidrs", "existingClusterName"],
    check: ({ apiAccess, apiAccessCidrs, existingClusterName }) =>
      existingClusterName === undefined && validateApiAccess(apiAccess, apiAccessCidrs),
  }),
  constraint({
    id: "api-networks-apart",
    key: "apiAccessCidrs",
    title: "Networks that may reach a public API don't overlap, and are at most 40.",
    reads: ["apiAccessCidrs"],
    check: ({ apiAccessCidrs }) => {
      const networks = apiAccessCidrs.map((cidr) => new Address4(cidr));
      const within = apiAccessCidrs.filter((_, index) =>
        networks.some((other, place) => place < index && overlap(networks[index]!, other)),
      );
      if (within.length > 0) {
        return { expected: "networks apart from each other", fix: `${listed(within)}: named before, or overlapping.` };
      }
      return (
        networks.length > MOST_NETWORKS && {
          expected: `at most ${MOST_NETWORKS} networks: EKS takes no more`,
          fix: "Name larger networks.",
        }
      );
    },
  }),
  constraint({
    id: "api-networks-public",
    key: "apiAccessCidrs",
    title: "Networks that may reach a public API are written by their first address, and are on the internet.",
    reads: ["apiAccessCidrs"],
    check: ({ apiAccessCidrs }) => {
      const crooked = apiAccessCidrs.filter((cidr) => new Address4(cidr).networkForm() !== cidr);
      const inside = apiAccessCidrs.filter((cidr) =>
        NOT_PUBLIC.some((range) => new Address4(cidr).isInSubnet(new Address4(range))),
      );
      if (crooked.length > 0) {
        const straight = crooked.map((cidr) => new Address4(cidr).networkForm());
        return { expected: "networks by their first address", fix: `Write ${listed(straight)}.` };
      }
      return (
        inside.length > 0 && {
          expected: "networks of the internet",
          fix: `Nobody comes from ${listed(inside)}: name the address that your network shows outside, or set apiAccess to private.`,
        }
      );
    },
  }),
  constraint({
    id: "api-networks-few",
    key: "apiAccessCidrs",
    title: "Where data is kept, no network that may reach a public API is larger than a /8.",
    reads: ["apiAccessCidrs", "retention"],
    check: ({ apiAccessCidrs, retention }) => {
      const everybody = apiAccessCidrs.filter((cidr) => new Address4(cidr).subnetMask < LARGEST_NETWORK);
      return (
        keepsData(retention) &&
        everybody.length > 0 && {
          expected: `networks of a /${LARGEST_NETWORK} or smaller where retention is ${retention}`,
          fix: `${listed(everybody)}: that is the internet, and nobody's network. Name yours, or set apiAccess to private.`,
        }
      );
    },
  }),
  constraint({
    id: "private-api-runner",
    key: "runnerInsideVpc",
    title: "With a private API, the program runs inside the VPC.",
    reads: ["apiAccess", "runnerInsideVpc"],
    check: ({ apiAccess, runnerInsideVpc }) =>
      apiAccess === ApiAccess.Private &&
      !runnerInsideVpc && {
        expected: "true with a private API",
        fix: "From outside, up and refresh fail and previews are wrong. Run it inside the VPC and set this to true, or set apiAccess to public.",
      },
  }),
  constraint({
    id: "administrators-once",
    key: "administrators",
    title: "Administrators are named once each.",
    reads: ["administrators"],
    check: ({ administrators }) => once(administrators),
  }),
  constraint({
    id: "viewers-once",
    key: "viewers",
    title: "Viewers are named once each, and are no administrators.",
    reads: ["administrators", "viewers"],
    check: ({ administrators, viewers }) => {
      const both = viewers.filter((role) => administrators.includes(role));
      if (both.length === 0) return once(viewers);
      return {
        expected: "roles that are no administrators",
        fix: `Administrators see everything: remove ${listed(both)}.`,
      };
    },
  }),
  // EKS answers 409: https://github.com/pulumi/pulumi-eks/issues/2373
  constraint({
    id: "deployer-named",
    key: "deployerRoleArn",
    title: "The role that deploys isn't named among administrators or viewers.",
    reads: ["deployerRoleArn", "administrators", "viewers"],
    check: ({ deployerRoleArn, administrators, viewers }) =>
      deployerRoleArn !== undefined &&
      [...administrators, ...viewers].includes(deployerRoleArn) && {
        expected: "no entry of administrators or viewers",
        fix: "Who makes the cluster administers it already, and EKS refuses a second entry: remove it there.",
      },
  }),
];
