import { CLUSTER, CLUSTER_COMPONENT, LAUNCH_TEMPLATE, NODE_GROUP, SECURITY_GROUP, SUBNET, zonesOf } from "./aws";
import { holds, peek, type Resource, type Stack } from "./stack";

/** Where clusters say which security group their nodes are in. */
const GROUPS_OF_NODES: Record<string, string[]> = {
  [CLUSTER]: ["vpcConfig.clusterSecurityGroupId"],
  [CLUSTER_COMPONENT]: ["nodeSecurityGroupId", "clusterSecurityGroupId", "eksCluster.vpcConfig.clusterSecurityGroupId"],
};

/** Whether this stack makes the nodes, or the cluster that they are in. */
export const hasNodes = (stack: Stack): boolean => stack.all(...Object.keys(GROUPS_OF_NODES), NODE_GROUP).length > 0;

/**
 * The security groups at a path that aren't those of the stack's nodes. Of nodes of another stack, none can be told
 * from others here.
 *
 * @throws NotKnown where neither the ids nor what they come from tells.
 */
export function notOfNodes(resource: Resource, path: string, stack: Stack): string[] {
  const clusters = stack.all(...Object.keys(GROUPS_OF_NODES));
  const value = peek(resource.props, path);
  if (value === undefined || !hasNodes(stack)) return [];
  const ids = clusters.flatMap((it) => GROUPS_OF_NODES[it.type]!.map((place) => peek(it.outputs, place)));
  const known = ids.filter((id) => typeof id === "string");
  const named = Array.isArray(value) ? [...(value as unknown[])] : [value];
  const strange = named.filter((id) => !known.includes(id as string));
  if (strange.length === 0) return [];
  // An id that isn't the cluster's doesn't come from it, where those of the cluster are known.
  const types = [SECURITY_GROUP, ...(known.length > 0 ? [] : Object.keys(GROUPS_OF_NODES))];
  const found = stack.referred(resource, path, ...types);
  const own = stack
    .all(LAUNCH_TEMPLATE)
    .flatMap((it) => stack.referred(it, "vpcSecurityGroupIds", SECURITY_GROUP).among);
  const isOfNodes = (it: Resource) => clusters.includes(it) || own.includes(it);
  if (found.among.length === 0) return strange.map(String);
  return holds({ ...found, elsewhere: false }, isOfNodes)
    ? []
    : found.among.filter((it) => !isOfNodes(it)).map(({ name }) => name);
}

/**
 * The zones that surely have nodes. Where a preview can't tell which of some subnets each node group is in, but there
 * are as many groups as zones, each zone counts: a program that makes a group for each zone shows itself so.
 */
export function zonesOfNodes(stack: Stack): Set<string> {
  const groups = stack.all(NODE_GROUP).map((it) => stack.referred(it, "subnetIds", SUBNET));
  const zones = groups.map((it) => ({ ...it, zones: [...zonesOf(it)] }));
  const alike = (it: { zones: string[] }) => zones.filter((other) => other.zones.join() === it.zones.join()).length;
  return new Set(zones.filter((it) => it.certain || alike(it) >= it.zones.length).flatMap((it) => it.zones));
}
