import type { Properties, Value } from "./values";

/** What the engine does, or would do, with a resource. */
export const Operation = {
  Create: "create",
  Update: "update",
  Delete: "delete",
  /** Deleted, and another made in its place. */
  Replace: "replace",
  Same: "same",
  /** Looked up; the stack doesn't manage it. */
  Read: "read",
  /** Taken over as it is. */
  Import: "import",
  /** Looked at by a refresh, which found it as the state has it. */
  Refresh: "refresh",
  /** No longer looked up. */
  Discard: "discard",
} as const;
export type Operation = (typeof Operation)[keyof typeof Operation];

/** A resource before or after an operation. */
export interface State {
  type: string;
  inputs: Properties;
  /** Empty for what isn't made yet. */
  outputs: Properties;
  /** The engine refuses to delete or replace it. */
  protect: boolean;
  /** The engine forgets it, rather than delete it. */
  retainOnDelete: boolean;
}

/** How one property changes. */
export interface PropertyChange {
  /** As the engine writes it: `spec.capacity.storage`, `rules[0].id`, `tags["a.b"]`. */
  path: string;
  kind: "add" | "delete" | "update";
  /** Whether it can't be changed without another resource in this one's place. */
  causesReplacement: boolean;
  /** `undefined` where there is none. */
  old?: Value;
  new?: Value;
}

/** What happens to one resource. */
export interface Change {
  urn: string;
  type: string;
  name: string;
  /** The URN of the component, or stack, that it belongs to. */
  parent?: string;
  op: Operation;
  /** The first part of its type: `aws`, `kubernetes`, `pulumi`, or the package of a component. */
  provider: string;
  /** Whether a provider manages it; otherwise it is a component, which groups others. */
  custom: boolean;
  /** What the provider knows it by; none for what isn't made yet. */
  id?: string;
  /** Left by an earlier replacement that didn't end; a resource of the same URN has taken its place. */
  leftover?: true;
  /** Before; none for what is created. */
  old?: State;
  /** After; none for what is deleted. */
  new?: State;
  /** By path. Not of what is created or deleted: all of that changes. */
  properties: PropertyChange[];
  /** URNs of the resources that it needs, after the operation or, where it is deleted, before. */
  dependencies: string[];
}

/** What a URN says: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
export interface UrnParts {
  stack: string;
  project: string;
  type: string;
  name: string;
}

/** `undefined` for what is no URN. */
export function partsOf(urn: string): UrnParts | undefined {
  const [, stack, project, types, name] = /^urn:pulumi:([\w.-]+)::([\w.-]+)::(.+?)::([^]+)$/.exec(urn) ?? [];
  if (stack === undefined || project === undefined || types === undefined || name === undefined) return undefined;
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name };
}
