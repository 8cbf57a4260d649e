import type { Violation } from "../components/checks/violations";

/** What an account's pipeline is told, as Pulumi.yaml describes it. */
export interface Settings {
  accountId: string;
  region: string;
  repository: string;
  ownerId: string;
  repositoryId: string;
  stacks: string[];
  names: Record<string, string>;
  oidcProviderArn: string;
  /** Which forms of GitHub's subject are trusted: `both`, or `ids`, the one with the repository's ids. */
  subjects: string;
}

/** Forms of values, with what they must be and how to find them. */
const FORMS: Record<string, [form: RegExp, expected: string, fix: string]> = {
  accountId: [/^\d{12}$/, "twelve digits", "Ask: aws sts get-caller-identity --query Account --output text."],
  region: [/^[a-z]{2,4}(-[a-z]+)+-\d$/, "an AWS region, such as eu-west-1", "Take that of the stacks' files."],
  // https://docs.github.com/repositories/creating-and-managing-repositories/best-practices-for-repositories
  repository: [
    /^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/,
    "OWNER/NAME as GitHub has it",
    "Ask: gh repo view --json nameWithOwner --jq .nameWithOwner.",
  ],
  // Anything else, such as *, would let other repositories take the roles.
  ownerId: [/^\d+$/, "a number", "Ask: gh api repos/OWNER/NAME --jq .owner.id."],
  repositoryId: [/^\d+$/, "a number", "Ask: gh api repos/OWNER/NAME --jq .id."],
  oidcProviderArn: [
    /^(|arn:[\w-]+:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com)$/,
    "the ARN of the account's provider for token.actions.githubusercontent.com, or empty",
    "Ask: aws iam list-open-id-connect-providers.",
  ],
  subjects: [
    /^(both|ids)$/,
    "both or ids",
    "ids, if this answers true: gh api repos/OWNER/NAME/actions/oidc/customization/sub --jq .use_immutable_subject.",
  ],
};

/** The form of stacks and of names in docs/permissions: what ARNs and the names of roles take. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;

export const nameOf = ({ names }: Settings, stack: string): string => names[stack] ?? `eks-storage-${stack}`;

/** The alias of the state's key, and the beginning of its bucket's name. */
export const STATE = "pulumi-state";
export const stateBucketOf = ({ accountId, region }: Settings): string => `${STATE}-${accountId}-${region}`;

/** Every wrong value, with what it must be and how to mend it. */
export function validateSettings(settings: Settings): Violation[] {
  const { stacks, names } = settings;
  const violations: Violation[] = [];
  for (const [argument, [form, expected, fix]] of Object.entries(FORMS)) {
    const actual = settings[argument as keyof Settings];
    if (!form.test(actual as string)) violations.push({ argument, expected, actual, fix });
  }
  if (stacks.length === 0 || stacks.some((it) => !NAME.test(it)) || new Set(stacks).size < stacks.length)
    violations.push({
      argument: "stacks",
      expected: "at least one stack's name, each once, of small letters, digits and dashes",
      actual: stacks,
      fix: "Name those that have a file Pulumi.STACK.yaml and are deployed into this account.",
    });
  const preview = stacks.find((it) => it.endsWith("-preview"));
  if (preview !== undefined)
    violations.push({
      argument: "stacks",
      expected: "such that none ends in -preview, as the environments of previews do",
      actual: stacks,
      fix: `Name the stack ${preview} otherwise, and its file.`,
    });
  const others = Object.keys(names).filter((stack) => !stacks.includes(stack));
  if (others.length > 0 || Object.values(names).some((it) => !NAME.test(it)))
    violations.push({
      argument: "names",
      expected: "names of small letters, digits and dashes, by stacks of this account",
      actual: names,
      fix: "Take the key name of each stack's file.",
    });
  const all = stacks.map((stack) => nameOf(settings, stack));
  const beginning = all.find((one) => all.some((other) => other !== one && other.startsWith(one)));
  if (beginning !== undefined)
    violations.push({
      argument: "names",
      expected: "such that none begins with another: policies know a stack's resources by how their names begin",
      actual: all,
      fix: `Give the stack of ${beginning} an account of its own, or another name.`,
    });
  const ofState = all.find((it) => stateBucketOf(settings).startsWith(it));
  if (ofState !== undefined)
    violations.push({
      argument: "names",
      expected: `such that the state's bucket, ${stateBucketOf(settings)}, begins with none: its stack's deployer could delete it`,
      actual: all,
      fix: `Give the stack of ${ofState} another name.`,
    });
  return violations;
}
