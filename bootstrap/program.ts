import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { violationLines } from "../components/checks/violations";
import { EncryptionKey } from "../components/kms/encryptionKey";
import { partitionOf } from "../components/partitions";
import { Retention } from "../components/retention/retention";
import { Bucket } from "../components/s3/bucket";
import { boundary } from "./permissions";
import { type Settings, STATE, stateBucketOf, validateSettings } from "./settings";
import { StackRoles } from "./stackRoles";
import { AUDIENCE, ISSUER } from "./trust";

/**
 * What CI needs in an account: GitHub's OIDC provider, the state's bucket and key, the boundary of the roles that a deployer
 * makes, and each stack's two roles.
 *
 * @returns the stack's outputs.
 * @throws pulumi.RunError with every wrong setting.
 */
export function bootstrap(settings: Settings) {
  const violations = validateSettings(settings);
  if (violations.length > 0)
    throw new pulumi.RunError(
      `The pipeline can't be set up:\n${violationLines(violations)}\nFix a key with: pulumi config set KEY VALUE.`,
    );
  const { accountId, region, stacks } = settings;
  const partition = partitionOf(region);
  // All of it: at a refused deletion the engine goes on with what isn't protected, and CI would be without its roles.
  const protect = true;
  const provider = new aws.Provider("aws", { region, allowedAccountIds: [accountId] }, { protect });
  const opts = { provider, protect };

  // AWS trusts GitHub's certificates by their issuers: no thumbprints.
  const oidcProviderArn =
    settings.oidcProviderArn ||
    new aws.iam.OpenIdConnectProvider("github", { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] }, opts).arn;
  const retention = Retention.Retain;
  const key = new EncryptionKey(STATE, { alias: STATE, accountId, partition, retention }, opts);
  const bucket = new Bucket(
    STATE,
    {
      bucketName: stateBucketOf(settings),
      retention,
      kmsKeyArn: key.keyArn,
      // A state that was broken is found when somebody next deploys, which may be months later.
      noncurrentVersionsInDays: 365,
    },
    opts,
  );
  // docs/permissions names it: policy/boundary.
  const document = pulumi
    .all([bucket.bucketArn, key.keyArn])
    .apply(([bucketArn, keyArn]) => boundary({ bucketArn, keyArn }, { accountId, partition }));
  const limit = new aws.iam.Policy("boundary", { name: "boundary", policy: pulumi.jsonStringify(document) }, opts);

  const roles = stacks.map(
    (stack) =>
      new StackRoles(
        stack,
        { stack, settings, oidcProviderArn, bucketArn: bucket.bucketArn, keyArn: key.keyArn },
        opts,
      ),
  );
  const backendUrl = pulumi.interpolate`s3://${bucket.bucketName}?region=${region}`;
  return {
    /** The variables of each environment on GitHub. */
    environments: pulumi
      .all([backendUrl, pulumi.all(roles.map(({ roleArns }) => roleArns))])
      .apply(([PULUMI_BACKEND_URL, byStack]) =>
        Object.fromEntries(
          byStack
            .flatMap((arns) => Object.entries(arns))
            .map(([name, AWS_ROLE_ARN]) => [name, { AWS_REGION: region, AWS_ROLE_ARN, PULUMI_BACKEND_URL }]),
        ),
      ),
    backendUrl,
    /** For pulumi stack init --secrets-provider. */
    secretsProvider: `awskms://alias/${STATE}?region=${region}`,
    /** For each stack's file. */
    rolePath: "/storage/",
    rolePermissionsBoundaryArn: limit.arn,
  };
}
