import { CLUSTER, CLUSTER_COMPONENT, clusterSettings } from "../aws";
import { openOf } from "../cidr";
import { type Policy, Severity } from "../policy";

const CLUSTERS = [CLUSTER, CLUSTER_COMPONENT];
const LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

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
];
