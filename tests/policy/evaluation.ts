import * as pulumi from "@pulumi/pulumi";
import { evaluate, type Outcome, type Policy } from "../../policy/policy";
import { policies } from "../../policy/policies";
import { readable, type Resource, Stack, unknown as notKnown } from "../../policy/stack";
import { mockId } from "../support/mockIds";
import { mockState } from "../support/mockState";
import { type Registration, Secret, unknown } from "../support/registrations";

/** The outcome of a policy for a resource. */
export interface Evaluation extends Outcome {
  policy: string;
  urn: string;
}

/** The outputs that the engine shows of a resource, created or at a first preview without a cluster. */
export function outputsOf(registration: Registration, preview: boolean): Record<string, unknown> {
  const { type, inputs } = registration;
  const id = mockId(registration);
  if (preview) return type.startsWith("kubernetes:") ? {} : (inputs as Record<string, unknown>);
  const computed = Object.entries(mockState(registration, id)).filter(([, it]) => !pulumi.Output.isInstance(it));
  return { ...Object.fromEntries(computed), id, ...(inputs as object) };
}

function documentOf(value: unknown): unknown {
  if (value === unknown) return notKnown;
  if (value instanceof Secret) return documentOf(value.value);
  if (Array.isArray(value)) return value.map(documentOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, documentOf(item)]));
}

const cache = new WeakMap<Registration, Resource>();

function resourceOf(registration: Registration, preview: boolean): Resource {
  const known = cache.get(registration);
  if (known) return known;
  const { urn, type, name, protect, parent, provider, dependencies, propertyDependencies } = registration;
  const resource = {
    ...{ urn, type, name, protect, parent, provider, dependencies, propertyDependencies },
    props: readable(documentOf(registration.inputs)),
    outputs: documentOf(outputsOf(registration, preview)) as Record<string, unknown>,
  };
  cache.set(registration, resource);
  return resource;
}

/**
 * Checks the policies without the engine and its protocol, which is fast enough for thousands of programs.
 *
 * @param only the resources for the policies about single resources. Default: all of them.
 * @returns the outcomes that didn't pass.
 */
export function evaluateAll(
  registrations: Registration[],
  preview: boolean,
  chosen: Policy[] = policies,
  only: Registration[] = registrations,
): Evaluation[] {
  const stack = new Stack(registrations.map((it) => resourceOf(it, preview)));
  const single = only.map((it) => resourceOf(it, preview));
  return chosen.flatMap((policy) =>
    ("check" in policy ? single : stack.resources)
      .filter(({ type }) => policy.types.includes(type))
      .map((resource) => ({ policy: policy.name, urn: resource.urn, ...evaluate(policy, resource, stack) }))
      .filter((it) => it.violations.length > 0 || it.notKnown !== undefined),
  );
}
