import { ADDON, CLUSTER_COMPONENT, parsed, showsInputs } from "../aws";
import { type Policy, Severity } from "../policy";

/** The components of `@pulumi/eks` whose child is an add-on. Some look up the version if it is left out. */
const ADDON_COMPONENTS = ["eks:index:Addon", "eks:index:VpcCniAddon"];

/** The versions of the add-ons that `eks.Cluster` creates, by path. */
function* versionsOf(props: any): Generator<[path: string, version: unknown]> {
  const { useDefaultVpcCni, vpcCniOptions, kubeProxyAddonOptions, corednsAddonOptions } = props;
  const isAuto = props.autoMode?.enabled === true;
  if (!(useDefaultVpcCni ?? isAuto)) yield ["vpcCniOptions.addonVersion", vpcCniOptions?.addonVersion];
  if (kubeProxyAddonOptions?.enabled ?? !isAuto)
    yield ["kubeProxyAddonOptions.version", kubeProxyAddonOptions?.version];
  const hasNodes = props.fargate || !(props.skipDefaultNodeGroup ?? isAuto);
  if (corednsAddonOptions?.configurationValues || (corednsAddonOptions?.enabled ?? hasNodes)) {
    yield ["corednsAddonOptions.version", corednsAddonOptions?.version];
  }
}

export const addon: Policy[] = [
  {
    name: "addons-pinned",
    description: "An add-on has a fixed version.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Set addonVersion to a version that aws eks describe-addon-versions lists. The default changes over time."],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/managing-add-ons.html",
    example: {
      wrong: '{ addonName: "vpc-cni" }',
      right: '{ addonName: "vpc-cni", addonVersion: "v1.21.1-eksbuild.1" }',
    },
    types: [ADDON, ...ADDON_COMPONENTS, CLUSTER_COMPONENT],
    *check(resource) {
      const { type, props } = resource;
      // The add-ons of a component are resources of their own, and checked as such.
      if (type !== ADDON && !showsInputs(resource)) return;
      if (type !== CLUSTER_COMPONENT) {
        if (!props.addonVersion) yield "addonVersion is left out";
        return;
      }
      // It looks up the versions that are left out, so its add-ons always have one.
      for (const [path, version] of versionsOf(props)) if (!version) yield `${path} is left out`;
    },
  },
  {
    name: "network-policies-enforced",
    description: "The VPC CNI add-on enforces network policies.",
    severity: Severity.High,
    standards: ["CIS EKS 4.3.1"],
    fix: [
      'Set enableNetworkPolicy to "true" in the add-on\'s configurationValues: without it network policies do nothing.',
      "Of eks.Cluster, set vpcCniOptions.enableNetworkPolicy to true.",
    ],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html",
    example: {
      wrong: '{ addonName: "vpc-cni" }',
      right: '{ addonName: "vpc-cni", configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }) }',
    },
    types: [ADDON],
    *check({ props }) {
      if (props.addonName !== "vpc-cni") return;
      const values: unknown = props.configurationValues;
      const isOn =
        String(parsed(values).enableNetworkPolicy) === "true" ||
        // It may be YAML as well.
        /^enableNetworkPolicy:\s*(["']?)true\1\s*(#|$)/m.test(String(values));
      if (!isOn) yield "enableNetworkPolicy is not true";
    },
  },
];
