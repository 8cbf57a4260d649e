import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import { accessEntries } from "./accessEntries";
import type { AccessEntryArgs } from "./clusterAccess";
import { addon } from "./addon";
import { type ApiAccess, isPublicApi, validateApiAccess, validateNetworks } from "./apiAccess";
import { sayWhoCreates } from "./clusterCreator";
import { controlPlaneLogs } from "./controlPlaneLogs";
import { validateControlPlaneZones } from "./controlPlaneZones";
import { DEFAULT_INSTANCE_TYPES, DEFAULT_NODES_PER_ZONE, validateInstanceTypes } from "./instanceTypes";
import { attachLimitOf, lookUpInstanceTypes, refuseInstanceTypes } from "./instanceTypeLookup";
import { checkKubernetesVersion } from "./kubernetesVersion";
import type { NodeLoad } from "./nodeSize";
import { refuseDefaultEbsKey } from "./nodeDiskKey";
import { refuseZones } from "./refusedZones";
import { validateVpcCniVersion } from "./vpcCniVersion";
import { zonalNodeGroups } from "./nodeGroups";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { serviceRolesOf } from "../iam/role";
import { type RoleRulesArgs, validateRoleRules } from "../iam/roleRules";
import { deletionWindowInDays } from "../kms/deletionWindow";
import { validateSubnetIds } from "../network/subnets";
import { DEFAULT_ATTACH_LIMIT } from "../csi/csiDriverData";
import { isProtected, type Retention } from "../retention/retention";
import { partitionOf } from "../partitions";
import { Tagged, validateTags } from "../tags/tagRules";
import { typeTokens } from "../typeTokens";

/** Versions of the add-ons that the cluster itself needs. Never looked up: a preview would change overnight. */
export interface ClusterAddonVersions {
  /** Of `vpc-cni`, such as `v1.21.1-eksbuild.1`. */
  vpcCni: pulumi.Input<string>;
  /** Of `kube-proxy`, such as `v1.35.0-eksbuild.2`. */
  kubeProxy: pulumi.Input<string>;
  /** Of `coredns`, such as `v1.13.1-eksbuild.1`. */
  coredns: pulumi.Input<string>;
  /** Of `eks-pod-identity-agent`, such as `v1.3.10-eksbuild.2`. */
  podIdentityAgent: pulumi.Input<string>;
}

