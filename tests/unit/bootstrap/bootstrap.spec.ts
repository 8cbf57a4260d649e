import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { lengthOf, policiesOf } from "../../../bootstrap/permissions";
import { bootstrap } from "../../../bootstrap/program";
import { type Settings, validateSettings } from "../../../bootstrap/settings";
import { subjectsOf } from "../../../bootstrap/trust";
import { isAllowed, policyOf, type Principal } from "../../support/access";
import { ACCOUNT, bootstrapSettings } from "../../support/bootstrapSettings";
import { documentsIn } from "../../support/facts";
import { arnOf } from "../../support/mockIds";
import { registeredPolicies, wrongInPolicy } from "../../support/policyDocuments";
import { all, one } from "../../support/queries";
import { type Registration, run, unknown } from "../../support/registrations";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const SETTINGS: Settings = { ...bootstrapSettings, stacks: ["dev", "prod"], names: { prod: "shop-prod" } };
const BUCKET = `arn:aws:s3:::pulumi-state-${ACCOUNT}-eu-west-1`;
const KEY = arnOf("kms/key", "pulumi-state");
const OTHER_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** What it registers, and what it puts out. */
async function registered(changes: Partial<Settings> = {}, preview = false) {
  const { registrations, error } = await run(() => bootstrap({ ...SETTINGS, ...changes }), { preview });
  if (error) throw error;
  return registrations;
}

