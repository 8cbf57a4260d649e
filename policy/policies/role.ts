import { listOf, type Statement, statementsOf } from "../aws";
import { excessivePermissions, isWidePolicy } from "../permissions";
import { type Policy, Severity } from "../policy";

const ROLE = "aws:iam/role:Role";
const DOCUMENTS = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/policy:Policy"];

const ATTACHMENTS = [
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
  "aws:iam/policyAttachment:PolicyAttachment",
];

/**
 * The condition keys that say who somebody is, in lower case, and the values that name an account or an organization. A
 * wildcard in its place names nobody: anybody can make a role of a given name in an account of their own. A variable names
 * whom the role belongs to. What follows the account or the organization may have wildcards.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties
 */
const NAMING: Record<string, RegExp> = {
  "aws:principalaccount": /^(\d{12}|\$\{aws:ResourceAccount\})$/i,
  "aws:principalarn": /^arn:[a-z-]+:(iam|sts)::\d{12}:/,
  "aws:principalorgid": /^(o-[a-z0-9]+|\$\{aws:ResourceOrgID\})$/i,
  "aws:principalorgpaths": /^o-[a-z0-9]+\//,
};

/**
 * The operators that are false for a request without the key. `ForAllValues:` and `IfExists` are true for it:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists
 */
const DEMANDING = /^(ForAnyValue:)?(StringEquals|StringLike|StringEqualsIgnoreCase|ArnEquals|ArnLike)$/;

/** Whether a condition lets in only whom it names. One of several values is enough for a request, so each must name somebody. */
const namesSomebody = (condition: Statement["Condition"]): boolean =>
  Object.entries(condition ?? {}).some(
    ([operator, keys]) =>
      DEMANDING.test(operator) &&
      Object.entries(keys).some(([key, value]) => {
        const [naming, values] = [NAMING[key.toLowerCase()], listOf(value)];
        return naming !== undefined && values.length > 0 && values.every((it) => naming.test(it));
      }),
  );

export const role: Policy[] = [
  {
    name: "roles-least-privilege",
    description: "A role allows only the actions and resources that it needs.",
    severity: Severity.High,
    standards: [
      "AWS Security Hub IAM.1",
      "AWS Security Hub IAM.21",
      "Checkov CKV_AWS_62",
      "Checkov CKV_AWS_63",
      "Checkov CKV_AWS_274",
    ],
    fix: ["Name the actions and the resources.", "Attach no policy that allows a whole service or account."],
    url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    example: {
      wrong: '{ Action: "s3:*", Resource: "*" }',
      right: '{ Action: ["s3:GetObject"], Resource: `${arn}/*` }',
    },
    types: [ROLE, ...DOCUMENTS, ...ATTACHMENTS],
    *check({ type, props }) {
      const inline = type === ROLE ? [...(props.inlinePolicies ?? [])].map(({ policy }) => policy as unknown) : [];
      const documents = DOCUMENTS.includes(type) ? [props.policy as unknown] : inline;
      for (const document of documents) yield* statementsOf(document).flatMap(excessivePermissions);
      const lists = [props.managedPolicyArns, props.policyArns, props.policyArn].flatMap((it) => listOf(it));
      if (!DOCUMENTS.includes(type)) for (const arn of lists) if (isWidePolicy(String(arn))) yield `it attaches ${arn}`;
    },
  },
  {
    name: "roles-trust-somebody",
    description: "A role's trust policy names who may assume it.",
    severity: Severity.Critical,
    standards: ["Checkov CKV_AWS_60", "Checkov CKV_AWS_61"],
    fix: [
      "Name the service or the account in the trust policy's Principal, or the organization in a condition.",
      "In a condition, use no ForAllValues and no IfExists, and no wildcard in the account or the organization.",
    ],
    url: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
    example: { wrong: '{ Principal: "*" }', right: '{ Principal: { Service: "pods.eks.amazonaws.com" } }' },
    types: [ROLE],
    *check({ props }) {
      for (const { Effect, Principal, Condition } of statementsOf(props.assumeRolePolicy)) {
        const isAnybody =
          Principal === "*" || listOf((Principal as Record<string, string> | undefined)?.["AWS"]).includes("*");
        if (Effect === "Allow" && isAnybody && !namesSomebody(Condition)) yield "anybody may assume it";
      }
    },
  },
];