export interface ClusterArgs {
  /** The cluster's name in AWS. Plain, so that it is known before the cluster is there. */
  clusterName: string;
  /**
   * Kubernetes minor version, such as `1.35`: the living cluster's, or the next. A preview says when its standard support ends
   * within 60 days.
   */
  kubernetesVersion: pulumi.Input<string>;
  /** The VPC of the nodes and of the control plane's network interfaces. */
  vpcId: pulumi.Input<string>;
  /** Zones with nodes, one node group each: a zonal disk then always finds a node in its zone. Plain. */
  zones: string[];
  /**
   * Zones of the control plane's own network interfaces, at least two of `zones`. EKS never lets a cluster change them,
   * while zones with nodes may come and go. Plain. https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html
   */
  controlPlaneZones: string[];
  /** Private subnet ids by zone. */
  privateSubnetIds: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Where the Kubernetes API can be reached from. Plain. Default: `public`, which is reachable from the VPC, too. */
  apiAccess?: ApiAccess;
  /** Networks that may reach a public API, as CIDRs such as `198.18.0.1/32`: required with `public`. Default: none. */
  apiAccessCidrs?: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may use the cluster beside its creator, by a name of your choice. Plain keys. Default: nobody. */
  accessEntries?: Record<string, AccessEntryArgs>;
  /** Versions of the add-ons that the cluster itself needs: `aws eks describe-addon-versions` lists them. Plain but for the versions. */
  addonVersions: ClusterAddonVersions;
  /** EC2 instance types of the nodes, x86 only. Default: `m7i.large`. */
  instanceTypes?: pulumi.Input<pulumi.Input<string>[]>;
  /** Nodes in each zone. Default: 1. */
  nodesPerZone?: pulumi.Input<number>;
  /** What the workloads' pods ask for, beside the add-ons: first nodes that are too small are refused. Plain. Default: nothing. */
  load?: NodeLoad;
  /** Size of a node's root disk in GiB. Default: 50. */
  nodeDiskSizeInGib?: pulumi.Input<number>;
  /**
   * ARN of the customer's KMS key that is the account's default for EBS, where it is one: it encrypts the nodes' disks. It
   * says that Auto Scaling may use that key, by the key's policy or by a grant: no node would start otherwise. Plain.
   * Default: the account's default must be AWS's own key.
   */
  defaultEbsKeyConfirmation?: string;
  /** Tags by name for the nodes, their disks and network interfaces. A change replaces the nodes. Plain names. Default: none. */
  tags?: Record<string, pulumi.Input<string>>;
  /** How long control-plane logs are kept, in days. Their log group outlives the cluster, and expires. Default: 30. */
  logRetentionInDays?: pulumi.Input<number>;
  /**
   * ARN of the role that the AWS provider assumes: it creates the cluster, so the kubeconfig signs in as it, too. Plain.
   * Default: who is signed in does both.
   */
  assumeRoleArn?: string;
  /** What the account asks of IAM roles, here the nodes' and the control plane's. Plain. Default: nothing. */
  roles?: RoleRulesArgs;
  /** `retain` turns AWS's deletion protection on. Plain. */
  retention: Retention;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

const ADDON_NAMES: Record<keyof ClusterAddonVersions, string> = {
  vpcCni: "vpc-cni",
  kubeProxy: "kube-proxy",
  coredns: "coredns",
  podIdentityAgent: "eks-pod-identity-agent",
};
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

/**
 * An EKS cluster with one managed node group a zone, Pod Identity, all control-plane logs and encrypted secrets.
 *
 * Use it where a program has no cluster yet; {@link ExistingCluster} takes one that is there.
 *
 * @throws pulumi.RunError for a control plane in fewer than two of `zones`, for a public API without networks, with private or
 *   overlapping ones, or with more than 40; at a preview already, for a new cluster's control plane in a
 *   zone where EKS makes none (`use1-az3`, `usw1-az2`, `cac1-az3`, whatever their letters are in the account), and, in
 *   these regions, for new nodes in a zone that has none of `instanceTypes`; everywhere for first nodes whose disks a
 *   customer's key encrypts, without `defaultEbsKeyConfirmation`, and for first nodes of types that the nodes' image doesn't
 *   start on, or that are too small for the add-ons and `load`; for a new cluster of a Kubernetes version out of standard
 *   support, and for a version behind the living cluster's, which EKS may have upgraded by itself.
 */
export class Cluster extends pulumi.ComponentResource {
  /** The name, known from the start; use it where nothing must wait for the cluster. */
  public readonly clusterName: pulumi.Output<string>;
  /**
   * Kubeconfig as JSON that runs `aws eks get-token`: the AWS CLI must be on PATH, signed in by the environment, such as
   * `AWS_PROFILE`. A provider's `profile` isn't followed. Secret.
   */
  public readonly kubeconfig: pulumi.Output<string>;
  /** The cluster's primary security group, which its managed nodes are in. */
  public readonly nodeSecurityGroupId: pulumi.Output<string>;
  /** How many EBS volumes a node takes, whichever of the instance types it is: for {@link CsiDriver}. */
  public readonly volumeAttachLimit: pulumi.Output<number>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("Cluster", name, args, () => validate(args));
    super(typeTokens.Cluster, name, {}, opts);
    const parent = this;
    const isPublic = isPublicApi(args.apiAccess);
    const { clusterName, logRetentionInDays: retentionInDays = 30, argumentNames } = args;
    const type = typeTokens.Cluster;
    const { zones, controlPlaneZones, nodesPerZone = DEFAULT_NODES_PER_ZONE } = args;
    const given = args.instanceTypes ?? DEFAULT_INSTANCE_TYPES;
    const types = known(given);
    const instanceTypes = types?.every((it) => typeof it === "string") ? types : undefined;
    const adopter = { type, name, component: this, argumentNames };
    const found = lookUpInstanceTypes(instanceTypes ?? [], this);
    const accepted = Promise.all([
      refuseZones({ clusterName, zones, controlPlaneZones, instanceTypes }, adopter),
      refuseDefaultEbsKey(args, adopter),
      checkKubernetesVersion(clusterName, known(args.kubernetesVersion), adopter),
      refuseInstanceTypes({ clusterName, zones, nodesPerZone: known(nodesPerZone), load: args.load }, found, adopter),
    ]);
    // The cluster and its nodes wait with the subnets.
    const subnetIds = pulumi.output(accepted).apply(() => pulumi.output(args.privateSubnetIds));
    const reachedFrom = isPublic
      ? (known(args.apiAccessCidrs) ?? ["the networks of apiAccessCidrs"]).filter((it) => typeof it === "string")
      : [];
    void sayWhoCreates(clusterName, argumentNames?.["accessEntries"] ?? "accessEntries", reachedFrom, this);
    const logGroup = controlPlaneLogs(`${name}-logs`, { clusterName, retentionInDays }, parent);
    const key = new aws.kms.Key(
      `${name}-secrets`,
      {
        description: `Kubernetes secrets of ${args.clusterName}`,
        enableKeyRotation: true,
        deletionWindowInDays: deletionWindowInDays(args.retention),
      },
      { parent },
    );

