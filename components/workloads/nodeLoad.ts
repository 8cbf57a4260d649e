import type { NodeLoad } from "../eks/nodeSize";

/** What a pod of each workload asks for, in MiB: the requests of its containers. */
export const MEMORY_IN_MIB = { assets: 128, catalog: 512, mysql: 1024 };

/** What the workloads ask of a cluster's nodes: so many pods of the assets and of the catalog, and one database. */
export const nodeLoad = (replicas: { assets: number; catalog: number }): NodeLoad => ({
  pods: replicas.assets + replicas.catalog + 1,
  memoryInMib: replicas.assets * MEMORY_IN_MIB.assets + replicas.catalog * MEMORY_IN_MIB.catalog + MEMORY_IN_MIB.mysql,
  largestPodInMib: MEMORY_IN_MIB.mysql,
});
