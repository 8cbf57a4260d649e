/** What orders a resource's deletion, as a stack's state has it. */
export interface ResourceState {
  urn: string;
  type: string;
  /** Whether it is one, and no component. */
  custom: boolean;
  parent?: string;
  /** A URN and an id. */
  provider?: string;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[] | null>;
  deletedWith?: string;
  /** What a stack puts out, or a resource has. */
  outputs?: Record<string, any>;
}

const GUARD = "eks-storage:index:DeletionProtection";

/** Outside of the state they are nothing: components, and providers that the engine makes itself when it needs them. */
const isNothing = ({ urn, type, custom }: ResourceState) =>
  !custom || (type.startsWith("pulumi:providers:") && /::default(_[\w.]+)?$/.test(urn));

/**
 * URNs of what a refused destroy deletes nevertheless: from these no path of dependents leads to the guard. After a
 * refusal the engine goes on, and spares what the refused resource depends on, by URN; the children of a component among
 * that aren't meant (`TransitiveDependenciesOf` of
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/graph/dependency_graph.go).
 */
export function outsideGuard(resources: ResourceState[]): string[] {
  const byUrn = new Map(resources.map((it) => [it.urn, it]));
  const guarded = new Set<string>();
  const visit = (urn: string | undefined) => {
    const resource = byUrn.get(urn ?? "");
    if (!resource || guarded.has(resource.urn)) return;
    guarded.add(resource.urn);
    const { parent, provider, dependencies = [], propertyDependencies = {}, deletedWith } = resource;
    const providerUrn = provider?.split("::").slice(0, 4).join("::");
    [parent, providerUrn, deletedWith, ...dependencies].forEach(visit);
    Object.values(propertyDependencies).forEach((urns) => urns?.forEach(visit));
  };
  resources.filter(({ urn, type }) => type === GUARD || urn.includes(`::${GUARD}$`)).forEach(({ urn }) => visit(urn));
  return resources.filter((it) => !guarded.has(it.urn) && !isNothing(it)).map(({ urn }) => urn);
}

/** The resources of a stack's state as its file has it. */
export function resourcesOf(stateFile: string): ResourceState[] {
  return (JSON.parse(stateFile) as { checkpoint: { latest: { resources: ResourceState[] } } }).checkpoint.latest
    .resources;
}
