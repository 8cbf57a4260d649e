import * as policy from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { observe, stackOf } from "./observation";
import { examine, type Outcome, type Rule } from "./rule";
import { rules } from "./rules";
import type { Resource } from "./stack";
import { Tally } from "./tally";

/** The engine starts the pack anew for each preview and update, and says which it is in its environment. */
const isPreview = pulumi.runtime.isDryRun();

const tally = new Tally(isPreview);

/** What follows the rule's description, which the library puts first. */
const said = ({ mend, url }: Rule, reason: string) =>
  [`Here ${reason}.`, ...mend.map((step) => `  - ${step}`), `  ${url}`].join("\n");

/**
 * What isn't known yet stops no preview, whatever the rule's level: the update checks again, and then it is known. What
 * isn't known even then is reported at the rule's level.
 */
function undecided({ description }: Rule, notKnown: string, urn: string): string {
  if (!isPreview) return `That can't be known, not even at the update: ${notKnown} is not.`;
  // The library's types have texts only; such an object is how its own rules give one report a level of its own.
  const message = `${description} That can't be known yet: ${notKnown} is not. The update checks again.`;
  return { message, urn, enforcementLevel: "advisory" } as unknown as string;
}

/** Tells the engine what a rule found about a resource. */
function tell(rule: Rule, { urn }: Resource, outcome: Outcome, report: policy.ReportViolation): void {
  tally.count(rule, urn, outcome);
  for (const reason of outcome.reasons) report(said(rule, reason), urn);
  if (outcome.notKnown !== undefined) report(undecided(rule, outcome.notKnown, urn), urn);
}

/** A rule as the engine calls it: with each resource before it is made, or with all of them at the end. */
function policyOf(rule: Rule): policy.ResourceValidationPolicy | policy.StackValidationPolicy {
  const { name, description, severity, mend, url, types } = rule;
  const described = { name, description, severity, url, remediationSteps: mend.join("\n") };
  if ("check" in rule) {
    return {
      ...described,
      validateResource: (args, report) => {
        const resource = observe(args);
        if (types.includes(args.type)) tell(rule, resource, examine(rule, resource), report);
      },
    };
  }
  return {
    ...described,
    validateStack: ({ resources }, report) => {
      const stack = stackOf(resources);
      tally.end();
      for (const resource of stack.all(...types)) tell(rule, resource, examine(rule, resource, stack), report);
    },
  };
}

new policy.PolicyPack("eks-storage", { policies: rules.map(policyOf), enforcementLevel: "mandatory" });
