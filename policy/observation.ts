import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { readable, type Resource, Stack, unknown, unreadable } from "./stack";

/** Inputs by URN, as the engine showed them before it created each resource. */
const inputs = new Map<string, unknown>();

let cache = new Map<unknown, unknown>();

/**
 * Computes a value once for all policies: a call of the engine runs all of them, one after the other, before anything else
 * happens in this process.
 */
function once<T>(key: unknown, compute: () => T): T {
  if (cache.size === 0) setImmediate(() => (cache = new Map()));
  if (!cache.has(key)) cache.set(key, compute());
  return cache.get(key) as T;
}

/** A document of the policy library, whose unknown values throw when they are read, with {@link unknown} in their place. */
function documentOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const read = (key: string | number) => {
    try {
      return documentOf((value as Record<string | number, unknown>)[key]);
    } catch {
      return unknown;
    }
  };
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(index));
  return Object.fromEntries(Object.keys(value).map((key) => [key, read(key)]));
}

/** A resource before it is created: its inputs are known, and kept for {@link stackOf}. */
export function resourceBefore({ urn, type, name, props, opts }: ResourceValidationArgs): Resource {
  return once(urn, () => {
    const document = documentOf(props);
    inputs.set(urn, document);
    return {
      ...{ urn, type, name, protect: opts.protect, parent: opts.parent ?? "", provider: "" },
      ...{ props: readable(document), outputs: {}, dependencies: [], propertyDependencies: {} },
    };
  });
}

/**
 * The stack as the engine shows it at the end. A first preview shows nothing of an object in a cluster that doesn't exist
 * yet, so the inputs are those that were kept.
 */
export function stackOf(resources: PolicyResource[]): Stack {
  return once(stackOf, () => new Stack(resources.map(resourceOf)));
}

function resourceOf(resource: PolicyResource): Resource {
  const { urn, type, name, props, opts, parent, provider, dependencies, propertyDependencies } = resource;
  const outputs = documentOf(props) as Record<string, unknown>;
  const urns = (list: PolicyResource[]) => list.map((it) => it.urn);
  return {
    ...{ urn, type, name, protect: opts.protect, parent: parent?.urn ?? "", provider: provider?.urn ?? "" },
    // No inputs were shown only where every policy about single resources is disabled: the outputs replace them.
    props: inputs.has(urn) || Object.keys(outputs).length > 0 ? readable(inputs.get(urn) ?? outputs) : unreadable,
    outputs,
    dependencies: urns(dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, list]) => [property, urns(list)]),
    ),
  };
}
