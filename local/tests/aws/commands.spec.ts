import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CLOUD_VARIABLE } from "../../stack/directory";
import { backupCommands } from "../../aws/backup/commands";
import { runCommand } from "../../aws/cli/command";
import { ec2Commands } from "../../aws/ec2/commands";
import { efsCommands } from "../../aws/efs/commands";
import { ssmCommands } from "../../aws/ssm/commands";
import { type AwsRecord, changeRecords, readRecords, token } from "../../aws/records";

const ROLE = "arn:aws:iam::111122223333:role/backup";
const VOLUME = "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1";
const FILES = "arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1";
const record = (type: string, id: string, properties: Record<string, unknown> = {}): AwsRecord => ({
  type: token(type),
  id,
  status: "ACTIVE",
  properties,
});
const attached = (policy: string) =>
  record("iam/rolePolicyAttachment", policy, {
    role: "backup",
    policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
  });

/** Types a command; its answer. */
function type(line: string): any {
  const [service, name, ...args] = line.split(" ");
  const command = { ...backupCommands, ...ec2Commands, ...efsCommands, ...ssmCommands }[`${service} ${name}`];
  assert.ok(command, line);
  const answer = runCommand(command, args);
  return answer && JSON.parse(answer);
}

const backUp = (arn: string, more = "") =>
  type(`backup start-backup-job --backup-vault-name v --resource-arn ${arn} --iam-role-arn ${ROLE}${more}`);
const restore = (point: string, metadata: string) =>
  type(`backup start-restore-job --recovery-point-arn ${point} --iam-role-arn ${ROLE} --metadata ${metadata}`);
const METADATA = "file-system-id=fs-1,Encrypted=true,PerformanceMode=generalPurpose,CreationToken=t,newFileSystem=";

