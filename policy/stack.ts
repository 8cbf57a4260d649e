/** Stands for a value that a preview doesn't know yet. */
export const unknown = Symbol("unknown");

/** A check came upon something that isn't known yet. */
export class NotKnown extends Error {}

/** A check came upon something that isn't in this stack, of which nothing can be told. */
export class Elsewhere extends Error {}

/** What the rules see of one resource. */
export interface Resource {
  urn: string;
  type: string;
  name: string;
  /** What the program asked for. Every type has a shape of its own. Reading what isn't known throws {@link NotKnown}. */
  props: any;
  /** What came of it, as far as it is known: ids, ARNs. */
  outputs: Record<string, unknown>;
  protect: boolean;
  /** URNs. */
  parent: string;
  provider: string;
  dependencies: string[];
  /** Which resources the value of each property comes from: known even where the value isn't. */
  propertyDependencies: Record<string, string[]>;
}

/** Resources that a property refers to: these, or where that isn't certain yet, some of these. */
export interface Reference {
  among: Resource[];
  certain: boolean;
  /** Whether it refers to something else besides, or only: to what isn't in this stack. */
  elsewhere: boolean;
}

const last = (path: string, key: string | symbol) => (path ? `${path}.${String(key)}` : String(key));

/** A document whose unknown parts throw when they are read, naming themselves. */
export function readable(value: any, path = ""): any {
  if (value === unknown) throw new NotKnown(path);
  if (typeof value !== "object" || value === null) return value;
  return new Proxy(value as object, {
    get: (target, key) => {
      const found: unknown = Reflect.get(target, key);
      return typeof found === "function" ? found : readable(found, last(path, key));
    },
  });
}

/** A document of which nothing is known. */
export const unreadable: unknown = new Proxy(
  {},
  {
    get: () => {
      throw new NotKnown("what was asked for");
    },
  },
);

/** What is at a path of a document, {@link unknown} where that isn't known: to be looked at without throwing. */
export function peek(props: any, path: string): unknown {
  let value = props;
  try {
    for (const key of path.split(".")) value = value?.[key];
    return value;
  } catch (error) {
    if (error instanceof NotKnown) return unknown;
    throw error;
  }
}

/** Every resource of a stack, and how they hang together. */
export class Stack {
  private readonly byUrn: Map<string, Resource>;
  private readonly before = new Map<string, Set<Resource>>();

  constructor(readonly resources: Resource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  }

  all(...types: string[]): Resource[] {
    return this.resources.filter(({ type }) => types.includes(type));
  }

  /** All that must be there before a resource is made, and goes only after it. */
  predecessors(resource: Resource): Set<Resource> {
    const known = this.before.get(resource.urn);
    if (known) return known;
    const found = new Set<Resource>();
    this.before.set(resource.urn, found);
    const visit = (urn: string) => {
      const next = this.byUrn.get(urn);
      if (!next || found.has(next)) return;
      found.add(next);
      direct(next).forEach(visit);
    };
    direct(resource).forEach(visit);
    return found;
  }

  /** The ancestors of a resource, its parent first. */
  ancestors(resource: Resource): Resource[] {
    const parent = this.byUrn.get(resource.parent);
    return parent ? [parent, ...this.ancestors(parent)] : [];
  }

  providerOf(resource: Resource): Resource | undefined {
    return this.byUrn.get(resource.provider);
  }

  /**
   * The resources of some types that a property refers to, by the ids in it where they are known, else by where its
   * value comes from.
   *
   * @throws NotKnown where neither tells.
   */
  referred(resource: Resource, path: string, ...types: string[]): Reference {
    const candidates = this.all(...types);
    const value = peek(resource.props, path);
    if (value === undefined || value === null) return { among: [], certain: true, elsewhere: false };
    const slots: unknown[] = Array.isArray(value) ? [...value.keys()].map((key) => peek(value, String(key))) : [value];
    // A volume's handle is several ids: fs-…::fsap-…
    const parts = (slot: unknown) => [slot, ...String(slot).split("::")];
    const called = (slot: unknown) => candidates.filter((it) => parts(slot).some((id) => identities(it).includes(id)));
    const among = candidates.filter((it) => slots.some((slot) => slot !== unknown && called(slot).includes(it)));

    const origins = resource.propertyDependencies[path.split(".")[0]!] ?? [];
    const linked = candidates.filter((it) => origins.includes(it.urn) && !among.includes(it));
    const open = slots.filter((slot) => slot === unknown);
    if (open.length > 0 && linked.length === 0) throw new NotKnown(path);
    // An id that is known is another's, unless nobody says what those that it comes from are called.
    const strange = slots.filter((slot) => slot !== unknown && called(slot).length === 0);
    const nameless = open.length > 0 ? linked : linked.filter(({ outputs }) => typeof outputs["id"] !== "string");
    if (open.length + strange.length === 0 || nameless.length === 0) {
      return { among, certain: true, elsewhere: strange.length > 0 };
    }
    const certain = nameless.length <= open.length + strange.length;
    return { among: [...among, ...nameless], certain, elsewhere: false };
  }

  /** The resources of some types that refer to one by a property. Those that might, too, where it isn't certain. */
  referring(target: Resource, path: string, ...types: string[]): Resource[] {
    return this.all(...types).filter((it) => this.referred(it, path, target.type).among.includes(target));
  }
}

/** What others call a resource. */
function identities({ outputs, props }: Resource): unknown[] {
  const names = ["id", "arn", "name", "bucket"].map((key) => outputs[key] ?? peek(props, key));
  return names.filter((name) => typeof name === "string");
}

function direct({ dependencies, propertyDependencies, parent, provider }: Resource): string[] {
  return [...dependencies, ...Object.values(propertyDependencies).flat(), parent, provider];
}

/**
 * Whether what is referred to is so.
 *
 * @throws NotKnown where it depends on which of them it is, Elsewhere where it depends on what isn't in this stack.
 */
export function holds({ among, certain, elsewhere }: Reference, isSo: (resource: Resource) => boolean): boolean {
  const so = among.filter(isSo);
  if (so.length > 0 && so.length < among.length && !certain) throw new NotKnown("which one it is");
  if (so.length < among.length) return false;
  if (elsewhere) throw new Elsewhere("what it refers to");
  return true;
}
