import assert from "node:assert/strict";
import type { RetentionRecord } from "../../components/retention/retentionRecord";
import { type AwsRecord, changeRecords, readRecords } from "../../local/aws/records";
import { commandsOf } from "../support/pages";
import { changes, LocalStack, type Steps } from "./localStack";

const DAY = 86_400_000;

/** A person with a terminal, docs/restore.md and, in capitals, what the last answers said. */
class Rehearsal extends LocalStack {
  readonly words: Record<string, string> = {};
  config: string[] = [];

  records(type: string): AwsRecord[] {
    return readRecords(this.local.cloud).filter((record) => record.type.startsWith(`aws:${type}:`));
  }

  /** What the database's pod is given, by file. */
  passwords(): Record<string, string> {
    const { data } = this.kubectl("get", "secret", "catalog-mysql", "--namespace", "catalog", "--output", "json");
    const decoded = Object.entries<string>(data).map(([name, text]) => [name, Buffer.from(text, "base64").toString()]);
    return Object.fromEntries(decoded) as Record<string, string>;
  }

  /** What the disks that EC2 has were made from, the latest last. */
  databaseDisks(): unknown[] {
    return this.records("ebs/volume").map(({ properties }) => properties.snapshotId);
  }

  /** As a snapshot is that was copied from elsewhere. */
  untag(snapshotId: string): void {
    changeRecords((records) => {
      records.find(({ id }) => id === snapshotId)!.properties.tags = {};
    }, this.local.cloud);
  }

  /** What becomes of the backups in the vault when so many days have passed. */
  backupsAfter(days: number): string[] {
    const goBack = (by: number) =>
      changeRecords((records) => {
        for (const { properties } of records.filter(({ type }) => type.startsWith("aws:backup/recoveryPoint:"))) {
          properties.creationDate = new Date(Date.parse(properties.creationDate as string) - by * DAY).toISOString();
        }
      }, this.local.cloud);
    goBack(days);
    const list = "aws backup list-recovery-points-by-backup-vault --backup-vault-name eks-storage-dev";
    const { RecoveryPoints } = JSON.parse(super.shell(list)) as { RecoveryPoints: { Status: string }[] };
    goBack(-days);
    return RecoveryPoints.map(({ Status }) => Status);
  }

  /** A line of the page with what the last answers said. */
  filled(line: string): string {
    return line.replaceAll(/\b[A-Z]+(_[A-Z]+)+\b/g, (word) => this.words[word] ?? word);
  }

  /** Runs a shell's line in the stack's own environment; what AWS answers is remembered. */
  override shell(line: string): string {
    const text = super.shell(this.filled(line));
    for (const [, key, value] of text.matchAll(/"(\w+)": "([^"]*)"/g)) {
      this.words[key!.replaceAll(/(?<!^)([A-Z])/g, "_$1").toUpperCase()] = value!;
    }
    this.words.VOLUME_ID = /^vol-\w+$/.exec(text.trim())?.[0] ?? this.words.VOLUME_ID ?? "";
    this.words.SNAPSHOT_ID = this.words.RECOVERY_POINT_ARN?.split("snapshot/")[1] ?? this.words.SNAPSHOT_ID ?? "";
    return text;
  }

  /** Follows lines of the page; `pulumi config set` and `pulumi up` are the engine's. What each `up` did. */
  async follow(lines: string[]): Promise<Steps[]> {
    const steps: Steps[] = [];
    for (const line of lines) {
      const [, key, value] = /^pulumi config set (\S+) (\S+)$/.exec(line) ?? [];
      if (key) this.config.push(`${key}=${this.shell(`echo ${value}`).trim()}`);
      else if (line === "pulumi up") steps.push(await this.up(...this.config));
      else this.shell(line);
      // Nobody sees a file system's root here: its record tells what the mount would show.
      const directory = this.records("efs/fileSystem").map(({ properties }) => properties.directory as string);
      if (directory[0]) this.words.RESTORED_DIRECTORY = directory.at(-1) ?? directory[0];
      this.words.CREATED_FILE_SYSTEM_ID = this.words.CREATED_RESOURCE_ARN?.split("/").pop() ?? "";
    }
    return steps;
  }
}

