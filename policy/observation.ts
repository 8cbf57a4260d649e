import type * as policy from "@pulumi/policy";
import { readable, type Resource, Stack, unknown, unreadable } from "./stack";

/** Inputs by URN, as the engine showed them before it made each resource. */
const inputs = new Map<string, unknown>();

let recent = new Map<unknown, unknown>();

/**
 * What is worked out once and serves every rule: a call of the engine runs all of them, one after the other, before
 * anything else happens in this process.
 */
function once<T>(key: unknown, make: () => T): T {
  if (recent.size === 0) setImmediate(() => (recent = new Map()));
  if (!recent.has(key)) recent.set(key, make());
  return recent.get(key) as T;
}

/** A document of the policy library, whose unknown parts throw when they are read, as one that holds {@link unknown}. */
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

/** A resource before it is made, from which rules read its inputs. They are remembered for {@link stackOf}. */
export function observe({ urn, type, name, props, opts }: policy.ResourceValidationArgs): Resource {
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
 * The stack, from what the engine says of it at the end. By then a first preview shows nothing of an object in a cluster
 * that isn't there yet, so what was asked for is taken from the inputs.
 */
export function stackOf(resources: policy.PolicyResource[]): Stack {
  return once(stackOf, () => new Stack(resources.map(resourceOf)));
}

function resourceOf(resource: policy.PolicyResource): Resource {
  const { urn, type, name, props, opts, parent, provider, dependencies, propertyDependencies } = resource;
  const outputs = documentOf(props) as Record<string, unknown>;
  const urns = (list: policy.PolicyResource[]) => list.map((it) => it.urn);
  return {
    ...{ urn, type, name, protect: opts.protect, parent: parent?.urn ?? "", provider: provider?.urn ?? "" },
    // Only where every rule about single resources is disabled nothing was seen; the outputs then have to do.
    props: inputs.has(urn) || Object.keys(outputs).length > 0 ? readable(inputs.get(urn) ?? outputs) : unreadable,
    outputs,
    dependencies: urns(dependencies),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, list]) => [property, urns(list)]),
    ),
  };
}
