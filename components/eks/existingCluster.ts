import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { lookedAt } from "../retention/adoptable";
import { type OwnResource, ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";
import { validateAddons, validateCluster, validateNodes, zonesWithoutNodes } from "./existingClusterState";
import { type ClusterWideNames, isDeployedIn, namesTaken } from "./existingObjects";
import { typeTokens } from "../typeTokens";

export interface ExistingClusterArgs {
  /** The cluster's name in AWS. Plain. */
  clusterName: string;
  /** The region that it is in. */
  region: pulumi.Input<string>;
  /** The VPC that it must be in: that of the file system's mount targets. Plain. */
  vpcId: string;
  /** ARN of the role that the AWS provider assumes: the kubeconfig signs in as it, too. Plain. Default: who is signed in does. */
  assumeRoleArn?: string;
  /** The zones in which it must have nodes, by name. Plain. Default: not checked. */
  zones?: string[];
  /** What the stack makes in it outside of namespaces, and the namespaces: names that must be free. Default: none. */
  makes?: ClusterWideNames;
  /** The add-ons that the stack makes, which it must not have. Plain. Default: none. */
  addonNames?: string[];
  /** What the arguments are called where they are configured, for error messages. Plain. Default: as here. */
  argumentNames?: Record<string, string>;
}

/**
 * A cluster that somebody else manages, looked up by its name. It must have nodes in every zone that is used, with its
 * primary security group, and the add-ons vpc-cni, coredns and eks-pod-identity-agent. The role that deploys must be an
 * administrator of it. None of that is changed.
 *
 * @throws pulumi.RunError, at a preview already, for a cluster that isn't active, is in another VPC, has no nodes in a zone, lacks
 *   the add-on for the drivers' credentials, or has an add-on or an object of somebody else's by a name that this stack is to
 *   make. Where the cluster can't be asked, a preview warns, and an `up` that would make such an object is refused.
 */
export class ExistingCluster extends pulumi.ComponentResource {
  public readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`. Secret. */
  public readonly kubeconfig: pulumi.Output<string>;
  /** The cluster's primary security group, which managed node groups are in. */
  public readonly nodeSecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("ExistingCluster", name, args);
    super(typeTokens.ExistingCluster, name, {}, opts);
    const { clusterName, argumentNames } = args;
    const asked = aws.eks.getCluster({ name: clusterName }, { parent: this });
    const state = ownState();
    const passed = refuseTogether({ type: typeTokens.ExistingCluster, name, component: this, argumentNames }, () =>
      lookedAt(
        { argument: "clusterName", what: "a cluster", id: clusterName, right: "eks:DescribeCluster" },
        asked,
        async (cluster) => validateAll(args, cluster, await state, this),
      ),
    );

    const found = pulumi.output(passed.then(() => asked));
    this.clusterName = pulumi.output(passed.then(() => clusterName));
    this.kubeconfig = pulumi.secret(
      pulumi.all([found, args.region]).apply(([cluster, region]) => kubeconfigOf(args, cluster, region)),
    );
    this.nodeSecurityGroupId = found.vpcConfig.clusterSecurityGroupId;
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
    });
  }
}

/** What is wrong with the cluster by what EKS says, and then by what its API server does. */
async function validateAll(
  args: ExistingClusterArgs,
  cluster: Partial<aws.eks.GetClusterResult>,
  state: OwnResource[],
  component: pulumi.Resource,
): Promise<Violation[]> {
  const { clusterName, addonNames = [] } = args;
  const ofCluster = validateCluster(args, cluster);
  if (ofCluster.length > 0) return ofCluster;
  const isAutoMode = cluster.computeConfigs?.some(({ enabled }) => enabled) ?? false;
  return [
    ...(await validateAddons(clusterName, addonNames, isAutoMode, state, { parent: component })),
    ...(await validateContents(args, cluster as aws.eks.GetClusterResult, state, component)),
  ];
}

/** That it has nodes where they are needed, and none of the names that the stack is to make. */
async function validateContents(
  args: ExistingClusterArgs,
  cluster: aws.eks.GetClusterResult,
  state: OwnResource[],
  component: pulumi.Resource,
): Promise<Violation[]> {
  const { clusterName, makes = {}, zones = [] } = args;
  // The region in the ARN is the one that AWS was asked in, also where the argument isn't known yet.
  const content = kubeconfigOf(args, cluster, known(args.region) ?? cluster.arn.split(":")[3]!);
  const { violations, trouble, isInState } = await namesTaken(clusterName, content, makes, state);
  if (trouble === undefined) {
    const lacking = validateNodes(clusterName, await zonesWithoutNodes(content, zones));
    // A zone that is down is no reason to refuse what may mend it.
    if (!isDeployedIn(clusterName, state)) return [...violations, ...lacking];
    for (const { expected, fix } of pulumi.runtime.isDryRun() ? lacking : []) {
      // Not awaited, here and below: the engine takes it when the component is registered, which may wait for this check.
      void pulumi.log.warn(`${clusterName} must be ${expected}. ${fix}`, component);
    }
    return violations;
  }
  const what =
    `The cluster ${clusterName} couldn't be asked whether it has objects by the names of those that this stack makes, ` +
    `which pulumi up would take over.\n${trouble}`;
  const mayTakeOver = !pulumi.runtime.isDryRun() && !isInState && violations.length === 0;
  if (mayTakeOver && !isBehindProxy()) throw new pulumi.RunError(what);
  void pulumi.log.warn(what, component);
  return violations;
}

/**
 * Whether connections go through a proxy, as those of Pulumi's Kubernetes plugin do, and ours don't: then what can't be asked
 * for is told, and no reason to refuse. https://pkg.go.dev/net/http#ProxyFromEnvironment
 */
const isBehindProxy = () => Boolean(process.env.HTTPS_PROXY ?? process.env.https_proxy);

/** https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html */
function kubeconfigOf(
  { clusterName, assumeRoleArn }: ExistingClusterArgs,
  found: aws.eks.GetClusterResult,
  region: string,
): string {
  const args = ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"];
  if (assumeRoleArn !== undefined) args.push("--role-arn", assumeRoleArn);
  const cluster = { server: found.endpoint, "certificate-authority-data": found.certificateAuthorities[0]?.data };
  // All of it is plain.
  // eslint-disable-next-line no-restricted-syntax
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kubernetes", cluster }],
    contexts: [{ name: "aws", context: { cluster: "kubernetes", user: "aws" } }],
    "current-context": "aws",
    users: [
      { name: "aws", user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "aws", args } } },
    ],
  });
}