describe("backups, and getting data back by docs/restore.md", function () {
  this.timeout("6m");
  const dev = new Rehearsal("dev");
  const alarms = [
    "alarmTopicArn=arn:aws:sns:eu-west-1:111101013333:storage",
    "containerInsightsVersion=v6.2.0-eksbuild.1",
  ];
  /** What the page has a new stack do about the file system that was restored. */
  let takingUp: string[] = [];
  const retain = ["retention=retain", "backupRetentionInDays=35", ...alarms];

  before(async () => {
    await dev.start();
    dev.config = [...retain];
    await dev.up(...dev.config);
  });
  after(() => dev.stop());

  it("have one lock after it was changed, and nothing else changed", async () => {
    dev.config = [...retain, "backupRetentionInDays=30"];
    const steps = changes(await dev.up(...dev.config));
    assert.deepEqual(
      Object.keys(steps)
        .filter((key) => !key.startsWith("pulumi:"))
        .sort(),
      [
        "aws:backup/plan:Plan eks-storage-dev",
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration eks-storage-dev",
      ],
    );
    const [lock, ...others] = dev.records("backup/vaultLockConfiguration");
    assert.equal(lock?.properties.minRetentionDays, 30);
    assert.deepEqual(others, []);
    assert.deepEqual(changes(await dev.up(...dev.config)), {});
  });

  it("have alarms beside them, on full disks, too, where the cluster can tell", () => {
    const names = dev.records("cloudwatch/metricAlarm").map(({ id }) => id.replace(/^eks-storage-dev-|-\w{7}$/g, ""));
    assert.deepEqual(names.sort(), [
      ...["backup-expired", "backup-failed", "disks-unseen", "efs-connections", "efs-io-limit", "efs-throughput"],
      ...["node-disks", "volumes"],
    ]);
    const addon = dev.records("eks/addon").find(({ id }) => id.endsWith(":amazon-cloudwatch-observability"));
    assert.equal(addon?.status, "ACTIVE");
  });

  it("are made by hand, within the lock's limits", async () => {
    const [command = ""] = commandsOf("docs/restore.md", "A backup by hand");
    assert.throws(() => dev.shell(command.replace("=35", "=29")), /Retention is outside the minimum and maximum/);
    assert.throws(() => dev.shell(command.replace(/--lifecycle .*/, "")), /Retention is outside/);
    await dev.follow([command]);
    const points = dev.records("backup/recoveryPoint");
    assert.deepEqual(
      points.map(({ properties }) => properties.resourceType),
      ["EFS"],
    );
  });

  it("give the files back beside those that are there, and the assets move to them", async () => {
    const before = dev.outputs();
    const [steps] = await dev.follow(commandsOf("docs/restore.md", "Files"));
    assert.equal(steps!["aws:efs/fileSystem:FileSystem eks-storage-dev"], "same");
    const { accessPointIds, pvcNames } = dev.outputs();
    const { properties } = dev.records("efs/accessPoint").find(({ id }) => id === accessPointIds!.value.assets)!;
    const { path: directory } = properties.rootDirectory as { path: string };
    assert.match(directory, /^\/aws-backup-restore_[\dTZ-]+\/assets$/);
    assert.notEqual(pvcNames!.value.assets, before.pvcNames!.value.assets);
    const pods = dev.kubectl("get", "pods", "--namespace", "assets", "--output", "json").items;
    for (const { spec } of pods) {
      assert.ok(JSON.stringify(spec.volumes).includes(pvcNames!.value.assets));
    }
  });

  it("give the database back, once the driver may read the backup, with the passwords that it knows", async () => {
    const passwords = dev.passwords();
    const lines = commandsOf("docs/restore.md", "The database");
    const tagging = lines.findIndex((line) => line.startsWith("aws ec2 create-tags"));
    await dev.follow(lines.slice(0, tagging));
    const { SNAPSHOT_ID: id } = dev.words;
    dev.untag(id!);
    await assert.rejects(dev.preview(...dev.config, "retention=release", `mysqlSnapshotId=${id}`));
    assert.match(dev.messages, /snapshotId must be a snapshot with the tag ebs\.csi\.aws\.com\/cluster=true/);
    assert.ok(dev.messages.includes(dev.filled(lines[tagging]!)), dev.messages);

    const [steps] = await dev.follow(lines.slice(tagging));
    assert.equal(steps!["kubernetes:apps/v1:StatefulSet catalog-mysql"], "replace");
    assert.deepEqual(dev.databaseDisks(), [undefined, id], "the disk before stays");
    assert.deepEqual(dev.passwords(), passwords);
  });

  it("outlive the stack until their time: vault, lock, key, recovery points and the role that deletes them", async () => {
    // Into a new file system, while the stack's outputs can be asked.
    const [choice] = commandsOf("docs/restore.md", "Files");
    const lines = commandsOf("docs/restore.md", "Files, when the file system is lost");
    takingUp = lines.splice(lines.findIndex((line) => line.startsWith("pulumi")));
    await dev.follow([choice!, ...lines]);
    await dev.up(...dev.config, "retention=release");
    await dev.destroy(...dev.config, "retention=release");
    const kept = dev.awsTypes().filter((type) => /^aws:(backup|iam|kms)/.test(type));
    assert.deepEqual(kept, [
      "aws:backup/recoveryPoint:RecoveryPoint",
      "aws:backup/recoveryPoint:RecoveryPoint",
      "aws:backup/vault:Vault",
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "aws:iam/role:Role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:kms/key:Key",
    ]);
    assert.deepEqual(dev.backupsAfter(20), ["COMPLETED", "COMPLETED"]);
    assert.deepEqual(dev.backupsAfter(400), []);
  });

  it("are adopted by a fresh stack, with files and database restored, and go with it under delete", async () => {
    const key = "/eks-storage-dev/catalog-mysql";
    assert.deepEqual(
      dev.records("ssm/parameter").map(({ id }) => id),
      [key, "/eks-storage-dev/kept"],
    );
    const old = dev.records("ssm/parameter").filter(({ id }) => id === key);
    const told = [...dev.messages.matchAll(/pulumi config set (\S+) (\S+)/g)].map(
      ([, key, value]) => `${key}=${value}`,
    );
    await dev.loseControlPlane();
    const isRestored = (pair: string) => /^adopt(FileSystem|AssetsAccessPoint|Mysql)/.test(pair);
    dev.config = [...retain, ...told.filter((pair) => !isRestored(pair))];
    Object.assign(dev.words, { OLD_STACK: "dev", NEW_STACK: "dev", MYSQL_STORAGE: "25Gi" });
    // Both sections end with the same `pulumi up`: of the files' its lines before it.
    assert.equal(takingUp.pop(), "pulumi up");
    const [steps] = await dev.follow([
      ...takingUp,
      ...commandsOf("docs/restore.md", "The database, in a fresh environment"),
    ]);
    const id = dev.words.CREATED_FILE_SYSTEM_ID;
    assert.equal(steps!["aws:backup/vault:Vault eks-storage-dev"], "import");
    assert.deepEqual(dev.passwords(), JSON.parse(old[0]!.properties.value as string));
    assert.equal(dev.databaseDisks().at(-1), dev.words.SNAPSHOT_ID);
    assert.equal(dev.records("ebs/volume").at(-1)?.properties.size, 25);
    const { fileSystemId, accessPointIds } = dev.outputs();
    assert.equal(fileSystemId!.value, id);
    const accessPoint = dev.records("efs/accessPoint").find((record) => record.id === accessPointIds!.value.assets);
    assert.match(JSON.stringify(accessPoint?.properties), /\/aws-backup-restore_[\dTZ-]+\/assets/);
    assert.equal(dev.records("backup/vaultLockConfiguration").length, 1);

    await dev.up(...dev.config, "retention=delete");
    await dev.destroy(...dev.config, "retention=delete");
    // What no stack adopted stays for a person to delete: the first file system, the disks, their passwords.
    assert.deepEqual(
      [...new Set(dev.awsTypes())],
      [
        "aws:cloudwatch/logGroup:LogGroup",
        "aws:ebs/volume:Volume",
        "aws:efs/accessPoint:AccessPoint",
        "aws:efs/fileSystem:FileSystem",
        "aws:ssm/parameter:Parameter",
      ],
    );
    // The record names each of them, and nothing else: the last disk by its volume, which was made under `retain`.
    const [record, passwords] = dev.records("ssm/parameter").sort((one, other) => other.id.localeCompare(one.id));
    assert.deepEqual([record?.id, passwords?.id], ["/eks-storage-dev/kept", key]);
    const { earlier, disk } = JSON.parse(record!.properties.value as string) as RetentionRecord;
    assert.match(
      dev.messages,
      new RegExp(`The disk ${disk!.volumeId} stays: its volume was made with the policy Retain`),
    );
    const left = ["efs/accessPoint", "efs/fileSystem", "ebs/volume"].flatMap((type) => dev.records(type));
    assert.deepEqual(
      [...earlier!.map(([, value]) => value), disk!.volumeId].sort(),
      [key, ...left.map(({ id }) => id)].sort(),
    );
  });
});
