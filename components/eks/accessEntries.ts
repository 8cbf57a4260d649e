import * as aws from "@pulumi/aws";
import type * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import type { AccessEntryArgs } from "./clusterAccess";

/**
 * Who may use a cluster. The eks component could make these; but what it makes, nothing of ours depends on, and a destroy
 * that is refused would take everybody's access: the engine goes on past what is protected, and spares only what that
 * depends on by name, not the children of a component among it
 * (https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/deploy/deployment_executor.go, performPostSteps).
 *
 * @param cluster the component that made them in earlier versions. A second entry for the same principal is a 409 of EKS's,
 * so that they keep their identity.
 */
export function accessEntries(
  name: string,
  entries: Record<string, AccessEntryArgs>,
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
        policyArn: `arn:aws:eks::aws:cluster-access-policy/${access}`,
        accessScope: { type: "cluster" },
      },
      {
        // Not the entry: what a custom resource is the parent of, nobody depends on.
        parent,
        dependsOn: [entry],
        aliases: [{ parent: pulumi.createUrn(entryName, "aws:eks/accessEntry:AccessEntry", cluster) }],
      },
    );
  }
}