    const cluster = new eks.Cluster(
      name,
      {
        name: args.clusterName,
        version: args.kubernetesVersion,
        vpcId: args.vpcId,
        privateSubnetIds: args.controlPlaneZones.map((zone) => subnetIds[zone]!),
        skipDefaultNodeGroup: true,
        skipDefaultSecurityGroups: true,
        createOidcProvider: false,
        authenticationMode: "API",
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        ...(isPublic ? { publicAccessCidrs: args.apiAccessCidrs } : {}),
        enabledClusterLogTypes: LOG_TYPES,
        encryptionConfigKeyArn: key.arn,
        deletionProtection: isProtected(args.retention),
        upgradePolicy: { supportType: "STANDARD" },
        // Otherwise EKS leaves self-managed copies of the add-ons in the cluster. Creation only.
        bootstrapSelfManagedAddons: false,
        // The add-ons are ours: what nodes need comes before them and goes after them.
        useDefaultVpcCni: true,
        kubeProxyAddonOptions: { enabled: false },
        corednsAddonOptions: { enabled: false },
        ...(args.assumeRoleArn === undefined ? {} : { providerCredentialOpts: { roleArn: args.assumeRoleArn } }),
      },
      { parent, dependsOn: [logGroup], transforms: [serviceRolesOf([`${name}-eksRole-role`], args.roles)] },
    );
    const eksCluster = cluster.eksCluster;
    accessEntries(name, args.accessEntries ?? {}, partitionOf(args.zones[0]!), cluster, parent);
    const clusterAddon = (
      key: keyof ClusterAddonVersions,
      dependsOn: pulumi.Input<pulumi.Resource>[],
      configurationValues?: pulumi.Input<string>,
    ) =>
      addon(
        `${name}-${ADDON_NAMES[key]}`,
        {
          clusterName: eksCluster.name,
          addonName: ADDON_NAMES[key],
          version: args.addonVersions[key],
          configurationValues,
        },
        { parent, dependsOn },
      );

    // Also what the component makes and nothing else refers to: a refused destroy would delete it.
    const made = [cluster, cluster.core.provider];
    const beforeNodes = [
      clusterAddon("vpcCni", made, pulumi.jsonStringify({ enableNetworkPolicy: "true" })),
      clusterAddon("kubeProxy", made),
      clusterAddon("podIdentityAgent", made),
    ];
    // What the cluster depends on, its nodes do: a zone's way out must not go before its nodes, whose pods' network
    // interfaces the VPC CNI then couldn't delete. With the whole stack the component's own dependencies see to that.
    const outside = [opts?.dependsOn ?? []].flat() as pulumi.Input<pulumi.Resource>[];
    const after = [...beforeNodes, ...outside];
    const nodeGroups = zonalNodeGroups(name, args, { clusterName: eksCluster.name, subnetIds }, after, parent);
    // Its pods need nodes: without, the add-on is degraded for 20 minutes and then fails.
    clusterAddon("coredns", nodeGroups);

    this.clusterName = pulumi.output(args.clusterName);
    this.kubeconfig = pulumi.secret(cluster.kubeconfigJson);
    this.nodeSecurityGroupId = eksCluster.vpcConfig.clusterSecurityGroupId;
    this.volumeAttachLimit = attachLimitOf(given, instanceTypes && found, DEFAULT_ATTACH_LIMIT, this);
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
      volumeAttachLimit: this.volumeAttachLimit,
    });
  }
}

function validate(args: ClusterArgs): Violation[] {
  const { zones, controlPlaneZones, apiAccess, apiAccessCidrs, privateSubnetIds } = args;
  const noZone = {
    argument: "zones",
    expected: "at least one availability zone",
    actual: zones,
    fix: "Name the zones that shall have nodes.",
  };
  const cidrs = known(apiAccessCidrs);
  // Networks that aren't known yet aren't missing.
  const areUnknown = apiAccessCidrs !== undefined && cidrs === undefined;
  return [
    ...(zones.length === 0 ? [noZone] : []),
    ...validateControlPlaneZones(controlPlaneZones, zones),
    ...validateInstanceTypes(known(args.instanceTypes)),
    ...validateRoleRules(args.roles),
    ...validateTags(args.tags ?? {}, [Tagged.Nodes]),
    ...validateVpcCniVersion(known(args.addonVersions.vpcCni)),
    ...(areUnknown ? [] : validateApiAccess(apiAccess, cidrs)),
    ...validateNetworks(cidrs ?? []),
    ...validateSubnetIds(zones, known(privateSubnetIds), "privateSubnetIds"),
  ];
}
