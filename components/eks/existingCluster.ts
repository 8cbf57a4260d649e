import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments, assertValid } from "../checks/assertValid";
import { ownState } from "../retention/ownState";
import { refuseTogether } from "../retention/refusals";
import { type ClusterWideNames, namesTaken } from "./existingObjects";
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
  /** What the stack makes in it outside of namespaces, and the namespaces: names that must be free. Default: none. */
  makes?: ClusterWideNames;
  /** What the arguments are called where they are configured, for error messages. Plain. Default: as here. */
  argumentNames?: Record<string, string>;
}

/**
 * A cluster that somebody else manages, looked up by its name. It must have nodes in every zone that is used, with its
 * primary security group, and the add-ons vpc-cni, coredns and eks-pod-identity-agent. The role that deploys must be an
 * administrator of it. None of that is changed.
 *
 * @throws pulumi.RunError, at a preview already, for a cluster in another VPC, or that has an object of somebody else's by a
 *   name that this stack is to make. Where the cluster can't be asked, a preview warns, and an `up` that would
 *   make such an object is refused.
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
    const { clusterName, vpcId } = args;
    const found = aws.eks.getClusterOutput({ name: clusterName }, { parent: this }).apply((cluster) => {
      const vpc = cluster.vpcConfig.vpcId;
      const elsewhere = {
        argument: "vpcId",
        expected: `${vpc}, the VPC that the cluster ${clusterName} is in`,
        actual: vpcId,
        fix: "Nodes in another VPC don't reach the mount targets: name the cluster's.",
      };
      assertValid("ExistingCluster", name, vpc === vpcId ? [] : [elsewhere]);
      return cluster;
    });

    this.clusterName = pulumi.output(clusterName);
    this.kubeconfig = pulumi.secret(this.onceFree(kubeconfigOf(args, found), name, args));
    this.nodeSecurityGroupId = found.vpcConfig.clusterSecurityGroupId;
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
    });
  }

  /** The kubeconfig, once it is known that the cluster has none of the names that the stack is to make. */
  private onceFree(kubeconfig: pulumi.Output<string>, name: string, args: ExistingClusterArgs): pulumi.Output<string> {
    const { clusterName, makes, argumentNames } = args;
    if (!makes) return kubeconfig;
    const state = ownState();
    return kubeconfig.apply(async (content) => {
      await refuseTogether({ type: typeTokens.ExistingCluster, name, component: this, argumentNames }, async () => {
        const { violations, trouble, isInState } = await namesTaken(clusterName, content, makes, await state);
        if (trouble === undefined) return violations;
        const what =
          `The cluster ${clusterName} couldn't be asked whether it has objects by the names of those that this stack makes, ` +
          `which pulumi up would take over.\n${trouble}`;
        const mayTakeOver = !pulumi.runtime.isDryRun() && !isInState && violations.length === 0;
        if (mayTakeOver && !isBehindProxy()) throw new pulumi.RunError(what);
        // Not awaited: the engine takes it when the component is registered, which may wait for this check.
        void pulumi.log.warn(what, this);
        return violations;
      });
      return content;
    });
  }
}

/**
 * Whether connections go through a proxy, as those of Pulumi's Kubernetes plugin do, and ours don't: then what can't be asked
 * for is told, and no reason to refuse. https://pkg.go.dev/net/http#ProxyFromEnvironment
 */
const isBehindProxy = () => Boolean(process.env.HTTPS_PROXY ?? process.env.https_proxy);

/** https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html */
function kubeconfigOf(
  { clusterName, region, assumeRoleArn }: ExistingClusterArgs,
  found: pulumi.Output<aws.eks.GetClusterResult>,
): pulumi.Output<string> {
  const args = ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"];
  if (assumeRoleArn !== undefined) args.push("--role-arn", assumeRoleArn);
  const cluster = { server: found.endpoint, "certificate-authority-data": found.certificateAuthorities[0]!.data };
  return pulumi.jsonStringify({
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
