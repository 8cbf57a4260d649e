import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import type { ClusterArgs, types } from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

// prettier-ignore
const KNOWN = new Set<string>([
  "accessEntries", "authenticationMode", "bootstrapSelfManagedAddons", "corednsAddonOptions", "createOidcProvider",
  "deletionProtection", "enabledClusterLogTypes", "encryptionConfigKeyArn", "endpointPrivateAccess", "endpointPublicAccess",
  "kubeProxyAddonOptions", "name", "privateSubnetIds", "providerCredentialOpts", "publicAccessCidrs", "skipDefaultNodeGroup",
  "skipDefaultSecurityGroups", "upgradePolicy", "useDefaultVpcCni", "version", "vpcId",
] satisfies (keyof ClusterArgs)[]);

function checkArguments(args: ClusterArgs): void {
  const unknown = Object.entries(args).filter(([key, value]) => value !== undefined && !KNOWN.has(key));
  const violations = [
    ...unknown.map(([key]) => `${key} must not be given`),
    ...(args.skipDefaultNodeGroup ? [] : ["skipDefaultNodeGroup must be true"]),
    ...(args.skipDefaultSecurityGroups ? [] : ["skipDefaultSecurityGroups must be true"]),
    ...(args.createOidcProvider ? ["createOidcProvider must be false"] : []),
    ...(args.useDefaultVpcCni ? [] : ["useDefaultVpcCni must be true"]),
    ...(args.kubeProxyAddonOptions?.enabled === false ? [] : ["kubeProxyAddonOptions.enabled must be false"]),
    ...(args.corednsAddonOptions?.enabled ? ["corednsAddonOptions.enabled must be false"] : []),
    ...(args.authenticationMode === "API" ? [] : [`authenticationMode must be "API"`]),
  ];
  if (violations.length === 0) return;
  throw new Error(
    `The stand-in for eks.Cluster knows less than the real component:\n- ${violations.join("\n- ")}\n` +
      "Widen it in local/plugins/eks/cluster.ts, or install the real eks plugin.",
  );
}

/**
 * Registers the children that the real component registers for these arguments, under the same names, with the same
 * parents and dependencies: createCore of https://github.com/pulumi/pulumi-eks/blob/v4.3.0/nodejs/eks/cluster/cluster.ts,
 * createAccessEntries of authenticationMode.ts beside it. What it leaves without a dependent is so here, too.
 */
export class Cluster extends pulumi.ComponentResource {
  /** The component's outputs that the SDK declares, as far as these arguments give any. */
  readonly outputs: pulumi.Inputs;

  constructor(name: string, args: ClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("eks:index:Cluster", name, args, opts);
    checkArguments(args);
    const parent = this;

    const role = new ServiceRole(`${name}-eksRole`, parent);
    const cluster = new aws.eks.Cluster(
      `${name}-eksCluster`,
      {
        name: args.name,
        roleArn: role.role.arn,
        bootstrapSelfManagedAddons: args.bootstrapSelfManagedAddons ?? true,
        vpcConfig: {
          subnetIds: args.privateSubnetIds ?? [],
          endpointPrivateAccess: args.endpointPrivateAccess,
          endpointPublicAccess: args.endpointPublicAccess,
          publicAccessCidrs: args.publicAccessCidrs,
        },
        version: args.version,
        enabledClusterLogTypes: args.enabledClusterLogTypes,
        tags: { Name: `${name}-eksCluster` },
        encryptionConfig: args.encryptionConfigKeyArn
          ? { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] }
          : undefined,
        accessConfig: { authenticationMode: args.authenticationMode, bootstrapClusterCreatorAdminPermissions: true },
        upgradePolicy: args.upgradePolicy,
        deletionProtection: args.deletionProtection,
      },
      {
        parent,
        ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
        dependsOn: role.attachments,
      },
    );

    const kubeconfig = kubeconfigOf(cluster, pulumi.output(args.providerCredentialOpts));
    const provider = new kubernetes.Provider(
      `${name}-eks-k8s`,
      { kubeconfig: pulumi.jsonStringify(kubeconfig) },
      { parent },
    );
    for (const [key, entry] of Object.entries(args.accessEntries ?? {})) {
      accessEntry(`${name}-${key}`, cluster, entry, parent);
    }

