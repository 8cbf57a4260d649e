import { DescribeClusterCommand, type EKSClient } from "@aws-sdk/client-eks";
import { type Belonging, detailOf } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";

/** The stack's own cluster, by its name. https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeCluster.html */
export async function cluster(client: EKSClient, region: string, look: Look, belonging: Belonging): Promise<void> {
  const { clusterName: id } = belonging.scope;
  if (id === undefined) return;
  const answer = await look.one(
    { what: "the cluster", right: "eks:DescribeCluster", region },
    () => client.send(new DescribeClusterCommand({ name: id })),
    ["ResourceNotFoundException"],
  );
  if (!answer?.cluster) return;
  const { status, version } = answer.cluster;
  const detail = detailOf(version && `Kubernetes ${version}`, status);
  const isGoing = status === "DELETING";
  belonging.add({ kind: "cluster", id, region, owner: Owner.Stack, because: "its name", detail, isGoing });
}
