import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../checks/assertValid";
import { typeTokens } from "../typeTokens";

export interface ExistingClusterArgs {
  /** The cluster's name in AWS. Plain. */
  clusterName: string;
  /** The region that it is in. */
  region: pulumi.Input<string>;
  /** The VPC that it must be in: that of the file system's mount targets. Plain. */
  vpcId: string;
}

/**
 * A cluster that somebody else manages, looked up by its name. It must have nodes in every zone that is used, with its
 * primary security group, and the add-ons vpc-cni, coredns and eks-pod-identity-agent. The role that deploys must be an
 * administrator of it. None of that is changed.
 *
 * @throws pulumi.RunError, at a preview already, for a cluster in another VPC.
 */
export class ExistingCluster extends pulumi.ComponentResource {
  public readonly clusterName: pulumi.Output<string>;
  /** Kubeconfig as JSON that runs `aws eks get-token`. Secret. */
  public readonly kubeconfig: pulumi.Output<string>;
  /** The cluster's primary security group, which managed node groups are in. */
  public readonly nodeSecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super(typeTokens.ExistingCluster, name, {}, opts);
    const { clusterName, region, vpcId } = args;
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
    this.kubeconfig = pulumi.secret(kubeconfigOf(clusterName, region, found));
    this.nodeSecurityGroupId = found.vpcConfig.clusterSecurityGroupId;
    this.registerOutputs({
      clusterName: this.clusterName,
      kubeconfig: this.kubeconfig,
      nodeSecurityGroupId: this.nodeSecurityGroupId,
    });
  }
}

/** https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html */
function kubeconfigOf(
  clusterName: string,
  region: pulumi.Input<string>,
  found: pulumi.Output<aws.eks.GetClusterResult>,
): pulumi.Output<string> {
  const args = ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"];
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
