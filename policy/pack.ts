import * as policy from "@pulumi/policy";
import { observe, stackOf } from "./observation";
import { examine, type Rule } from "./rule";
import { rules } from "./rules";

const said = ({ description, mend, url }: Rule, reason: string) =>
  [`${description} Here ${reason}.`, ...mend.map((step) => `  - ${step}`), `  ${url}`].join("\n");

/** A rule as the engine calls it: with each resource before it is made, and with all of them at the end. */
function policyOf(rule: Rule): policy.ResourceValidationPolicy & policy.StackValidationPolicy {
  const { name, description, severity, mend, url, types } = rule;
  return {
    ...{ name, description, severity, url },
    remediationSteps: mend.join("\n"),
    // The library unpacks a resource for every policy that looks at it: rules about the stack don't.
    ...("check" in rule
      ? {
          validateResource: (args, report) => {
            const resource = observe(args);
            if (types.includes(args.type)) examine(rule, resource).reasons.forEach((it) => report(said(rule, it)));
          },
        }
      : {}),
    validateStack: ({ resources }, report) => {
      const stack = stackOf(resources);
      for (const resource of stack.all(...types)) {
        const { reasons, notKnown } = examine(rule, resource, stack);
        // What is wrong with a resource by itself was said before it was made.
        if (!("check" in rule)) reasons.forEach((reason) => report(said(rule, reason), resource.urn));
        if (notKnown !== undefined) report(undecided(rule, notKnown, resource.urn), resource.urn);
      }
    },
  };
}

/** What isn't known yet stops nobody, whatever the rule's level: the update checks again, and then it is known. */
function undecided({ description }: Rule, notKnown: string, urn: string): string {
  // The library's types have texts only; such an object is how its own rules give one report a level of its own.
  const message = `${description} That can't be known yet: ${notKnown} is not. The update checks again.`;
  return { message, urn, enforcementLevel: "advisory" } as unknown as string;
}

new policy.PolicyPack("eks-storage", { policies: rules.map(policyOf), enforcementLevel: "mandatory" });
