import type { Account } from "../account";
import type { AwsRecord } from "../records";
import { managedPolicies } from "./managedPolicies/managedPolicies";

export interface Statement {
  Principal?: string | { AWS?: string | string[]; Service?: string | string[] };
  Resource?: string | string[];
}

interface PolicyDocument {
  Statement: Statement | Statement[];
}

/** What a policy gives as one value or as a list of them. */
export const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** A policy as text, or as the object that the SDK takes too. */
export const documentOf = (policy: unknown): PolicyDocument =>
  (typeof policy === "string" ? JSON.parse(policy) : policy) as PolicyDocument;

export const statementsOf = (policy: unknown): Statement[] => list(documentOf(policy).Statement);

/** A managed policy, the account's own or AWS's, by its ARN. */
export const managedPolicyOf = (arn: unknown, account: Account): object | undefined =>
  account.where("iam/policy", "arn", arn).map(({ properties }) => documentOf(properties.policy))[0] ??
  managedPolicies[String(arn)]?.document;

/** A role's own policies, and those that are attached to it. */
export function policiesOf({ id }: AwsRecord, account: Account): object[] {
  const own = account.where("iam/rolePolicy", "role", id).map(({ properties }) => documentOf(properties.policy));
  const attached = account
    .where("iam/rolePolicyAttachment", "role", id)
    .flatMap(({ properties }) => managedPolicyOf(properties.policyArn, account) ?? []);
  return [...own, ...attached];
}
