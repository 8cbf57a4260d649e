import { ADDON, CLUSTER, CLUSTER_COMPONENT, NODE_GROUP } from "./aws";
import { areApart, type Resource, type Stack } from "./stack";

interface Clusters {
  all: Set<string>;
  /** The stack as a resource of some of its clusters sees it, by their URNs. */
  views: Map<string, Stack>;
}

const known = new WeakMap<Stack, Clusters>();

/** A cluster's URN, for all that it is registered as. */
function clusterOf(resource: Resource, stack: Stack): string[] {
  if (resource.type === CLUSTER_COMPONENT) return [resource.urn];
  if (resource.type !== CLUSTER) return [];
  return [(stack.ancestors(resource).find(({ type }) => type === CLUSTER_COMPONENT) ?? resource).urn];
}

const isObject = ({ type }: Resource): boolean => type.startsWith("kubernetes:");
const isInCluster = (it: Resource): boolean => isObject(it) || it.type === ADDON || it.type === NODE_GROUP;

/** The clusters that a resource is in, as far as its provider or its cluster's name tells, or else what it depends on. */
function clustersOf(resource: Resource, stack: Stack): Set<string> {
  const { provider, propertyDependencies } = resource;
  const named = isObject(resource) ? [provider] : (propertyDependencies["clusterName"] ?? []);
  const origins = stack.resources.filter(({ urn }) => named.includes(urn));
  const leadTo = (some: Resource[]) => {
    const reached = some.flatMap((it) => [it, ...stack.predecessors(it)]);
    return new Set(reached.flatMap((it) => clusterOf(it, stack)));
  };
  const own = leadTo(origins);
  return own.size > 0 ? own : leadTo([resource]);
}

/** The stack without what is certainly in another cluster than a resource: there are the same names again. */
export function inItsCluster(resource: Resource, stack: Stack): Stack {
  if (!known.has(stack)) {
    const all = stack.all(CLUSTER, CLUSTER_COMPONENT).flatMap((it) => clusterOf(it, stack));
    known.set(stack, { all: new Set(all), views: new Map() });
  }
  const { all, views } = known.get(stack)!;
  if (all.size < 2 || !isInCluster(resource)) return stack;
  const own = clustersOf(resource, stack);
  const key = [...own].sort().join();
  if (!views.has(key)) {
    views.set(
      key,
      stack.without((it) => isInCluster(it) && areApart(own, clustersOf(it, stack))),
    );
  }
  return views.get(key)!;
}
