import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { type AwsRecord, readRecords } from "../../local/standins/aws/records";
import { commandsOf } from "../support/restorePage";
import { changes, LocalStack, type Steps } from "./localStack";

/** A person with a terminal, docs/restore.md and, in capitals, what the last answers said. */
class Rehearsal extends LocalStack {
  readonly words: Record<string, string> = {};
  config: string[] = [];

  records(type: string): AwsRecord[] {
    return readRecords(this.local.cloud).filter((record) => record.type.startsWith(`aws:${type}:`));
  }

  /** Runs a shell's line in the stack's own environment; what AWS answers is remembered. */
  shell(line: string): string {
    const command = line.replaceAll(/\b[A-Z]+(_[A-Z]+)+\b/g, (word) => this.words[word] ?? word);
    const bin = path.join(this.local.cloud, "bin");
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}` };
    const cwd = path.join(this.local.cloud, "pulumi");
    const text = execFileSync("bash", ["-euc", command], { cwd, env, encoding: "utf8", stdio: "pipe" });
    for (const [, key, value] of text.matchAll(/"(\w+)": "([^"]*)"/g)) {
      this.words[key!.replaceAll(/(?<!^)([A-Z])/g, "_$1").toUpperCase()] = value!;
    }
    return text;
  }

  /** Follows a section of the page; `pulumi config set` and `pulumi up` are the engine's. */
  async follow(title: string): Promise<Steps> {
    let steps: Steps = {};
    for (const line of commandsOf(title)) {
      const [, key, value] = /^pulumi config set (\S+) (\S+)$/.exec(line) ?? [];
      if (key) this.config.push(`${key}=${this.shell(`echo ${value}`).trim()}`);
      else if (line === "pulumi up") steps = await this.up(...this.config);
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
  const retain = ["retention=retain", "backupRetentionInDays=35"];

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
      Object.keys(steps).filter((key) => !key.startsWith("pulumi:")),
      [
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration eks-storage-dev",
        "aws:backup/plan:Plan eks-storage-dev",
      ].sort(),
    );
    const [lock, ...others] = dev.records("backup/vaultLockConfiguration");
    assert.equal(lock?.properties.minRetentionDays, 30);
    assert.deepEqual(others, []);
    assert.deepEqual(changes(await dev.up(...dev.config)), {});
  });

  it("are made by hand, within the lock's limits", async () => {
    const [command = ""] = commandsOf("A backup by hand");
    assert.throws(() => dev.shell(command.replace("=35", "=29")), /Retention is outside the minimum and maximum/);
    assert.throws(() => dev.shell(command.replace(/--lifecycle .*/, "")), /Retention is outside/);
    await dev.follow("A backup by hand");
    const points = dev.records("backup/recoveryPoint");
    assert.deepEqual(
      points.map(({ properties }) => properties.resourceType),
      ["EFS"],
    );
  });

  it("give the files back beside those that are there, and the assets move to them", async () => {
    const before = await dev.outputs();
    const steps = await dev.follow("Files");
    assert.equal(steps["aws:efs/fileSystem:FileSystem eks-storage-dev"], "same");
    const { accessPointIds, pvcNames } = await dev.outputs();
    const { properties } = dev.records("efs/accessPoint").find(({ id }) => id === accessPointIds!.value.assets)!;
    const { path: directory } = properties.rootDirectory as { path: string };
    assert.match(directory, /^\/aws-backup-restore_[\dTZ-]+\/assets$/);
    assert.notEqual(pvcNames!.value.assets, before.pvcNames!.value.assets);
    const pods = dev.kubectl("get", "pods", "--namespace", "assets", "--output", "json").items;
    for (const { spec } of pods) {
      assert.ok(JSON.stringify(spec.volumes).includes(pvcNames!.value.assets));
    }
  });

  it("outlive the stack: vault, lock, key and recovery points", async () => {
    // Into a new file system, while the stack's outputs can be asked.
    const lines = commandsOf("Files, when the file system is lost");
    lines.filter((line) => line.startsWith("aws")).forEach((line) => dev.shell(line));
    await dev.up(...dev.config, "retention=release");
    await dev.destroy(...dev.config, "retention=release");
    const kept = dev.awsTypes().filter((type) => type.startsWith("aws:backup") || type.startsWith("aws:kms"));
    assert.deepEqual(kept, [
      "aws:backup/recoveryPoint:RecoveryPoint",
      "aws:backup/vault:Vault",
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "aws:kms/key:Key",
    ]);
  });

  it("are taken up by the next stack, with the files in a new file system, and go with it under delete", async () => {
    const told = [...dev.messages.matchAll(/pulumi config set (\S+) (\S+)/g)].map(
      ([, key, value]) => `${key}=${value}`,
    );
    await dev.loseControlPlane();
    const isFiles = (pair: string) => /^kept(FileSystem|AssetsAccessPoint)/.test(pair);
    dev.config = [...retain, ...told.filter((pair) => !isFiles(pair))];
    const id = (dev.words.CREATED_RESOURCE_ARN ?? "").split("/").pop()!;
    const directory = dev.records("efs/fileSystem").find((record) => record.id === id)?.properties.directory as string;
    dev.config.push(`keptFileSystemId=${id}`, `assetsPath=${directory}/assets`);
    const steps = await dev.up(...dev.config);
    assert.equal(steps["aws:backup/vault:Vault eks-storage-dev"], "import");
    assert.equal((await dev.outputs()).fileSystemId!.value, id);
    assert.equal(dev.records("backup/vaultLockConfiguration").length, 1);

    await dev.up(...dev.config, "retention=delete");
    await dev.destroy(...dev.config, "retention=delete");
    // The first file system, whose files nobody took up, stays for a person to delete.
    assert.deepEqual(
      [...new Set(dev.awsTypes())],
      ["aws:efs/accessPoint:AccessPoint", "aws:efs/fileSystem:FileSystem"],
    );
  });
});
