import {
  ADDON,
  CLUSTER,
  CLUSTER_COMPONENT,
  clusterSettings,
  LAUNCH_TEMPLATE,
  listOf,
  NODE_GROUP,
  parsed,
  statementsOf,
} from "../aws";
import { openOf } from "../networks";
import { isWidePolicy, excessivePermissions } from "../permissions";
import { type Policy, Severity } from "../policy";

const CLUSTERS = [CLUSTER, CLUSTER_COMPONENT];
const ROLE = "aws:iam/role:Role";
const DOCUMENTS = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"];
const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/policyAttachment:PolicyAttachment",
];
/** The components of `@pulumi/eks` whose child is an add-on. Some look up the version if it is left out. */
const ADDON_COMPONENTS = ["eks:index:Addon", "eks:index:VpcCniAddon"];
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

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

export const cluster: Policy[] = [
  {
    name: "cluster-api-not-open",
    description: "A cluster's API has a private endpoint, and a public one for named networks only.",
    severity: Severity.High,
    standards: ["CIS EKS 5.4.1", "Checkov CKV_AWS_38"],
    fix: [
      "Set endpointPrivateAccess to true.",
      "Name your networks in publicAccessCidrs, or set endpointPublicAccess to false.",
    ],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    example: { wrong: '{ publicAccessCidrs: ["0.0.0.0/0"] }', right: '{ publicAccessCidrs: ["203.0.113.0/24"] }' },
    types: CLUSTERS,
    *checkInStack(resource, stack) {
      const settings = clusterSettings(resource, stack);
      if (!settings) return;
      if (!settings.privateAccess) yield "endpointPrivateAccess is not true: the nodes' requests leave the VPC";
      if (!settings.publicAccess) return;
      const open = openOf(settings.cidrs);
      if (settings.cidrs.length === 0) yield "publicAccessCidrs is left out, which means 0.0.0.0/0";
      else if (open.length > 0) yield `publicAccessCidrs has ${open.join(" and ")}`;
    },
  },
  {
    name: "cluster-logs",
    description: "A cluster's control plane writes all its logs.",
    severity: Severity.Medium,
    standards: ["AWS Security Hub EKS.8", "CIS EKS 2.1.1", "Checkov CKV_AWS_37"],
    fix: [`Set enabledClusterLogTypes to ${LOGS.join(", ")}.`],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    example: {
      wrong: '{ enabledClusterLogTypes: ["api"] }',
      right: `{ enabledClusterLogTypes: ["${LOGS.join('", "')}"] }`,
    },
    types: CLUSTERS,
    *checkInStack(resource, stack) {
      const missing = LOGS.filter((log) => clusterSettings(resource, stack)?.logs.includes(log) === false);
      if (missing.length > 0) yield `enabledClusterLogTypes lacks ${missing.join(", ")}`;
    },
  },
  {
    name: "cluster-secrets-encrypted",
    description: "A cluster encrypts its Secrets with a KMS key.",
    severity: Severity.High,
    standards: ["AWS Security Hub EKS.3", "CIS EKS 5.3.1", "Checkov CKV_AWS_58"],
    fix: ["Set encryptionConfigKeyArn of eks.Cluster, or encryptionConfig of aws.eks.Cluster. This can't be undone."],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    example: { wrong: "new eks.Cluster(name)", right: "new eks.Cluster(name, { encryptionConfigKeyArn: key.arn })" },
    types: CLUSTERS,
    *checkInStack(resource, stack) {
      if (clusterSettings(resource, stack)?.encryptsSecrets === false) yield "no key is named";
    },
  },
  {
    name: "cluster-protected",
    description: "A cluster has deletion protection.",
    severity: Severity.Medium,
    standards: [],
    fix: ["Set deletionProtection to true."],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
    example: { wrong: "{ deletionProtection: false }", right: "{ deletionProtection: true }" },
    types: CLUSTERS,
    *checkInStack(resource, stack) {
      if (clusterSettings(resource, stack)?.isProtected === false) yield "deletionProtection is not true";
    },
  },
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
    *check({ type, props }) {
      if (type !== CLUSTER_COMPONENT) {
        if (!props.addonVersion) yield "addonVersion is left out";
        return;
      }
      // It looks up the versions that are left out: its children always have one.
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
  {
    name: "roles-least-privilege",
    description: "A role allows only the actions and resources that it needs.",
    severity: Severity.High,
    standards: [
      "AWS Security Hub IAM.1",
      "AWS Security Hub IAM.21",
      "Checkov CKV_AWS_62",
      "Checkov CKV_AWS_63",
      "Checkov CKV_AWS_274",
    ],
    fix: ["Name the actions and the resources.", "Attach no policy that allows a whole service or account."],
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    example: {
      wrong: '{ Action: "s3:*", Resource: "*" }',
      right: '{ Action: ["s3:GetObject"], Resource: `${arn}/*` }',
    },
    types: [ROLE, ...DOCUMENTS, ...ATTACHMENTS],
    *check({ type, props }) {
      const inline = type === ROLE ? [...(props.inlinePolicies ?? [])].map(({ policy }) => policy as unknown) : [];
      const documents = DOCUMENTS.includes(type) ? [props.policy as unknown] : inline;
      for (const document of documents) yield* statementsOf(document).flatMap(excessivePermissions);
      const lists = [props.managedPolicyArns, props.policyArns, props.policyArn].flatMap((it) => listOf(it));
      if (!DOCUMENTS.includes(type)) for (const arn of lists) if (isWidePolicy(String(arn))) yield `it attaches ${arn}`;
    },
  },
  {
    name: "roles-trust-somebody",
    description: "A role's trust policy names who may assume it.",
    severity: Severity.Critical,
    standards: ["Checkov CKV_AWS_60", "Checkov CKV_AWS_61"],
    fix: ["Name the service or the account in the trust policy's Principal."],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
    example: { wrong: '{ Principal: "*" }', right: '{ Principal: { Service: "pods.eks.amazonaws.com" } }' },
    types: [ROLE],
    *check({ props }) {
      for (const { Effect, Principal } of statementsOf(props.assumeRolePolicy)) {
        const isAnybody =
          Principal === "*" || listOf((Principal as Record<string, string> | undefined)?.["AWS"]).includes("*");
        if (Effect === "Allow" && isAnybody) yield "anybody may assume it";
      }
    },
  },
  {
    name: "nodes-keep-their-role",
    description: "A pod can't get its node's credentials from the instance metadata.",
    severity: Severity.High,
    standards: ["AWS Security Hub EC2.170", "Checkov CKV_AWS_79", "Checkov CKV_AWS_341"],
    fix: ["Set metadataOptions.httpTokens to required and httpPutResponseHopLimit to 1."],
    url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    example: {
      wrong: "{ httpPutResponseHopLimit: 2 }",
      right: '{ httpTokens: "required", httpPutResponseHopLimit: 1 }',
    },
    types: [LAUNCH_TEMPLATE, NODE_GROUP],
    *check({ type, props }) {
      if (type === NODE_GROUP) {
        // EKS then creates a template with default values: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
        if (props.launchTemplate === undefined) yield "it has no launch template";
        return;
      }
      if (props.metadataOptions?.httpTokens !== "required") yield "httpTokens is not required";
      if (Number(props.metadataOptions?.httpPutResponseHopLimit ?? 2) > 1) yield "httpPutResponseHopLimit is not 1";
    },
  },
];
