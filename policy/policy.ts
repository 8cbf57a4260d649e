import { inItsCluster } from "./clusters";
import { NotKnown, OutsideStack, type Resource, type Stack } from "./stack";

export const Severity = { Low: "low", Medium: "medium", High: "high", Critical: "critical" } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

interface PolicyDetails {
  /** Its name in messages and in configuration. */
  name: string;
  /** What it demands, in one sentence. */
  description: string;
  severity: Severity;
  /** Ids of the same demand in published standards. */
  standards: string[];
  /** How to fix a violation, one step each. */
  fix: string[];
  /** A page that explains the demand. */
  url: string;
  /** A violation and its fix, as a program would write them. */
  example: { wrong: string; right: string };
  /** Types of the resources that it checks. */
  types: string[];
}

/** A policy that needs nothing but the resource: it is checked before the resource is created. */
export interface ResourcePolicy extends PolicyDetails {
  check: (resource: Resource) => Iterable<string>;
}

/** A policy about a resource and others: it is checked when all of them are known, at the end of a deployment. */
export interface StackPolicy extends PolicyDetails {
  checkInStack: (resource: Resource, stack: Stack) => Iterable<string | OutsideStack>;
}

export type Policy = ResourcePolicy | StackPolicy;

/** The result of one policy for one resource. The resource passes where only `violations` is there, and empty. */
export interface Outcome {
  /** One sentence each. */
  violations: string[];
  /** A value that the check needs and that isn't known yet. */
  notKnown?: string;
  /** A resource that the check is about and that isn't in this stack. */
  outsideStack?: string;
}

export const UNREADABLE = "its properties are not as its type demands";

/** Applies a policy to a resource of one of its types. */
export function evaluate(policy: ResourcePolicy, resource: Resource): Outcome;
export function evaluate(policy: Policy, resource: Resource, stack: Stack): Outcome;
export function evaluate(policy: Policy, resource: Resource, stack?: Stack): Outcome {
  const violations: string[] = [];
  let outsideStack: string | undefined;
  try {
    const results =
      "check" in policy ? policy.check(resource) : policy.checkInStack(resource, inItsCluster(resource, stack!));
    for (const result of results) {
      if (result instanceof OutsideStack) outsideStack = result.message;
      else violations.push(result);
    }
    return outsideStack === undefined ? { violations } : { violations, outsideStack };
  } catch (error) {
    if (error instanceof OutsideStack) return { violations, outsideStack: error.message };
    if (error instanceof NotKnown) return { violations, notKnown: error.message };
    // A document without a property that AWS or Kubernetes requires: what a policy can't read doesn't pass.
    if (error instanceof TypeError) return { violations: [...violations, `${UNREADABLE}: ${error.message}`] };
    throw error;
  }
}