    const issuer = cluster.identities.apply((identities) => identities[0]?.oidcs[0]?.issuer ?? "");
    const { clusterSecurityGroupId } = cluster.vpcConfig;
    this.outputs = {
      eksCluster: cluster,
      kubeconfig,
      kubeconfigJson: pulumi.jsonStringify(kubeconfig),
      clusterSecurityGroupId,
      nodeSecurityGroupId: clusterSecurityGroupId,
      clusterIngressRuleId: "",
      defaultNodeGroupAsgName: "",
      autoModeNodeRoleName: "",
      fargateProfileId: "",
      fargateProfileStatus: "",
      instanceRoles: [],
      oidcProviderArn: "",
      oidcProviderUrl: issuer,
      oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
      core: {
        cluster,
        clusterIamRole: role.role,
        endpoint: cluster.endpoint,
        instanceRoles: [],
        kubeconfig,
        nodeGroupOptions: {},
        provider,
        subnetIds: args.privateSubnetIds,
        vpcId: args.vpcId,
      },
    };
    this.registerOutputs(this.outputs);
  }
}

class ServiceRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly attachments: aws.iam.RolePolicyAttachment[];

  constructor(name: string, parent: pulumi.Resource) {
    super("eks:index:ServiceRole", name, {}, { parent });
    const policyArn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy";
    const hash = createHash("sha1").update(policyArn).digest("hex").slice(0, 8);
    const assumeRolePolicy = {
      Version: "2012-10-17",
      Statement: [
        {
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Effect: "Allow",
          Principal: { Service: ["eks.amazonaws.com"] },
        },
      ],
    };
    this.role = new aws.iam.Role(
      `${name}-role`,
      {
        assumeRolePolicy: JSON.stringify(assumeRolePolicy),
        description: "Allows EKS to manage clusters on your behalf.",
      },
      { parent: this },
    );
    const role = this.role.name;
    this.attachments = [new aws.iam.RolePolicyAttachment(`${name}-${hash}`, { role, policyArn }, { parent: this })];
    this.registerOutputs({});
  }
}

function accessEntry(
  name: string,
  cluster: aws.eks.Cluster,
  { principalArn, accessPolicies = {}, kubernetesGroups, tags, type, username }: types.input.AccessEntryArgs,
  parent: pulumi.Resource,
): void {
  const clusterName = cluster.name;
  const entry = new aws.eks.AccessEntry(
    name,
    { clusterName, principalArn, kubernetesGroups, tags, type, userName: username },
    { parent, dependsOn: [cluster] },
  );
  for (const [key, policy] of Object.entries(accessPolicies)) {
    const { accessScope, policyArn } = pulumi.output(policy);
    new aws.eks.AccessPolicyAssociation(
      `${name}-${key}`,
      { clusterName, principalArn, accessScope, policyArn },
      { parent: entry, dependsOn: [entry] },
    );
  }
}

/** A kubeconfig that asks the AWS CLI for a token. */
function kubeconfigOf(
  { arn, name, endpoint, certificateAuthority }: aws.eks.Cluster,
  options: pulumi.Output<{ roleArn?: string } | undefined>,
): pulumi.Output<object> {
  const known = pulumi.all([arn, name, endpoint, certificateAuthority.data, options]);
  return known.apply(([arn, clusterName, server, data, signIn]) => {
    const region = arn.split(":")[3];
    const role = signIn?.roleArn === undefined ? [] : ["--role", signIn.roleArn];
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1beta1",
      command: "aws",
      args: ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json", ...role],
      env: [{ name: "KUBERNETES_EXEC_INFO", value: `{"apiVersion": "client.authentication.k8s.io/v1beta1"}` }],
    };
    return {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "kubernetes", cluster: { server, "certificate-authority-data": data } }],
      contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
      "current-context": "aws",
      users: [{ name: "aws", user: { exec } }],
    };
  });
}
