/** Stands for a value that a preview doesn't know yet. */
export const unknown = Symbol("unknown");

/** A check needs a value that isn't known yet. */
export class NotKnown extends Error {}

/** A check needs a resource that isn't in this stack. */
export class OutsideStack extends Error {}

/** A resource as policies see it. */
export interface Resource {
  urn: string;
  type: string;
  name: string;
  /** The inputs; each type has its own. Reading one that isn't known throws {@link NotKnown}. */
  props: any;
  /** The outputs that are known: ids, ARNs. */
  outputs: Record<string, unknown>;
  protect: boolean;
  /** URNs. */
  parent: string;
  provider: string;
  dependencies: string[];
  /** URNs of the resources that each property's value comes from: known even where the value isn't. */
  propertyDependencies: Record<string, string[]>;
}

/** The resources of the stack that a property refers to. */
export interface Reference {
  /** These, or where that isn't certain, some of these. */
  candidates: Resource[];
  isCertain: boolean;
  /** Whether it refers to resources outside the stack, too or only. */
  isOutside: boolean;
}

const pathOf = (path: string, key: string | symbol) => (path ? `${path}.${String(key)}` : String(key));

/** A document whose unknown values throw {@link NotKnown} with their path when they are read. */
export function readable(value: any, path = ""): any {
  if (value === unknown) throw new NotKnown(path);
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value as object, {
    get: (target, key) => {
      const item: unknown = Reflect.get(target, key);
      return typeof item === "function" ? item : readable(item, pathOf(path, key));
    },
  });
}

/** A document of which nothing is known. */
export const unreadable: unknown = new Proxy(
  {},
  {
    get: () => {
      throw new NotKnown("the resource's inputs");
    },
  },
);

/**
 * The value at a path of a document, {@link unknown} where it isn't known: it never throws.
 *
 * @param path Keys with dots between them, or a list of keys where a key may have dots of its own.
 */
export function peek(props: any, path: string | string[]): unknown {
  let value = props;
  try {
    for (const key of typeof path === "string" ? path.split(".") : path) value = value?.[key];
    return value;
  } catch (error) {
    if (error instanceof NotKnown) return unknown;
    throw error;
  }
}

/** Every resource of a stack, and the references between them. */
export class Stack {
  private readonly byUrn: Map<string, Resource>;
  private readonly children = new Map<string, Resource[]>();
  private readonly before = new Map<string, Set<Resource>>();

  constructor(readonly resources: Resource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    for (const it of resources) {
      const siblings = this.children.get(it.parent);
      if (siblings) siblings.push(it);
      else this.children.set(it.parent, [it]);
    }
  }

  /** The stack as if some of its resources were another's. */
  without(isLeftOut: (it: Resource) => boolean): Stack {
    return new Stack(this.resources.filter((it) => !isLeftOut(it)));
  }

  all(...types: string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** The resources that are created before a resource, and deleted after it. */
  predecessors(resource: Resource): Set<Resource> {
    const known = this.before.get(resource.urn);
    if (known) return known;
    const predecessors = new Set<Resource>();
    this.before.set(resource.urn, predecessors);
    const visit = (urn: string) => {
      const next = this.byUrn.get(urn);
      if (!next || predecessors.has(next)) return;
      predecessors.add(next);
      this.directPredecessors(next).forEach(visit);
    };
    this.directPredecessors(resource).forEach(visit);
    return predecessors;
  }

  private directPredecessors({ dependencies, propertyDependencies, parent, provider }: Resource): string[] {
    const named = [...dependencies, ...Object.values(propertyDependencies).flat()];
    return [...named, ...named.flatMap((urn) => this.withinComponent(urn)), parent, provider];
  }

  /**
   * What is in a component: who depends on that depends on this too. The engine names no provider of a component:
   * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/graph/dependency_graph.go (DependenciesOf)
   */
  private withinComponent(urn: string): string[] {
    const it = this.byUrn.get(urn);
    if (it === undefined || it.provider !== "" || it.type.startsWith("pulumi:providers:")) return [];
    return this.descendants(urn);
  }

  private descendants(urn: string): string[] {
    return (this.children.get(urn) ?? []).flatMap((it) => [it.urn, ...this.descendants(it.urn)]);
  }

  /** The ancestors of a resource, its parent first. */
  ancestors(resource: Resource): Resource[] {
    const parent = this.byUrn.get(resource.parent);
    return parent ? [parent, ...this.ancestors(parent)] : [];
  }

  /**
   * The resources of some types that a property refers to: by the ids in its value where they are known, else by where
   * the value comes from.
   *
   * @throws NotKnown where neither is known.
   */
  referred(resource: Resource, path: string, ...types: string[]): Reference {
    const all = this.all(...types);
    const value = peek(resource.props, path);
    if (value === undefined || value === null) return { candidates: [], isCertain: true, isOutside: false };
    const items: unknown[] = Array.isArray(value) ? [...value.keys()].map((key) => peek(value, String(key))) : [value];
    // A volume's handle has several ids: fs-…::fsap-…
    const idsIn = (item: unknown) => [item, ...String(item).split("::")];
    const identifiedBy = (item: unknown) => all.filter((it) => idsIn(item).some((id) => identities(it).includes(id)));
    const known = items.filter((item) => item !== unknown);
    const identified = all.filter((it) => known.some((item) => identifiedBy(item).includes(it)));

    const origins = resource.propertyDependencies[path.split(".")[0]!] ?? [];
    const linked = all.filter((it) => origins.includes(it.urn) && !identified.includes(it));
    const unknownItems = items.length - known.length;
    if (unknownItems > 0 && linked.length === 0) throw new NotKnown(path);
    // A known id that no resource has is one of another stack, unless an origin's own id isn't known.
    const unmatched = known.filter((item) => identifiedBy(item).length === 0);
    const possible = unknownItems > 0 ? linked : linked.filter(({ outputs }) => typeof outputs["id"] !== "string");
    if (unknownItems + unmatched.length === 0 || possible.length === 0) {
      return { candidates: identified, isCertain: true, isOutside: unmatched.length > 0 };
    }
    const isCertain = possible.length <= unknownItems + unmatched.length;
    return { candidates: [...identified, ...possible], isCertain, isOutside: false };
  }

  /** The resources of some types whose property refers to one, or may refer to it where that isn't certain. */
  referring(target: Resource, path: string, ...types: string[]): Resource[] {
    return this.all(...types).filter((it) => this.referred(it, path, target.type).candidates.includes(target));
  }
}

/** The ids and names by which other resources refer to a resource. */
function identities({ outputs, props }: Resource): unknown[] {
  const names = ["id", "arn", "name", "bucket"].map((key) => outputs[key] ?? peek(props, key));
  return names.filter((name) => typeof name === "string");
}

/** Whether two sets that both have something have nothing in common. */
export const areApart = <T>(one: Set<T>, other: Set<T>): boolean =>
  one.size > 0 && other.size > 0 && ![...one].some((it) => other.has(it));

/**
 * Whether a condition holds for everything that a property refers to.
 *
 * @throws NotKnown where it holds for some candidates only, OutsideStack where it depends on a resource outside the stack.
 */
export function holds({ candidates, isCertain, isOutside }: Reference, condition: (it: Resource) => boolean): boolean {
  const matching = candidates.filter(condition);
  if (matching.length > 0 && matching.length < candidates.length && !isCertain) {
    throw new NotKnown("which of the candidates it refers to");
  }
  if (matching.length < candidates.length) return false;
  if (isOutside) throw new OutsideStack("what it refers to");
  return true;
}
