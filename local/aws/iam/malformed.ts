import { validateIdentityPolicy, validateResourcePolicy, validateTrustPolicy } from "@cloud-copilot/iam-policy";
import type { ApiError } from "../apiErrors";
import { documentOf } from "./policies";

const VALIDATORS = { identity: validateIdentityPolicy, resource: validateResourcePolicy, trust: validateTrustPolicy };

/** Why a policy is none; undefined: it is one, or isn't given. */
function faultIn(policy: unknown, kind: keyof typeof VALIDATORS): string | undefined {
  if (policy === undefined) return undefined;
  try {
    const [fault] = VALIDATORS[kind](documentOf(policy));
    return fault && `${fault.message} (${fault.path})`;
  } catch {
    return "This policy contains invalid Json";
  }
}

/**
 * AWS's refusal of an input that is no policy.
 * @param kind whether the policy belongs to a role, to a resource, or says who may take a role.
 */
export const malformed = (code: string, input: string, kind: keyof typeof VALIDATORS): ApiError => ({
  code,
  message: ({ properties }) => faultIn(properties[input], kind)!,
  when: ({ properties }) => faultIn(properties[input], kind) !== undefined,
});
