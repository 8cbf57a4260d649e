import {
  PolicyPack,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { resourceBefore, stackOf } from "./observation";
import { policies } from "./policies";
import { evaluate, type Outcome, type Policy } from "./policy";
import type { Resource } from "./stack";
import { Tally } from "./tally";

/** The engine starts the pack anew for each preview and update, and says which it is in its environment. */
const isPreview = pulumi.runtime.isDryRun();

const tally = new Tally(isPreview);

/** What follows the policy's description, which the library prints first. */
const violationMessage = ({ fix, url }: Policy, violation: string) =>
  [`Violation: ${violation}.`, "Fix:", ...fix.map((step) => `  - ${step}`), `More: ${url}`].join("\n");

/**
 * A value that isn't known yet fails no preview, whatever the policy's level: the update checks again, and knows it. One
 * that isn't known even then is reported at the policy's level.
 */
function notKnownMessage({ description }: Policy, notKnown: string, urn: string): string {
  if (!isPreview) return `This can't be checked, not even at the update: ${notKnown} is not known.`;
  // The library's types allow texts only; with such an object its own policies give one report a level of its own.
  const message = `${description} This can't be checked yet: ${notKnown} is not known. The update checks it.`;
  return { message, urn, enforcementLevel: "advisory" } as unknown as string;
}

/** Reports the outcome of a policy for a resource to the engine. */
function reportOutcome(policy: Policy, { urn }: Resource, outcome: Outcome, report: ReportViolation): void {
  tally.count(policy, urn, outcome);
  for (const violation of outcome.violations) report(violationMessage(policy, violation), urn);
  if (outcome.notKnown !== undefined) report(notKnownMessage(policy, outcome.notKnown, urn), urn);
}

/** A policy as the engine calls it: with each resource before it is created, or with all of them at the end. */
function validationOf(policy: Policy): ResourceValidationPolicy | StackValidationPolicy {
  const { name, description, severity, fix, url, types } = policy;
  const details = { name, description, severity, url, remediationSteps: fix.join("\n") };
  if ("check" in policy) {
    return {
      ...details,
      validateResource: (args, report) => {
        const resource = resourceBefore(args);
        if (types.includes(args.type)) reportOutcome(policy, resource, evaluate(policy, resource), report);
      },
    };
  }
  return {
    ...details,
    validateStack: ({ resources }, report) => {
      const stack = stackOf(resources);
      tally.printAtEnd();
      for (const resource of stack.all(...types)) {
        reportOutcome(policy, resource, evaluate(policy, resource, stack), report);
      }
    },
  };
}

new PolicyPack("eks-storage", { policies: policies.map(validationOf), enforcementLevel: "mandatory" });
