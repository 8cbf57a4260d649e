import { Elsewhere, NotKnown, type Resource, type Stack } from "./stack";

export const Severity = { Low: "low", Medium: "medium", High: "high", Critical: "critical" } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

interface Described {
  /** Its name in messages and in configuration. */
  name: string;
  /** What must be so, in one sentence. */
  description: string;
  severity: Severity;
  /** Ids of the same demand in published standards. */
  standards: string[];
  /** What to do about a violation, step by step. */
  mend: string[];
  /** Where the demand is explained. */
  url: string;
  /** A violation and how it is put right, as a program would write it. */
  example: { wrong: string; right: string };
  /** Types of the resources that are checked. */
  types: string[];
}

/** A rule that needs to see nothing but the resource: it can stop it before it is made. */
export interface ResourceRule extends Described {
  check: (resource: Resource) => Iterable<string>;
}

/** A rule about a resource among the others. */
export interface StackRule extends Described {
  checkInStack: (resource: Resource, stack: Stack) => Iterable<string | Elsewhere>;
}

export type Rule = ResourceRule | StackRule;

/** What a rule found about one resource. It passes when nothing is wrong, left to be known, or in another stack. */
export interface Outcome {
  /** What is wrong, a sentence each. */
  reasons: string[];
  /** What the check needs to know and doesn't yet. */
  notKnown?: string;
  /** What the check is about and this stack doesn't have. */
  elsewhere?: string;
}

export const UNREADABLE = "its properties are not as its type demands";

/** Applies a rule to a resource of one of its types. */
export function examine(rule: ResourceRule, resource: Resource): Outcome;
export function examine(rule: Rule, resource: Resource, stack: Stack): Outcome;
export function examine(rule: Rule, resource: Resource, stack?: Stack): Outcome {
  const reasons: string[] = [];
  let elsewhere: string | undefined;
  try {
    const found = "check" in rule ? rule.check(resource) : rule.checkInStack(resource, stack!);
    for (const it of found) {
      if (it instanceof Elsewhere) elsewhere = it.message;
      else reasons.push(it);
    }
    return elsewhere === undefined ? { reasons } : { reasons, elsewhere };
  } catch (error) {
    if (error instanceof Elsewhere) return { reasons, elsewhere: error.message };
    if (error instanceof NotKnown) return { reasons, notKnown: error.message };
    // A document that lacks what AWS or Kubernetes demands of it: a rule that can't read it doesn't let it pass.
    if (error instanceof TypeError) return { reasons: [...reasons, `${UNREADABLE}: ${error.message}`] };
    throw error;
  }
}
