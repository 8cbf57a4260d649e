import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import type { AccessEntryArgs } from "./clusterAccess";

/**
 * Makes the access entries of a cluster. The eks component could make them, but then a refused destroy would delete them,
 * and with them everybody's access: the engine goes on past a protected resource. It spares only what that resource
 * depends on by name, and not the children of a component that it depends on
 * (https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/deploy/deployment_executor.go, performPostSteps).
 *
 * @param cluster The component that made them in earlier versions. EKS refuses a second entry for a principal (409), so the
 * entries keep their identity by aliases.
 */
export function accessEntries(
  name: string,
  entries: Record<string, AccessEntryArgs>,
  partition: string,
  cluster: eks.Cluster,
  parent: pulumi.Resource,
): void {
  const clusterName = cluster.eksCluster.name;
  for (const [key, { principalArn, access }] of Object.entries(entries)) {
    const entryName = `${name}-${key}`;
    const entry = new aws.eks.AccessEntry(
      entryName,
      { clusterName, principalArn },
      { parent, aliases: [{ parent: cluster }] },
    );
    new aws.eks.AccessPolicyAssociation(
      `${entryName}-${key}`,
      {
        clusterName,
        principalArn,
        policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${access}`,
        accessScope: { type: "cluster" },
      },
      {
        // Not the entry: what depends on the component doesn't wait for the children of a custom resource.
        parent,
        dependsOn: [entry],
        aliases: [{ parent: pulumi.createUrn(entryName, "aws:eks/accessEntry:AccessEntry", cluster) }],
      },
    );
  }
}
