import type { Violation } from "../checks/violations";

/** What an account asks of every role that is made in it. */
export interface RoleRulesArgs {
  /**
   * ARN of a managed policy that is every role's permissions boundary: a role may do what both it and its own policies
   * allow (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html). It changes in place. Plain.
   * Default: none.
   */
  permissionsBoundaryArn?: string;
  /** IAM path of roles that are made from now on, such as `/storage/`: their ARNs have it before the name. Plain. Default: `/`. */
  path?: string;
  /** How names of roles that are made from now on begin, such as `team-a-`; at most 32 characters. Plain. Default: nothing. */
  namePrefix?: string;
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (PermissionsBoundary, Path, RoleName) */
export const ROLE_RULE_FORMS = {
  permissionsBoundaryArn: /^arn:aws[a-z-]*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]+$/,
  path: /^\/([!-~]{1,510}\/)?$/,
  namePrefix: /^[\w+=,.@-]{1,32}$/,
};

const EXPECTED: Record<keyof RoleRulesArgs, string> = {
  permissionsBoundaryArn: "the ARN of a managed IAM policy",
  path: "an IAM path, which begins and ends with a slash and has no spaces",
  namePrefix: "1 to 32 letters, digits and _ + = , . @ -",
};

/** What is wrong with the rules for roles. */
export function validateRoleRules(rules: RoleRulesArgs | undefined, argument = "roles"): Violation[] {
  return (Object.keys(ROLE_RULE_FORMS) as (keyof RoleRulesArgs)[])
    .filter((rule) => rules?.[rule] !== undefined && !ROLE_RULE_FORMS[rule].test(rules[rule]))
    .map((rule) => ({
      argument: `${argument}.${rule}`,
      expected: EXPECTED[rule],
      actual: rules![rule],
      fix: "IAM refuses others: whoever runs the account knows what it asks of roles.",
    }));
}

/** The AWS provider's limit of a prefix: it puts 26 digits behind, and IAM's names have 64 characters at most. */
const LONGEST_PREFIX = 38;

/** How a role's name begins under a prefix: with it, and with the resource's name as far as there is room. */
export const roleNamePrefix = (prefix: string, name: string): string => `${prefix}${name}-`.slice(0, LONGEST_PREFIX);
