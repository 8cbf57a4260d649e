import * as pulumi from "@pulumi/pulumi";
import { examine, type Outcome, type Rule } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { readable, type Resource, Stack, unknown as notKnown } from "../../policy/stack";
import { mockState } from "../support/mockState";
import { type Registration, Secret, unknown } from "../support/registrations";

/** What came of applying a rule to a resource. */
export interface Judgement extends Outcome {
  rule: string;
  urn: string;
}

/** What the engine tells of a resource when it has been made, or at a first preview before there is a cluster. */
export function outputsOf({ type, name, inputs }: Registration, preview: boolean): Record<string, unknown> {
  if (preview) return type.startsWith("kubernetes:") ? {} : (inputs as Record<string, unknown>);
  const computed = Object.entries(mockState(type, name, inputs)).filter(([, it]) => !pulumi.Output.isInstance(it));
  return { ...Object.fromEntries(computed), id: `${name}-id`, ...(inputs as object) };
}

function documentOf(value: unknown): unknown {
  if (value === unknown) return notKnown;
  if (value instanceof Secret) return documentOf(value.value);
  if (Array.isArray(value)) return value.map(documentOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, documentOf(item)]));
}

const seen = new WeakMap<Registration, Resource>();

function resourceOf(registration: Registration, preview: boolean): Resource {
  const known = seen.get(registration);
  if (known) return known;
  const { urn, type, name, protect, parent, provider, dependencies, propertyDependencies } = registration;
  const resource = {
    ...{ urn, type, name, protect, parent, provider, dependencies, propertyDependencies },
    props: readable(documentOf(registration.inputs)),
    outputs: documentOf(outputsOf(registration, preview)) as Record<string, unknown>,
  };
  seen.set(registration, resource);
  return resource;
}

/**
 * All that the rules say about a program, without the engine and its protocol between them: for thousands of programs.
 *
 * @param only those that rules about single resources look at. Default: all of them.
 */
export function judge(
  registrations: Registration[],
  preview: boolean,
  chosen: Rule[] = rules,
  only: Registration[] = registrations,
): Judgement[] {
  const stack = new Stack(registrations.map((it) => resourceOf(it, preview)));
  const single = only.map((it) => resourceOf(it, preview));
  return chosen.flatMap((rule) =>
    ("check" in rule ? single : stack.resources)
      .filter(({ type }) => rule.types.includes(type))
      .map((resource) => ({ rule: rule.name, urn: resource.urn, ...examine(rule, resource, stack) }))
      .filter(({ reasons, notKnown: open }) => reasons.length > 0 || open !== undefined),
  );
}
