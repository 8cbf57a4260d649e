import type { V1Node } from "@kubernetes/client-node";
import type { Cluster } from "./cluster";
import { Refuted } from "./result";

/** The label with a node's zone. https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone */
export const ZONE = "topology.kubernetes.io/zone";

export const zoneOf = ({ metadata }: V1Node): string => metadata?.labels?.[ZONE] ?? "";

/** Fargate runs no DaemonSets, and mounts no disks. https://docs.aws.amazon.com/eks/latest/userguide/fargate.html */
const isOnFargate = ({ metadata }: V1Node) => metadata?.labels?.["eks.amazonaws.com/compute-type"] === "fargate";

/** The nodes on which drivers run. @throws Refuted if there are none: nothing could be said of each of them. */
export async function nodesOf(cluster: Cluster): Promise<V1Node[]> {
  const nodes = (await cluster.list("Node")).filter((it) => !isOnFargate(it));
  if (nodes.length === 0) throw new Refuted("there are no nodes", "kubectl get nodes");
  return nodes;
}

/** Whether the scheduler places a pod there that tolerates nothing. */
export const takesPods = (node: V1Node): boolean =>
  !isOnFargate(node) &&
  !node.spec?.unschedulable &&
  !node.spec?.taints?.some(({ effect }) => effect !== "PreferNoSchedule") &&
  node.status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";
