import type { OwnResource } from "../retention/ownState";

/** The living cluster of a name, if it is the stack's own: a program may have others. */
export const ownCluster = (state: OwnResource[], clusterName: string): OwnResource | undefined =>
  state.find(({ type, outputs }) => type === "aws:eks/cluster:Cluster" && outputs["name"] === clusterName);

/** Whether the stack has had node groups of a cluster since before this operation. */
export const hasOwnNodes = (state: OwnResource[], clusterName: string): boolean =>
  state.some(({ type, outputs }) => type === "aws:eks/nodeGroup:NodeGroup" && outputs["clusterName"] === clusterName);
