import { createValidatedPolicy } from "@cloud-copilot/iam-policy";
import { anonymousPrincipal, runUnsafeSimulation } from "@cloud-copilot/iam-simulate";
import type { Account } from "../account";
import { documentOf, managedPolicyOf, policiesOf } from "./policies";

/** What is asked of AWS, and by whom. */
export interface Question {
  /** ARN of a role, or name of one of AWS's services. Undefined: a client that doesn't sign. */
  principal?: string;
  action: string;
  /** Its ARN. */
  resource: string;
  /** The policy of what is asked for, as text or as an object. */
  resourcePolicy?: unknown;
  /** What a policy's conditions ask about. */
  context?: Record<string, string | string[]>;
}

/**
 * Whether AWS's rules allow what is asked, by the resource's policy, the role's own, and those of AWS's that are attached
 * to it, within its permissions boundary: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed({ principal, action, resource, resourcePolicy, context = {} }: Question, account: Account) {
  const [role] = account.where("iam/role", "arn", principal);
  const boundary = role?.properties.permissionsBoundary;
  const identityPolicies = role ? policiesOf(role, account) : [];
  const result = runUnsafeSimulation(
    {
      request: {
        principal: principal ?? anonymousPrincipal,
        action,
        // Everything here is in one account.
        resource: { resource, accountId: principal?.split(":")[4] ?? account.id },
        contextVariables: context,
      },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: String(index), policy })),
      permissionBoundaryPolicies: boundary
        ? [{ name: "boundary", policy: managedPolicyOf(boundary, account) }]
        : undefined,
      // It fails on a policy without a name, and this is the way to give it one.
      resourcePolicy:
        resourcePolicy && createValidatedPolicy(documentOf(resourcePolicy), () => [], { name: "the resource's" }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  return result === "Allowed";
}