describe("the local AWS CLI", () => {
  const cloud = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-aws-cli-"));
  const before = process.env[CLOUD_VARIABLE];

  beforeEach(() => {
    process.env[CLOUD_VARIABLE] = cloud;
    changeRecords((records) =>
      records.splice(
        0,
        records.length,
        record("backup/vault", "v", { name: "v" }),
        record("iam/role", "backup", { arn: ROLE, assumeRolePolicy: '"backup.amazonaws.com"' }),
        attached("AWSBackupServiceRolePolicyForBackup"),
        attached("AWSBackupServiceRolePolicyForRestores"),
        record("ebs/volume", "vol-1", { size: 20, tags: { "ebs.csi.aws.com/cluster": "true" } }),
        record("efs/fileSystem", "fs-1", { arn: FILES, tags: { Name: "files" } }),
      ),
    );
  });
  after(() => {
    if (before === undefined) delete process.env[CLOUD_VARIABLE];
    else process.env[CLOUD_VARIABLE] = before;
    fs.rmSync(cloud, { recursive: true });
  });

  const forget = (id: string) =>
    changeRecords((records) =>
      records.splice(
        records.findIndex((it) => it.id === id),
        1,
      ),
    );

  it("backs a disk up as a snapshot that has the disk's tags, and shows both", () => {
    const { RecoveryPointArn } = backUp(VOLUME);
    const [, id] = /^arn:aws:ec2:eu-west-1::snapshot\/(snap-[0-9a-f]{17})$/.exec(RecoveryPointArn) ?? [];
    const { RecoveryPoints } = type(
      "backup list-recovery-points-by-backup-vault --backup-vault-name v --by-resource-type EBS",
    );
    assert.equal(RecoveryPoints[0].RecoveryPointArn, RecoveryPointArn);
    assert.equal(RecoveryPoints[0].Status, "COMPLETED");
    const list = "backup list-recovery-points-by-backup-vault --backup-vault-name";
    assert.deepEqual(type(`${list} v --by-resource-arn ${FILES}`).RecoveryPoints, []);
    assert.deepEqual(type(`${list} w`).RecoveryPoints, []);
    const shown = () => type(`ec2 describe-snapshots --snapshot-ids ${id}`).Snapshots[0];
    assert.deepEqual([shown().VolumeId, shown().VolumeSize], ["vol-1", 20]);
    assert.deepEqual(shown().Tags, [{ Key: "ebs.csi.aws.com/cluster", Value: "true" }]);
    assert.equal(type(`ec2 create-tags --resources ${id} --tags Key=team,Value=web`), "");
    assert.equal(shown().Tags.length, 2);
  });

  it("keeps a parameter, shows its value to whoever asks for it decrypted, and one value of an answer as text", () => {
    const put = 'ssm put-parameter --name /a/b --type SecureString --value {"password":"p"}';
    type(put);
    const get = "ssm get-parameter --name /a/b --with-decryption";
    assert.equal(type(get).Parameter.Value, '{"password":"p"}');
    assert.notEqual(type("ssm get-parameter --name /a/b").Parameter.Value, '{"password":"p"}');
    const [, , ...args] = `${get} --query Parameter.Value --output text`.split(" ");
    assert.equal(runCommand(ssmCommands["ssm get-parameter"]!, args), '{"password":"p"}');
    assert.equal(type(`${get} --query Parameter.Type`), "SecureString");
    assert.throws(() => type(put), /\(ParameterAlreadyExists\)/);
    assert.throws(() => type("ssm get-parameter --name /a"), /\(ParameterNotFound\)/);
  });

  it("restores files into a directory of their own, in the same file system or a new one", () => {
    const { RecoveryPointArn } = backUp(FILES);
    assert.match(RecoveryPointArn, /^arn:aws:backup:eu-west-1:111122223333:recovery-point:/);
    const created = (metadata: string) => {
      const { RestoreJobId } = restore(RecoveryPointArn, metadata);
      const job = type(`backup describe-restore-job --restore-job-id ${RestoreJobId}`);
      assert.equal(job.Status, "COMPLETED");
      return job.CreatedResourceArn as string;
    };
    assert.equal(created(`${METADATA}false`), FILES);
    const other = created(`${METADATA}true --copy-source-tags-to-restored-resource`);
    const untagged = created(`${METADATA}true`);
    const found = (arn: string) => readRecords().find(({ id }) => arn.endsWith(id))!.properties;
    assert.match(String(found(FILES).directory), /^\/aws-backup-restore_[\dTZ-]+$/);
    assert.deepEqual([found(other).tags, found(untagged).tags], [{ Name: "files" }, {}]);
    assert.notEqual(other, FILES);
  });

  it("shows a file system in its region, and turns its replication overwrite protection off and on", () => {
    const copy = record("efs/fileSystem", "fs-2", {
      region: "eu-central-1",
      protection: { replicationOverwrite: "ENABLED" },
    });
    changeRecords((records) => records.push(copy, record("efs/mountTarget", "fsmt-1", { fileSystemId: "fs-2" })));
    const shown = (id: string, more: string) =>
      type(`efs describe-file-systems --file-system-id ${id}${more}`).FileSystems[0];
    const there = " --region eu-central-1";
    assert.equal(shown("fs-2", there).NumberOfMountTargets, 1);
    assert.deepEqual(shown("fs-2", there).FileSystemProtection, { ReplicationOverwriteProtection: "ENABLED" });
    assert.throws(() => shown("fs-2", " --region eu-west-1"), /\(FileSystemNotFound\).*File system 'fs-2' does not/);
    assert.throws(() => shown("fs-2", ""), /You must specify a region/);

    const set = `efs update-file-system-protection --file-system-id fs-2${there} --replication-overwrite-protection`;
    assert.deepEqual(type(`${set} DISABLED`), { ReplicationOverwriteProtection: "DISABLED" });
    assert.deepEqual(shown("fs-2", there).FileSystemProtection, { ReplicationOverwriteProtection: "DISABLED" });
    const replication = { sourceFileSystemId: "fs-1", destination: { fileSystemId: "fs-2" } };
    changeRecords((records) => records.push(record("efs/replicationConfiguration", "fs-1", replication)));
    assert.throws(() => type(`${set} ENABLED`), /^Error: ReplicationAlreadyExists/);
  });

  it("copies a file system to another one, which is nobody else's to write to until that ends", () => {
    const files = (id: string, region: string, replicationOverwrite: string) =>
      record("efs/fileSystem", id, { region, encrypted: true, protection: { replicationOverwrite } });
    changeRecords((records) =>
      records.push(files("fs-3", "eu-west-1", "ENABLED"), files("fs-4", "eu-central-1", "ENABLED")),
    );
    const protection = () => readRecords().find(({ id }) => id === "fs-4")!.properties.protection;
    const begin = (destinations: string) =>
      type(
        `efs create-replication-configuration --source-file-system-id fs-3 --region eu-west-1 --destinations ${destinations}`,
      );
    const there = "Region=eu-central-1,FileSystemId=fs-4";
    assert.throws(() => begin(there), /^Error: BadRequest: .*overwrite protection must be disabled/);
    assert.throws(() => begin("Region=eu-west-1,FileSystemId=fs-4"), /File system 'fs-4' does not exist/);
    changeRecords((records) => {
      records.find(({ id }) => id === "fs-4")!.properties.protection = { replicationOverwrite: "DISABLED" };
    });
    const [destination] = begin(there).Destinations;
    assert.deepEqual(destination, { Status: "ENABLED", FileSystemId: "fs-4", Region: "eu-central-1" });
    assert.deepEqual(protection(), { replicationOverwrite: "REPLICATING" });

    const shown = (id: string, region: string) =>
      type(`efs describe-replication-configurations --file-system-id ${id} --region ${region}`).Replications[0];
    assert.deepEqual(shown("fs-3", "eu-west-1"), shown("fs-4", "eu-central-1"));
    assert.throws(() => shown("fs-1", "eu-west-1"), /\(ReplicationNotFound\)/);
    const end = (id: string, region = "eu-central-1", mode = "ALL_CONFIGURATIONS") =>
      type(
        `efs delete-replication-configuration --source-file-system-id ${id} --region ${region} --deletion-mode ${mode}`,
      );
    assert.throws(() => end("fs-4"), /\(ReplicationNotFound\).*fs-4 is no source/);
    assert.throws(() => end("fs-3", "us-east-1"), /\(ReplicationNotFound\)/);
    assert.throws(() => end("fs-3", "eu-central-1", "LOCAL_CONFIGURATION_ONLY"), /doesn't end one side only/);
    assert.equal(end("fs-3"), "");
    assert.deepEqual(protection(), { replicationOverwrite: "ENABLED" });
    assert.throws(() => shown("fs-3", "eu-west-1"), /\(ReplicationNotFound\)/);
  });

  const wrong: [string, () => unknown, RegExp][] = [
    [
      "a flag that the CLI hasn't",
      () => type("ec2 describe-snapshots --snapshot-ids s --ids t"),
      /Unknown option '--ids'/,
    ],
    [
      "a missing flag",
      () => type("backup start-backup-job"),
      /arguments are required: --backup-vault-name, --resource-arn/,
    ],
    [
      "a job that there isn't",
      () => type("backup describe-restore-job --restore-job-id x"),
      /ResourceNotFound.*DescribeR/,
    ],
    ["a snapshot that there isn't", () => type("ec2 describe-snapshots --snapshot-ids s"), /InvalidSnapshot.NotFound/],
    ["tags of another form", () => type("ec2 create-tags --resources vol-1 --tags a=b"), /expected Key=…,Value=…/],
    ["tags on nothing", () => type("ec2 create-tags --resources x --tags Key=a,Value=b"), /\(InvalidID\)/],
    ["a backup of nothing", () => backUp(`${VOLUME}2`), /no resource arn.*vol-12/],
    ["a restore of nothing", () => restore("arn:x", `${METADATA}false`), /No recovery point arn:x/],
    [
      "too little metadata",
      () => restore(backUp(FILES).RecoveryPointArn, "file-system-id=fs-1"),
      /lacks Encrypted, Perf/,
    ],
    [
      "a restore into nothing",
      () => restore(backUp(FILES).RecoveryPointArn, METADATA.replace("fs-1", "fs-2") + "false"),
      /no file system fs-2/,
    ],
    [
      "a disk to be restored",
      () => restore(backUp(VOLUME).RecoveryPointArn, "a=b"),
      /disks are restored from their snapshots/,
    ],
  ];
  for (const [what, typed, refused] of wrong) it(`refuses ${what}`, () => void assert.throws(typed, refused));

  it("refuses a vault that isn't there, and retention that its lock refuses", () => {
    changeRecords((records) =>
      records.push(record("backup/vaultLockConfiguration", "v", { backupVaultName: "v", minRetentionDays: 7 })),
    );
    assert.throws(
      () => backUp(FILES, " --lifecycle DeleteAfterDays=6"),
      /InvalidRequestException: Retention is outside/,
    );
    backUp(FILES, " --lifecycle DeleteAfterDays=7");
    forget("v");
    assert.throws(() => backUp(FILES), /There is no vault v/);
  });

  it("acts as a role that AWS Backup may take and that has AWS's policies, or not at all", () => {
    const { RecoveryPointArn } = backUp(FILES);
    forget("AWSBackupServiceRolePolicyForRestores");
    assert.throws(() => restore(RecoveryPointArn, `${METADATA}false`), /AccessDenied.*lacks AWSBackup.*ForRestores/);
    forget("AWSBackupServiceRolePolicyForBackup");
    assert.throws(() => backUp(FILES), /AccessDenied.*lacks AWSBackup.*ForBackup/);
  });
});
