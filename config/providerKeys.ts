import type { Violation } from "../components/checks/violations";

/** Packages whose default providers are off: the program makes its own, and reads no configuration of theirs. */
const PACKAGES = ["aws", "eks", "kubernetes", "random"];

const CREDENTIALS =
  "Who signs in is decided outside the stack's file: sign in first, or set AWS_PROFILE. PROJECT:assumeRoleArn is a role to " +
  "assume then.";

/** What to use instead, by key; `PROJECT` stands for the project's name. */
const INSTEAD: Record<string, string> = {
  "aws:region": "Set PROJECT:region.",
  "aws:allowedAccountIds": "Set PROJECT:accountId.",
  "aws:forbiddenAccountIds": "Set PROJECT:accountId: no other account is allowed.",
  "aws:defaultTags": "Set PROJECT:tags.",
  "aws:profile": CREDENTIALS,
  "aws:assumeRole": "Set PROJECT:assumeRoleArn.",
  "aws:assumeRoles": "Set PROJECT:assumeRoleArn.",
  "aws:assumeRoleWithWebIdentity": CREDENTIALS,
  "aws:accessKey": CREDENTIALS,
  "aws:secretKey": CREDENTIALS,
  "aws:token": CREDENTIALS,
  "kubernetes:kubeconfig": "The cluster's own is used; for another cluster set PROJECT:existingClusterName.",
  "kubernetes:context": "The cluster's own kubeconfig is used; for another cluster set PROJECT:existingClusterName.",
};

/** Keys that are right for a default provider. Here they would be ignored in silence: another region, another account. */
export function validateProviderKeys(project: string, values: Record<string, string>): Violation[] {
  return Object.keys(values)
    .filter((name) => PACKAGES.includes(name.split(":")[0]!))
    .map((name) => ({
      argument: name,
      expected: "left out: the program makes its own providers, which don't read it",
      // A credential that somebody wrote there isn't repeated.
      actual: INSTEAD[name] === CREDENTIALS ? "set" : values[name],
      fix: `${(INSTEAD[name] ?? "No key of this project sets it.").replaceAll("PROJECT", project)} Then: pulumi config rm ${name}`,
    }));
}