describe("bootstrap", () => {
  let resources: Registration[];
  before(async () => void (resources = await registered()));

  const trustOf = (role: string) => policyOf(one(resources, "Role", role));
  const inputs = (type: string, name: string) => one(resources, type, name).inputs;

  it("makes two roles a stack, which GitHub's jobs take from the stack's two environments", () => {
    const roles = all(resources, "aws:iam/role:Role").map(({ inputs: it }) => [
      it.path,
      it.name,
      it.maxSessionDuration,
    ]);
    assert.deepEqual(roles, [
      ["/ci/", "eks-storage-dev-deploy", 7200],
      ["/ci/", "eks-storage-dev-preview", 3600],
      ["/ci/", "shop-prod-deploy", 7200],
      ["/ci/", "shop-prod-preview", 3600],
    ]);
    assert.deepEqual(trustOf("eks-storage-dev-preview"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
              "token.actions.githubusercontent.com:sub": [
                "repo:shop/eks-storage:environment:dev-preview",
                "repo:shop@123456/eks-storage@456789:environment:dev-preview",
              ],
            },
          },
        },
      ],
    });
    for (const [role, environment] of [
      ["eks-storage-dev-deploy", "dev"],
      ["shop-prod-deploy", "prod"],
      ["shop-prod-preview", "prod-preview"],
    ] as const)
      assert.deepEqual(
        (trustOf(role) as any).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"],
        subjectsOf(SETTINGS, environment),
      );
  });

  it("trusts the subject without ids no longer, once the repository has ids in its subjects", async () => {
    const trusted = all(await registered({ subjects: "ids" }), "aws:iam/role:Role").map(
      (role) => (policyOf(role) as any).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"],
    );
    const byIds = (environment: string) => `repo:shop@123456/eks-storage@456789:environment:${environment}`;
    assert.deepEqual(trusted, [[byIds("dev")], [byIds("dev-preview")], [byIds("prod")], [byIds("prod-preview")]]);
  });

  it("makes GitHub's provider, or takes the one that the account has", async () => {
    assert.deepEqual(inputs("OpenIdConnectProvider", "github"), {
      url: "https://token.actions.githubusercontent.com",
      clientIdLists: ["sts.amazonaws.com"],
    });
    const oidcProviderArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
    const without = await registered({ oidcProviderArn });
    assert.deepEqual(all(without, "OpenIdConnectProvider"), []);
    const [{ Principal }] = policyOf(one(without, "Role", "eks-storage-dev-deploy")).Statement as any;
    assert.deepEqual(Principal, { Federated: oidcProviderArn });
  });

  it("keeps the state where nobody reads it without TLS or the key, with what it was, and past a destroy", () => {
    const bucket = one(resources, "aws:s3/bucket:Bucket");
    assert.equal(bucket.inputs.bucket, `pulumi-state-${ACCOUNT}-eu-west-1`);
    assert.deepEqual([bucket.protect, bucket.retainOnDelete], [true, true]);
    const [rule] = one(resources, "BucketServerSideEncryptionConfiguration").inputs.rules;
    assert.deepEqual(rule.applyServerSideEncryptionByDefault, { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY });
    assert.deepEqual(one(resources, "BucketVersioning").inputs.versioningConfiguration, { status: "Enabled" });
    const [tidy] = one(resources, "BucketLifecycleConfiguration").inputs.rules;
    assert.deepEqual(tidy.noncurrentVersionExpiration, { noncurrentDays: 365 });
    const key = one(resources, "aws:kms/key:Key");
    assert.deepEqual([key.protect, key.retainOnDelete], [true, true]);
    assert.equal(inputs("kms/alias:Alias", "pulumi-state").name, "alias/pulumi-state");
  });

  it("protects everything: a refused destroy would go on with the rest", () => {
    const open = resources.filter(({ custom, protect }) => custom && !protect);
    assert.deepEqual(
      open.map(({ urn }) => urn),
      [],
    );
  });

  it("touches no other account", () => {
    assert.deepEqual(one(resources, "pulumi:providers:aws").inputs.allowedAccountIds, `["${ACCOUNT}"]`);
    const providers = new Set(
      resources.filter(({ custom, type }) => custom && type.startsWith("aws:")).map((it) => it.provider),
    );
    assert.deepEqual([...providers], [one(resources, "pulumi:providers:aws").urn]);
  });

  it("puts out each environment's variables, and what the stacks' files need", () => {
    const { environments, ...others } = one(resources, "pulumi:pulumi:Stack").outputs as Record<string, any>;
    const backendUrl = `s3://pulumi-state-${ACCOUNT}-eu-west-1?region=eu-west-1`;
    const variables = (role: string) => ({
      AWS_REGION: "eu-west-1",
      AWS_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/ci/${role}`,
      PULUMI_BACKEND_URL: backendUrl,
    });
    assert.deepEqual(environments, {
      dev: variables("eks-storage-dev-deploy"),
      "dev-preview": variables("eks-storage-dev-preview"),
      prod: variables("shop-prod-deploy"),
      "prod-preview": variables("shop-prod-preview"),
    });
    assert.deepEqual(others, {
      backendUrl,
      secretsProvider: "awskms://alias/pulumi-state?region=eu-west-1",
      rolePath: "/storage/",
      rolePermissionsBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    });
  });

  it("can be previewed before anything is there", async () => {
    const first = await registered({}, true);
    assert.deepEqual(
      first.map(({ urn }) => urn),
      resources.map(({ urn }) => urn),
    );
    assert.equal(one(first, "pulumi:pulumi:Stack").outputs!.environments, unknown);
  });

  it("has no policy that AWS refuses, or of which a part is without effect", async () => {
    const policies = registeredPolicies(resources);
    assert.ok(policies.length > 15, String(policies.length));
    // Those of docs/permissions, whose names begin otherwise here, are looked at by tests/unit/access/deployer.spec.ts.
    const own = policies.filter(({ where }) => !/-(previewer|deployer)/.test(where));
    assert.deepEqual((await Promise.all(own.map(wrongInPolicy))).flat(), []);
    const long = all(resources, "aws:iam/policy:Policy").filter((it) => lengthOf(policyOf(it) as any) > 6144);
    assert.deepEqual(long, []);
  });
});

describe("bootstrap's program", () => {
  it("reads every key that Pulumi.yaml declares, with its default", async () => {
    const { config } = parse(fs.readFileSync(path.join(CHECKOUT, "bootstrap", "Pulumi.yaml"), "utf8")) as {
      config: Record<string, { default?: unknown }>;
    };
    assert.deepEqual(Object.keys(config), Object.keys(SETTINGS));
    const { names: _, ...given } = { ...SETTINGS, stacks: ["dev"] };
    const values = Object.entries(config).map(([key, { default: byDefault }]) => {
      const value = key in given && key !== "region" ? given[key as keyof typeof given] : byDefault;
      return [`eks-storage:${key}`, typeof value === "string" ? value : JSON.stringify(value)];
    });
    const program = () => require("../../../bootstrap/index") as object;
    const { registrations, error } = await run(program, {
      config: Object.fromEntries(values) as Record<string, string>,
    });
    assert.equal(error, undefined);
    const roles = all(registrations, "aws:iam/role:Role").map(({ name }) => name);
    assert.deepEqual(roles, ["eks-storage-dev-deploy", "eks-storage-dev-preview"]);
  });
});

describe("what a role of CI may do", () => {
  let resources: Registration[];
  before(async () => void (resources = await registered()));

  const ROLES = `arn:aws:iam::${ACCOUNT}:role`;
  /** A role below role/storage, whose own policy allows everything: it may what its boundary allows. */
  const MADE = "made by a deployer";

  /** A role with its policies. */
  function principal(name: string): Principal {
    if (name === MADE)
      return {
        arn: `${ROLES}/storage/made`,
        policies: [policyOf(one(resources, "aws:iam/policy:Policy", "boundary"))],
      };
    const isOf = ({ inputs }: Registration) => inputs.role === name;
    const attached = all(resources, "RolePolicyAttachment").filter(isOf);
    const policies = [
      ...attached.map((it) => one(resources, "aws:iam/policy:Policy", it.name)),
      ...all(resources, "aws:iam/rolePolicy:RolePolicy").filter(isOf),
    ];
    return {
      arn: `arn:aws:iam::${ACCOUNT}:role/ci/${name}`,
      policies: policies.flatMap(({ inputs }) => documentsIn(inputs)),
    };
  }
  const state = (name: string) => `${BUCKET}/.pulumi/${name}`;
  const rows: [who: string, action: string, on: string, may: boolean][] = [
    ["eks-storage-dev-preview", "s3:GetObject", state("stacks/eks-storage/dev.json"), true],
    ["eks-storage-dev-preview", "s3:GetObject", state("stacks/eks-storage/dev.pulumi-tags"), true],
    ["eks-storage-dev-preview", "s3:GetObject", state("meta.yaml"), true],
    ["eks-storage-dev-preview", "s3:ListBucket", BUCKET, true],
    ["eks-storage-dev-preview", "kms:Decrypt", KEY, true],
    ["eks-storage-dev-preview", "s3:GetObject", state("stacks/eks-storage/prod.json"), false],
    ["eks-storage-dev-preview", "s3:GetObject", state("stacks/eks-storage/dev2.json"), false],
    ["eks-storage-dev-preview", "s3:PutObject", state("stacks/eks-storage/dev.json"), false],
    ["eks-storage-dev-preview", "s3:PutObject", state("locks/organization/eks-storage/dev/1.json"), false],
    ["eks-storage-dev-preview", "kms:Encrypt", KEY, false],
    ["eks-storage-dev-preview", "ec2:DescribeVpcs", "*", true],
    ["eks-storage-dev-preview", "ec2:CreateVpc", `arn:aws:ec2:eu-west-1:${ACCOUNT}:vpc/vpc-1`, false],
    ["eks-storage-dev-deploy", "s3:PutObject", state("stacks/eks-storage/dev.json.bak"), true],
    ["eks-storage-dev-deploy", "s3:DeleteObject", state("locks/organization/eks-storage/dev/1.json"), true],
    ["eks-storage-dev-deploy", "s3:PutObject", state("history/eks-storage/dev/dev-1.checkpoint.json"), true],
    ["eks-storage-dev-deploy", "s3:PutObject", state("backups/eks-storage/dev/dev.1.json"), true],
    ["eks-storage-dev-deploy", "kms:GenerateDataKey", KEY, true],
    ["eks-storage-dev-deploy", "kms:Encrypt", KEY, true],
    ["eks-storage-dev-deploy", "s3:PutObject", state("stacks/eks-storage/prod.json"), false],
    ["eks-storage-dev-deploy", "s3:GetObject", state("history/eks-storage/prod/prod-1.checkpoint.json"), false],
    ["eks-storage-dev-deploy", "s3:DeleteBucket", BUCKET, false],
    ["eks-storage-dev-deploy", "kms:ScheduleKeyDeletion", KEY, false],
    ["eks-storage-dev-deploy", "kms:ScheduleKeyDeletion", OTHER_KEY, true],
    ["eks-storage-dev-deploy", "eks:DeleteCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/eks-storage-dev`, true],
    ["eks-storage-dev-deploy", "eks:DeleteCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/shop-prod`, false],
    ["shop-prod-deploy", "eks:DeleteCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/shop-prod`, true],
    ["eks-storage-dev-deploy", "iam:UpdateAssumeRolePolicy", `${ROLES}/ci/shop-prod-deploy`, false],
    ["eks-storage-dev-deploy", "iam:UpdateAssumeRolePolicy", `${ROLES}/storage/eks-storage-dev-nodes`, true],
    [MADE, "ec2:CreateVolume", `arn:aws:ec2:eu-west-1:${ACCOUNT}:volume/vol-1`, true],
    [MADE, "s3:PutObject", "arn:aws:s3:::eks-storage-dev-images/a.png", true],
    [MADE, "kms:Decrypt", OTHER_KEY, true],
    [MADE, "iam:CreateServiceLinkedRole", `${ROLES}/aws-service-role/backup.amazonaws.com/Backup`, true],
    [MADE, "iam:GetRole", `${ROLES}/storage/eks-storage-dev-nodes`, true],
    [MADE, "iam:PassRole", `${ROLES}/storage/eks-storage-dev-nodes`, true],
    [MADE, "iam:PassRole", `${ROLES}/aws-service-role/backup.amazonaws.com/Backup`, true],
    [MADE, "sts:AssumeRole", `${ROLES}/storage/eks-storage-dev-nodes`, true],
    [MADE, "iam:PassRole", `${ROLES}/ci/eks-storage-dev-deploy`, false],
    [MADE, "iam:PassRole", `${ROLES}/Administrator`, false],
    [MADE, "sts:AssumeRole", `${ROLES}/Administrator`, false],
    [MADE, "iam:PutRolePolicy", `${ROLES}/ci/eks-storage-dev-deploy`, false],
    [MADE, "iam:CreateRole", `${ROLES}/storage/another`, false],
    [MADE, "iam:UpdateAssumeRolePolicy", `${ROLES}/storage/made`, false],
    [MADE, "s3:GetObject", state("stacks/eks-storage/dev.json"), false],
    [MADE, "s3:PutObject", state("stacks/eks-storage/prod.json"), false],
    [MADE, "s3:DeleteObjectVersion", state("history/eks-storage/prod/prod-1.checkpoint.json"), false],
    [MADE, "s3:ListBucket", BUCKET, false],
    [MADE, "s3:PutBucketPolicy", BUCKET, false],
    [MADE, "s3:CreateAccessPoint", `arn:aws:s3:eu-west-1:${ACCOUNT}:accesspoint/to-the-state`, false],
    [MADE, "kms:Decrypt", KEY, false],
    [MADE, "kms:ReEncryptFrom", KEY, false],
    [MADE, "kms:CreateGrant", KEY, false],
    [MADE, "kms:PutKeyPolicy", KEY, false],
    [MADE, "kms:ScheduleKeyDeletion", KEY, false],
  ];
  for (const [who, action, on, may] of rows)
    it(`${who}: ${action} on ${on.replace(/^arn:aws:/, "")}: ${may ? "allowed" : "denied"}`, async () => {
      // A key's own policy decides, too: it leaves it to the account's.
      const resourcePolicy = on.includes(":key/") ? policyOf(one(resources, "aws:kms/key:Key")) : undefined;
      assert.equal(await isAllowed(principal(who), { action, resource: on, resourcePolicy }), may);
    });
});

describe("the settings of bootstrap", () => {
  it("have their own partition's ARNs, and policies in parts where they are too long", () => {
    const owner = { accountId: ACCOUNT, partition: "aws-us-gov", name: "a-very-long-name-of-a-stack-in-govcloud" };
    const policies = policiesOf("deployer", owner);
    assert.equal(policies.length, 2);
    assert.ok(policies.every((it) => lengthOf(it) <= 6144));
    const text = JSON.stringify(policies);
    assert.doesNotMatch(text, /arn:aws:|111122223333|eks-storage-/);
    assert.match(text, /"arn:aws-us-gov:iam::aws:policy\/AmazonEKSClusterPolicy"/);
    const [whole] = policiesOf("deployer", { accountId: ACCOUNT, partition: "aws", name: "a" });
    assert.deepEqual(
      policies.flatMap(({ Statement }) => Statement.map(({ Sid }) => Sid)),
      whole!.Statement.map(({ Sid }) => Sid),
    );
  });

  const refused: Record<string, [changes: Partial<Settings>, argument: string, expected: RegExp, fix: RegExp]> = {
    "an account that is none": [{ accountId: "1" }, "accountId", /^twelve digits$/, /aws sts get-caller-identity/],
    "a region that is none": [{ region: "Ireland" }, "region", /such as eu-west-1/, /stacks' files/],
    "a repository's URL": [{ repository: "https://github.com/a/b" }, "repository", /^OWNER\/NAME/, /gh repo view/],
    "a pattern for repositories": [{ repository: "shop/*" }, "repository", /^OWNER\/NAME/, /gh repo view/],
    "a pattern for owners": [{ ownerId: "*" }, "ownerId", /^a number$/, /gh api .*\.owner\.id/],
    "a repository's id that is a pattern": [{ repositoryId: "4*" }, "repositoryId", /^a number$/, /gh api .*\.id/],
    "another provider": [
      { oidcProviderArn: `arn:aws:iam::${ACCOUNT}:oidc-provider/gitlab.com` },
      "oidcProviderArn",
      /token\.actions\.githubusercontent\.com, or empty/,
      /list-open-id-connect-providers/,
    ],
    "another form of subjects": [{ subjects: "names" }, "subjects", /^both or ids$/, /customization\/sub/],
    "no stack": [{ stacks: [], names: {} }, "stacks", /^at least one stack's name/, /Pulumi\.STACK\.yaml/],
    "a stack twice": [{ stacks: ["dev", "dev"], names: {} }, "stacks", /each once/, /Pulumi\.STACK\.yaml/],
    "a pattern for stacks": [{ stacks: ["*"], names: {} }, "stacks", /small letters/, /Pulumi\.STACK\.yaml/],
    "a stack whose environment is another's for previews": [
      { stacks: ["dev", "dev-preview"], names: { "dev-preview": "shop" } },
      "stacks",
      /none ends in -preview, as the environments of previews do/,
      /^Name the stack dev-preview otherwise, and its file\.$/,
    ],
    "a name of no stack": [{ names: { qa: "shop-qa" } }, "names", /by stacks of this account/, /key name/],
    "a name with a pattern": [{ names: { prod: "*" } }, "names", /small letters/, /key name/],
    "a name that the state's bucket begins with": [
      { names: { prod: "pulumi" } },
      "names",
      /the state's bucket, pulumi-state-111101013333-eu-west-1, begins with none/,
      /^Give the stack of pulumi another name\.$/,
    ],
    "a name that another begins with": [
      { stacks: ["dev", "dev-2"], names: {} },
      "names",
      /none begins with another/,
      /Give the stack of eks-storage-dev an account of its own/,
    ],
  };
  for (const [what, [changes, argument, expected, fix]] of Object.entries(refused))
    it(`refuse ${what}`, () => {
      const [violation, ...others] = validateSettings({ ...SETTINGS, ...changes });
      assert.deepEqual(others, []);
      assert.equal(violation!.argument, argument);
      assert.match(violation!.expected, expected);
      assert.match(violation!.fix, fix);
    });

  it("are refused all at once, before anything is made", async () => {
    const { registrations, error } = await run(() => bootstrap({ ...SETTINGS, ownerId: "*", stacks: [], names: {} }));
    assert.equal(
      error?.message,
      "The pipeline can't be set up:\n" +
        "  - ownerId must be a number; it is '*'.\n    Ask: gh api repos/OWNER/NAME --jq .owner.id.\n" +
        "  - stacks must be at least one stack's name, each once, of small letters, digits and dashes; it is [].\n" +
        "    Name those that have a file Pulumi.STACK.yaml and are deployed into this account.\n" +
        "Fix a key with: pulumi config set KEY VALUE.",
    );
    assert.deepEqual(
      registrations.filter(({ type }) => type.startsWith("aws:")),
      [],
    );
  });
});
