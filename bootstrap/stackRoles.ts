import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../components/partitions";
import { FILES, policiesOf, stateAccess } from "./permissions";
import { nameOf, type Settings } from "./settings";
import { AUDIENCE, environmentsOf, ISSUER, subjectsOf } from "./trust";

export interface StackRolesArgs {
  /** As in Pulumi.STACK.yaml. Plain. */
  stack: string;
  settings: Settings;
  oidcProviderArn: pulumi.Input<string>;
  /** Of the state. */
  bucketArn: pulumi.Input<string>;
  keyArn: pulumi.Input<string>;
}

/** How long a session lasts, in seconds: deploy-stack.yml and teardown.yml end before it does. */
const SESSION = { deploy: 7200, preview: 3600 };

/** The two roles of a stack: one that deploys it, from its environment on GitHub, and one that only reads, from STACK-preview. */
export class StackRoles extends pulumi.ComponentResource {
  /** By the environment that may take it: the role's ARN. */
  public readonly roleArns: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: StackRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("eks-storage:bootstrap:StackRoles", name, {}, opts);
    const { stack, settings } = args;
    const owner = {
      accountId: settings.accountId,
      partition: partitionOf(settings.region),
      name: nameOf(settings, stack),
    };
    const arns: Record<string, pulumi.Output<string>> = {};
    for (const kind of ["deploy", "preview"] as const) {
      const environment = environmentsOf(stack)[kind];
      const roleName = `${owner.name}-${kind}`;
      const role = new aws.iam.Role(
        roleName,
        {
          name: roleName,
          // Outside of what the deployer's own policy may change.
          path: "/ci/",
          description: `Taken by GitHub's jobs in the environment ${environment} of ${settings.repository}`,
          maxSessionDuration: SESSION[kind],
          assumeRolePolicy: trusting(args.oidcProviderArn, subjectsOf(settings, environment)),
        },
        { parent: this },
      );
      const policies = FILES[kind].flatMap((file) =>
        policiesOf(file, owner).map(
          (document, part) => [`${roleName}-${file}${part > 0 ? part + 1 : ""}`, document] as const,
        ),
      );
      for (const [policyName, document] of policies) {
        const policy = new aws.iam.Policy(
          policyName,
          { name: policyName, path: "/ci/", policy: pulumi.jsonStringify(document) },
          { parent: this },
        );
        new aws.iam.RolePolicyAttachment(policyName, { role: role.name, policyArn: policy.arn }, { parent: this });
      }
      const state = pulumi.output({ bucketArn: args.bucketArn, keyArn: args.keyArn });
      new aws.iam.RolePolicy(
        `${roleName}-state`,
        {
          name: "state",
          role: role.name,
          policy: pulumi.jsonStringify(state.apply((it) => stateAccess(kind, stack, it))),
        },
        { parent: this },
      );
      arns[environment] = role.arn;
    }
    this.roleArns = pulumi.output(arns);
    this.registerOutputs({ roleArns: this.roleArns });
  }
}

/** https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws */
function trusting(oidcProviderArn: pulumi.Input<string>, subjects: string[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: oidcProviderArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: { StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: subjects } },
      },
    ],
  });
}
