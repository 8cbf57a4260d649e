import { listOf, parsed } from "../aws";
import { type Policy, Severity } from "../policy";

export const provider: Policy[] = [
  {
    name: "kubernetes-provider-careful",
    description: "The Kubernetes provider doesn't drop unreachable objects, and doesn't overwrite existing ones.",
    severity: Severity.High,
    standards: [],
    fix: [
      "Remove deleteUnreachable: it drops all objects from the state when the cluster is unreachable for a moment.",
      "Remove upsertExistingObjects: adopt existing objects with the option import.",
    ],
    url: "https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/",
    example: { wrong: "{ kubeconfig, deleteUnreachable: true }", right: "{ kubeconfig, clusterIdentifier }" },
    types: ["pulumi:providers:kubernetes"],
    *check({ props }) {
      for (const key of ["deleteUnreachable", "upsertExistingObjects"]) {
        if (String(props[key]) === "true") yield `${key} is true`;
      }
    },
  },
  {
    name: "tagged",
    description: "AWS resources have the tags project and environment.",
    severity: Severity.Low,
    standards: [],
    fix: ["Set the AWS provider's defaultTags; those of a default provider by the configuration key aws:defaultTags."],
    url: "https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html",
    example: {
      wrong: "new aws.Provider(name, { region })",
      right: "{ region, defaultTags: { tags: { project, environment } } }",
    },
    types: ["pulumi:providers:aws"],
    *check({ props }) {
      // The inputs of a provider are JSON texts.
      const given = Object.entries(parsed(props.defaultTags)?.tags ?? {});
      // IAM takes Environment and environment for one tag, so nobody can have both.
      const names = given.filter(([, value]) => value).map(([name]) => name.toLowerCase());
      const missing = ["project", "environment"].filter((tag) => !names.includes(tag));
      if (missing.length > 0) yield `defaultTags lacks ${missing.join(" and ")}`;
    },
  },
  {
    name: "one-account",
    description: "The AWS provider is limited to named accounts.",
    severity: Severity.Medium,
    standards: [],
    fix: [
      "Set allowedAccountIds to the stack's account: credentials of another account are refused.",
      "That of a default provider is the configuration key aws:allowedAccountIds.",
    ],
    url: "https://www.pulumi.com/registry/packages/aws/api-docs/provider/",
    example: { wrong: "new aws.Provider(name, { region })", right: '{ region, allowedAccountIds: ["111122223333"] }' },
    types: ["pulumi:providers:aws"],
    *check({ props }) {
      const accounts = listOf<string>(parsed(props.allowedAccountIds ?? []));
      if (accounts.filter(Boolean).length === 0) yield "allowedAccountIds is left out";
    },
  },
];
