import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { clusterApi } from "../clusterApi/clusterApi";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { lookedAt } from "../retention/adoptable";
import type { Adopter } from "../retention/adopter";
import { type OwnResource, ownState } from "../retention/ownState";
import { refuseTogether, unlessDeployed } from "../retention/refusals";
import { nodesNotice, validateAddons, validateCluster } from "./existingClusterState";
import { type ClusterWideNames, namesTaken } from "./existingObjects";
import { typeTokens } from "../typeTokens";

export interface ExistingClusterArgs {
  /** The cluster's name in AWS. Plain. */
  clusterName: string;
  /** The cluster's region, such as `eu-west-1`. */
  region: pulumi.Input<string>;
  /** The VPC that it must be in: that of the file system's mount targets. Plain. */
  vpcId: string;
  /**
   * ARN of the role that the AWS provider assumes: the kubeconfig signs in as it, too. Plain. Default: who is signed in does.
   */
  assumeRoleArn?: string;
  /** The zones in which it must have nodes, by name. Plain. Default: not checked. */
  zones?: string[];
  /** What the stack makes in it outside of namespaces, and the namespaces: names that must be free. Plain. Default: none. */
  makes?: ClusterWideNames;
  /**
   * The add-ons that the stack makes, which it must not have: one for each `CsiDriver`. Where it has a driver already, make no
   * `CsiDriver` and leave out the name. Plain. Default: none.
   */
  addonNames?: string[];
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * A cluster that somebody else manages, looked up by its name. It must have nodes in every zone that is used, with its
 * primary security group, and the add-ons vpc-cni, coredns and eks-pod-identity-agent; EKS Auto Mode has them built in. The
 * role that deploys must be an administrator of it. None of that is changed.
 *
 * Use it to install drivers and volumes on another team's cluster: its outputs are what the other components ask for.
 *
 * @throws pulumi.RunError, at a preview already, for a cluster that isn't active, is in another VPC, lacks the add-on for the
 *   drivers' credentials, or has an add-on or an object of somebody else's by a name that this stack is to make. Once
 *   deployed, previews only warn of it, except of the last. Where the cluster can't be asked, a preview warns, and an `up` that
 *   would make such an object is refused.
 */
export class ExistingCluster extends pulumi.ComponentResource {
  /** The cluster's name, once it is looked up. */
  public readonly clusterName: pulumi.Output<string>;
  /**
   * Kubeconfig as JSON that runs `aws eks get-token`: the AWS CLI must be on PATH, signed in by the environment, such as
   * `AWS_PROFILE`. A provider's `profile` isn't followed. Secret.
   */
  public readonly kubeconfig: pulumi.Output<string>;
  /** The cluster's primary security group, which managed node groups are in. */
  public readonly nodeSecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("ExistingCluster", name, args);
    super(typeTokens.ExistingCluster, name, {}, opts);
    const { clusterName, argumentNames } = args;
    const asked = aws.eks.getCluster({ name: clusterName }, { parent: this });
    const state = ownState();
    const adopter = { type: typeTokens.ExistingCluster, name, component: this, argumentNames };
    const passed = refuseTogether(adopter, () =>
      lookedAt(
        { argument: "clusterName", what: "a cluster", id: clusterName, right: "eks:DescribeCluster" },
        asked,
        async (cluster) => validateAll(args, cluster, await state, adopter),
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
  adopter: Adopter,
): Promise<Violation[]> {
  const { clusterName, addonNames = [], argumentNames } = args;
  const isAutoMode = cluster.computeConfigs?.some(({ enabled }) => enabled) ?? false;
  const ofCluster = validateCluster(args, cluster);
  const isConfigured = argumentNames !== undefined;
  const opts = { parent: adopter.component };
  const ofAddons = await validateAddons(clusterName, addonNames, isAutoMode, isConfigured, state, opts);
  const found = unlessDeployed(adopter, { clusterName }, state, [...ofCluster, ...ofAddons]);
  // One in another VPC, or that is going, needn't be asked for more.
  if (ofCluster.length > 0 && found.length > 0) return found;
  return [...found, ...(await validateNames(args, cluster as aws.eks.GetClusterResult, state, adopter.component))];
}

/** That it has none of the names that the stack is to make. A preview tells, too, of zones where it has no nodes now. */
async function validateNames(
  args: ExistingClusterArgs,
  cluster: aws.eks.GetClusterResult,
  state: OwnResource[],
  component: pulumi.Resource,
): Promise<Violation[]> {
  const { clusterName, makes = {}, zones = [] } = args;
  // The region in the ARN is the one that AWS was asked in, also where the argument isn't known yet.
  const api = clusterApi(kubeconfigOf(args, cluster, known(args.region) ?? cluster.arn.split(":")[3]!));
  const { violations, trouble, isInState } = await namesTaken(clusterName, api, makes, state);
  // Not awaited, here and below: the engine takes it when the component is registered, which may wait for this check.
  if (trouble === undefined) {
    const notice = pulumi.runtime.isDryRun() ? await nodesNotice(clusterName, api, zones) : undefined;
    if (notice !== undefined) void pulumi.log.warn(notice, component);
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
