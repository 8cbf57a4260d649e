import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { scripts } from "../../package.json";
import { commandName } from "../../local/aws/cli/run";
import { problemsOf } from "../support/awsCommands";
import { commandsOf, commandsOnPages, invocationsIn, pages, sectionsOf } from "../support/pages";

const CHECKOUT = path.join(__dirname, "..", "..");

describe("commands on the pages", () => {
  it("are found in blocks and in texts, in pipes, in $(…), and behind npm run local", () => {
    const found = (text: string) => invocationsIn(text).map((words) => words.join(" "));
    assert.deepEqual(found('A=b aws x --value "$(pulumi stack output y)" | jq z && kubectl get pv # kubectl not'), [
      "aws x --value $(pulumi stack output y)",
      "pulumi stack output y",
      "kubectl get pv",
    ]);
    assert.deepEqual(found("npm run local -- kubectl get pv"), ["npm run local -- kubectl get pv", "kubectl get pv"]);
    assert.deepEqual(found("aws:region"), []);
    assert.throws(() => found("kubectl patch pv NAME -p '{"), /No shell reads this \(.*kubectl patch/);
    const steps = commandsOf("docs/operations.md", "Restoring the database");
    assert.match(steps[0]!, /^kubectl apply --filename - <<END\n(.*\n)+END$/);
    assert.match(steps[1]!, /--timeout=15m$/);
    const { mentions } = sectionsOf("README.md").find(({ title }) => title === "What survives what")!;
    assert.ok(mentions.includes("npm run kept"), "a table's cells are looked at");
    assert.throws(
      () => commandsOf("README.md", "Nowhere"),
      /must have one section "Nowhere" with commands; it has none/,
    );
  });

  it("of aws are what AWS's models and the AWS CLI take", () => {
    const commands = commandsOnPages("aws").filter(({ words }) => words.length > 1);
    assert.ok(commands.length > 40, String(commands.length));
    const problems = commands.flatMap(({ words, isStep, place }) =>
      problemsOf(words, isStep || words.length > 3).map((problem) => `${place}: ${problem}`),
    );
    assert.deepEqual(problems, []);
  });

  it("of npm are scripts of package.json", () => {
    const problems = commandsOnPages("npm").filter(({ words: [, verb = "", ...rest] }) => {
      const name = rest.find((word) => !word.startsWith("-"));
      return verb === "run" ? !(name! in scripts) : !["ci", "install", "pack", "pkg", "test"].includes(verb);
    });
    assert.deepEqual(
      problems.map(({ place }) => place),
      [],
    );
  });
});

/** Why the engine specs don't run a section's commands, or one of a section that they run. */
const NOT_RUN: Record<string, string> = {
  'README.md, "Try it, without an AWS account": npm ci && npm test': "it is this test",
  'README.md, "Deploy it on AWS": aws sso login': "needs a person with a browser",
  'README.md, "Deploy it on AWS": pulumi login': "needs Pulumi Cloud; the local cloud's state is in files",
  'README.md, "Build on it"': "package.spec.ts packs the package, and installs it elsewhere",
  'README.md, "Check it by policies"': "tests/policy runs the pack on the engine at each environment's levels",
  'README.md, "Work on it"': "these are the tests; .ci/run runs them",
  'CONTRIBUTING.md, "Contributing"': "these are the tests; .ci/run runs them",
  'docs/upgrading.md, "A program of yours"': "package.spec.ts installs the package; there is no second version yet",
  'docs/audit.md, "The audit"': "tests/audit runs it against moto",
  'docs/aws.md, "The way to AWS"': "asks AWS about an account and a region, and the internet for an address",
  'docs/aws.md, "An account with a default key of its own"':
    "defaultKey.spec.ts has such an account; the stand-in takes no grants",
  'docs/aws.md, "What a new account may run"': "quotas have no stand-in",
  'docs/ci.md, "CI on GitHub"': "names a repository; ciRelease.spec.ts has a package without one",
  'docs/ci.md, "Setting it up"':
    "needs GitHub and an account; bootstrap.spec.ts deploys the program on the local cloud",
  'docs/ci.md, "What each role may do"': "bootstrap.spec.ts takes a stack out; the command line's own flags",
  'docs/ci.md, "Keeping it right"': "it is a suite of .ci/run",
  'docs/components.md, "A project of yours"':
    "package.spec.ts does so in a project of its own; npm ci would replace the packages of all checkouts that share them",
  'docs/components.md, "Examples"': "examples.spec.ts and package.spec.ts do so, in one project with all examples",
  'docs/policies.md, "On a program of yours"':
    "tests/policy/engine.spec.ts does so with the SDKs held; npm ci would replace the packages of all checkouts that share them",
  'docs/components.md, "A cluster on the local cloud"':
    "examples.spec.ts deploys this program, in a project of its own",
  'docs/components.md, "Your program beside it"':
    "beside.spec.ts gives --beside; examples.spec.ts deploys these programs, on that cluster",
  'docs/configuration.md, "Configuration"': "tests/unit/config/files.spec.ts asks npm run config of every file",
  'docs/experiment.md, "On a real node"': "it is a suite of .ci/run",
  'docs/experiment.md, "With one command"':
    "tests/unit/verify/command.spec.ts runs it; a local cloud has no drivers' pods",
  'docs/gate.md, "The gate"': "tests/unit/commands/gate.spec.ts runs the gate; the preview is any stack's",
  'docs/languages.md, "Add the package": npm ci && npm pack --workspace eks-storage --pack-destination ../shop':
    "package.spec.ts does so in a copy",
  'docs/languages.md, "Add the package": cd ../shop && npm install ./eks-storage-0.1.0.tgz':
    "package.spec.ts does so in a project of its own",
  'docs/languages.md, "Add the package": npm ci': "the project of the spec has what npm would install",
  'docs/languages.md, "Use it"':
    "the specs in tests/engine/languages give all the keys that it sets, and no others (askedIn)",
  'docs/languages.md, "On the local cloud"': "beside.spec.ts gives --beside; yaml.spec.ts deploys the program",
  'docs/local.md, "Other programs": npm run up:local -- --project ../shop --beside ../platform':
    "beside.spec.ts does so with programs of its own",
  'docs/local.md, "Real plugins"': "builds or downloads a plugin; .ci/run has the engine specs run with it",
  'docs/operations.md, "Alarms"': "asks a kubelet, which simulated nodes don't have",
  'docs/operations.md, "Credentials of the drivers"': "needs jq; podIdentity.spec.ts looks at the same pods",
  'docs/policies.md, "Policies"': "as README's",
  'docs/storage.md, "A customer\'s key"': "the stand-in for EC2 copies no snapshots",
  'docs/storage.md, "Moving between EFS and S3"': "DataSync has no stand-in",
  'docs/upgrading.md, "In commands"': "upgrades.spec.ts does so with commits of the past, which are its git pull",
};

describe("the commands of a section", () => {
  /** By page and title. */
  const sections = new Map(
    pages.flatMap((page) =>
      sectionsOf(page).flatMap(({ title, steps }) =>
        steps.length > 0 ? [[`${page}, "${title}"`, steps] as const] : [],
      ),
    ),
  );
  const specs = ["tests/engine", "tests/live"].flatMap((folder) =>
    fs
      .readdirSync(path.join(CHECKOUT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(CHECKOUT, folder, file)),
  );
  const run = specs.flatMap((file) =>
    [...fs.readFileSync(file, "utf8").matchAll(/commandsOf\(\s*"([^"]+)",\s*"([^"]+)"/g)].map(
      ([, page, title]) => `${page!}, "${title!}"`,
    ),
  );

  it("are run by a spec on the engine or on a real node, or it is said why not", () => {
    const without = [...sections.keys()].filter((section) => !run.includes(section) && !(section in NOT_RUN));
    assert.deepEqual(without, [], "run them (commandsOf), or say in NOT_RUN why not");
  });

  it("aren't run where it is said why not", () => {
    const expected = [...sections].flatMap(([section, steps]) =>
      run.includes(section) ? steps.map((step) => `${section}: ${step}`) : [section],
    );
    const others = Object.keys(NOT_RUN).filter((it) => !expected.includes(it));
    assert.deepEqual(others, [], "run after all, or not on the page: take them out of NOT_RUN");
  });
});

describe("what the AWS CLI or AWS would refuse", () => {
  it("is named as the CLI names it", () => {
    // As in https://github.com/boto/botocore/blob/develop/tests/unit/test_utils.py and AWS's reference of commands.
    for (const [name, expected] of Object.entries({
      ListRecoveryPointsByBackupVault: "list-recovery-points-by-backup-vault",
      Ec2Config: "ec2-config",
      S3BucketArn: "s3-bucket-arn",
      KMSKeyId: "kms-key-id",
      LoadBalancerARNs: "load-balancer-arns",
      ReplaceNetworkAclAssociation: "replace-network-acl-association",
    }))
      assert.equal(commandName(name), expected);
  });

  const refused: Record<string, RegExp> = {
    "aws efs delete-replication --source-file-system-id FS": /models have no efs delete-replication; .*npm run models/,
    "aws elastic-file-system describe-file-systems": /models have no elastic-file-system describe-file-systems/,
    "aws sso login --stack dev": /has no option --stack/,
    "aws ec2 copy-snapshot --source-region REGION --source-snapshot SNAPSHOT_ID":
      /has no option --source-snapshot, sourceSnapshotId is null: Member must not be null/,
    "aws ec2 copy-snapshot --source-region REGION --source-snapshot-id snap-1 --encrypted true":
      /encrypted is \["true"\]: Member must be of type boolean/,
    "aws ec2 create-tags SNAPSHOT_ID --resources SNAPSHOT_ID --tags Key=a,Value=b": /takes no SNAPSHOT_ID/,
    "aws ec2 create-tags --resources SNAPSHOT_ID --tags Name=a,Value=b":
      /tags\.1\.member\.name is "a": Unknown parameter/,
    "aws backup start-backup-job --backup-vault-name v --resource-arn ARN --iam-role-arn ARN --lifecycle DeleteAfterDays=YEAR":
      /lifecycle\.deleteAfterDays is .*must be of type long/,
    "aws backup list-recovery-points-by-backup-vault --backup-vault-name my!vault":
      /backupVaultName is "my!vault": .*pattern/,
    "aws efs update-file-system-protection --file-system-id ID --replication-overwrite-protection OFF":
      /replicationOverwriteProtection is "OFF": Member must satisfy enum value set/,
    "aws efs create-replication-configuration --source-file-system-id ID --destinations Region=REGION,FileSystem=ID":
      /destinations\.1\.member\.fileSystem is "ID": Unknown parameter/,
    "aws datasync create-location-s3 --s3-bucket-arn ARN --s3-config BucketRoleArn=ARN":
      /bucketAccessRoleArn is null.*bucketRoleArn is "ARN": Unknown parameter/,
  };
  for (const [command, message] of Object.entries(refused)) {
    it(command, () => {
      const [words] = invocationsIn(command);
      assert.match(problemsOf(words!).join(", "), message);
    });
  }

  it("is nothing where options are left out of what is only mentioned", () => {
    assert.deepEqual(problemsOf(["aws", "efs", "delete-access-point"], false), []);
  });
});
