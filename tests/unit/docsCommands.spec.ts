import assert from "node:assert/strict";
import { scripts } from "../../package.json";
import { commandName } from "../../local/aws/cli/run";
import { problemsOf } from "../support/awsCommands";
import { commandsOf, commandsOnPages, invocationsIn, sectionsOf } from "../support/pages";

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
      return verb === "run" ? !(name! in scripts) : !["ci", "test"].includes(verb);
    });
    assert.deepEqual(
      problems.map(({ place }) => place),
      [],
    );
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
