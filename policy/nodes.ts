import { CLUSTER, CLUSTER_COMPONENT, LAUNCH_TEMPLATE, NODE_GROUP, SECURITY_GROUP, SUBNET, zonesOf } from "./aws";
import { holds, peek, type Resource, type Stack } from "./stack";

/** The outputs of clusters that are the security group of their nodes. */
const NODE_SECURITY_GROUPS: Record<string, string[]> = {
  [CLUSTER]: ["vpcConfig.clusterSecurityGroupId"],
  [CLUSTER_COMPONENT]: ["nodeSecurityGroupId", "clusterSecurityGroupId", "eksCluster.vpcConfig.clusterSecurityGroupId"],
};

/** Whether the stack has nodes, or their cluster. */
export const hasNodes = (stack: Stack): boolean =>
  stack.all(...Object.keys(NODE_SECURITY_GROUPS), NODE_GROUP).length > 0;

/**
 * The security groups at a path that aren't those of the stack's nodes. None for a stack without nodes: it can't be known
 * which groups are theirs.
 *
 * @throws NotKnown where neither the ids nor their origins are known.
 */
export function foreignSecurityGroups(resource: Resource, path: string, stack: Stack): string[] {
  const clusters = stack.all(...Object.keys(NODE_SECURITY_GROUPS));
  const value = peek(resource.props, path);
  if (value === undefined || !hasNodes(stack)) return [];
  const outputs = clusters.flatMap((it) => NODE_SECURITY_GROUPS[it.type]!.map((output) => peek(it.outputs, output)));
  const idsOfNodes = outputs.filter((id) => typeof id === "string");
  const ids = Array.isArray(value) ? [...(value as unknown[])] : [value];
  const others = ids.filter((id) => !idsOfNodes.includes(id as string));
  if (others.length === 0) return [];
  // Where the clusters' groups are known, a different id isn't one of them, whatever it comes from.
  const types = [SECURITY_GROUP, ...(idsOfNodes.length > 0 ? [] : Object.keys(NODE_SECURITY_GROUPS))];
  const reference = stack.referred(resource, path, ...types);
  const ofLaunchTemplates = stack
    .all(LAUNCH_TEMPLATE)
    .flatMap((it) => stack.referred(it, "vpcSecurityGroupIds", SECURITY_GROUP).candidates);
  const isOfNodes = (it: Resource) => clusters.includes(it) || ofLaunchTemplates.includes(it);
  if (reference.candidates.length === 0) return others.map(String);
  return holds({ ...reference, isOutside: false }, isOfNodes)
    ? []
    : reference.candidates.filter((it) => !isOfNodes(it)).map(({ name }) => name);
}

const AUTO_SCALING_GROUP = "aws:autoscaling/group:Group";
/** Where node groups and Auto Scaling groups name their launch template. */
const TEMPLATE_PATHS = [
  "launchTemplate.id",
  "launchTemplate.name",
  "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateId",
];
/**
 * The tags of nodes that no node group makes: https://docs.aws.amazon.com/eks/latest/userguide/launch-workers.html,
 * https://karpenter.sh/docs/concepts/nodeclasses/#spectags
 */
const NODE_TAG = /^(kubernetes\.io\/cluster\/|eks:|karpenter\.)/;

/** The keys of the tags that a launch template or an Auto Scaling group gives itself and its instances. */
const tagKeysOf = ({ type, props }: Resource): string[] =>
  type === LAUNCH_TEMPLATE
    ? [props, ...(props.tagSpecifications ?? [])].flatMap(({ tags }) => Object.keys((tags ?? {}) as object))
    : [...(props.tags ?? [])].map(({ key }) => key as string);

/**
 * Whether instances of a launch template are nodes: it is in a component of `@pulumi/eks`, a node group of the stack uses
 * it, or it or its Auto Scaling group has a tag of nodes.
 *
 * @throws NotKnown where a group's template, or a tag's key, isn't known.
 */
export function isTemplateOfNodes(template: Resource, stack: Stack): boolean {
  if (stack.ancestors(template).some(({ type }) => type.startsWith("eks:index:"))) return true;
  const isTagged = (it: Resource) => tagKeysOf(it).some((key) => NODE_TAG.test(key));
  if (isTagged(template)) return true;
  const groups = TEMPLATE_PATHS.flatMap((path) => stack.referring(template, path, NODE_GROUP, AUTO_SCALING_GROUP));
  return groups.some((it) => it.type === NODE_GROUP || isTagged(it));
}

/**
 * The zones that certainly have nodes. A preview may not know which of some subnets each node group is in: where there are
 * as many groups as zones, the program makes one group for each zone.
 */
export function zonesOfNodes(stack: Stack): Set<string> {
  const groups = stack.all(NODE_GROUP).map((it) => {
    const subnets = stack.referred(it, "subnetIds", SUBNET);
    return { isCertain: subnets.isCertain, zones: [...zonesOf(subnets)] };
  });
  const withSameZones = ({ zones }: { zones: string[] }) =>
    groups.filter((it) => it.zones.join() === zones.join()).length;
  const certain = groups.filter((it) => it.isCertain || withSameZones(it) >= it.zones.length);
  return new Set(certain.flatMap(({ zones }) => zones));
}
