import assert from "node:assert/strict";
import { changeAccount, readAccount } from "../../../aws/account";
import { record } from "../../support/apiErrorCases";
import { type } from "../../support/awsCli";
import { daysAgo } from "../../support/awsResources";
import { localCloud } from "../../support/localCloud";
import { trustOfBackups } from "../../support/policies";

const ROLE = "arn:aws:iam::111101013333:role/backup";
const VOLUME = "arn:aws:ec2:eu-west-1:111101013333:volume/vol-11111111";
const FILES = "arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/fs-11111111";
const METADATA =
  "file-system-id=fs-11111111,Encrypted=true,PerformanceMode=generalPurpose,CreationToken=t,newFileSystem=";

const attached = (policy: string) =>
  record("iam/rolePolicyAttachment", policy, {
    role: "backup",
    policyArn: `arn:aws:iam::aws:policy/service-role/${policy}`,
  });

const backUp = (arn: string, more = "") =>
  type(`backup start-backup-job --backup-vault-name v --resource-arn ${arn} --iam-role-arn ${ROLE}${more}`);
const restore = (point: string, metadata: string) =>
  type(`backup start-restore-job --recovery-point-arn ${point} --iam-role-arn ${ROLE} --metadata ${metadata}`);

describe("aws backup", () => {
  const { records } = localCloud();
  beforeEach(() =>
    records(
      record("backup/vault", "v", { name: "v" }),
      record("iam/role", "backup", { arn: ROLE, assumeRolePolicy: trustOfBackups }),
      attached("AWSBackupServiceRolePolicyForBackup"),
      attached("AWSBackupServiceRolePolicyForRestores"),
      record("ebs/volume", "vol-11111111", { size: 20, tags: { "ebs.csi.aws.com/cluster": "true" } }),
      record("efs/fileSystem", "fs-11111111", { arn: FILES, tags: { Name: "files" } }),
    ),
  );

  const forget = (id: string) =>
    changeAccount((account) => account.remove(account.records.find((record) => record.id === id)));

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
    assert.deepEqual([shown().VolumeId, shown().VolumeSize], ["vol-11111111", 20]);
    assert.deepEqual(shown().Tags, [{ Key: "ebs.csi.aws.com/cluster", Value: "true" }]);
    assert.equal(type(`ec2 create-tags --resources ${id} --tags Key=team,Value=web`), "");
    assert.equal(shown().Tags.length, 2);
  });

  it("restores files into a directory of their own, in the same file system or a new one", () => {
    const { RecoveryPointArn } = backUp(FILES);
    assert.match(RecoveryPointArn, /^arn:aws:backup:eu-west-1:111101013333:recovery-point:/);
    const created = (metadata: string) => {
      const { RestoreJobId } = restore(RecoveryPointArn, metadata);
      const job = type(`backup describe-restore-job --restore-job-id ${RestoreJobId}`);
      assert.equal(job.Status, "COMPLETED");
      return job.CreatedResourceArn as string;
    };
    assert.equal(created(`${METADATA}false`), FILES);
    const other = created(`${METADATA}true --copy-source-tags-to-restored-resource`);
    const untagged = created(`${METADATA}true`);
    const found = (arn: string) => readAccount().records.find(({ id }) => arn.endsWith(id))!.properties;
    assert.match(String(found(FILES).directory), /^\/aws-backup-restore_[\dTZ-]+$/);
    assert.deepEqual([found(other).tags, found(untagged).tags], [{ Name: "files" }, {}]);
    assert.notEqual(other, FILES);
  });

  const wrong: [string, () => unknown, RegExp][] = [
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
    ["a backup of nothing", () => backUp(VOLUME.replace(/1$/, "2")), /no resource arn.*vol-11111112/],
    ["a restore of nothing", () => restore("arn:x", `${METADATA}false`), /No recovery point arn:x/],
    [
      "too little metadata",
      () => restore(backUp(FILES).RecoveryPointArn, "file-system-id=fs-11111111"),
      /lacks Encrypted, Perf/,
    ],
    [
      "a restore into nothing",
      () => restore(backUp(FILES).RecoveryPointArn, METADATA.replace("fs-11111111", "fs-22222222") + "false"),
      /no file system fs-22222222/,
    ],
    [
      "a disk to be restored",
      () => restore(backUp(VOLUME).RecoveryPointArn, "a=b"),
      /disks are restored from their snapshots/,
    ],
  ];
  for (const [what, typed, refused] of wrong) it(`refuses ${what}`, () => void assert.throws(typed, refused));

  it("refuses a vault that isn't there, and retention that its lock refuses", () => {
    const lock = { backupVaultName: "v", minRetentionDays: 7 };
    changeAccount((account) => account.add("backup/vaultLockConfiguration", "v", lock));
    assert.throws(
      () => backUp(FILES, " --lifecycle DeleteAfterDays=6"),
      /\(InvalidRequestException\) when calling the StartBackupJob operation: Retention is outside/,
    );
    backUp(FILES, " --lifecycle DeleteAfterDays=7");
    forget("v");
    assert.throws(() => backUp(FILES), /There is no vault v/);
  });

  it("deletes what has had its time, as the role that made it; without that it stays, EXPIRED", () => {
    const { RecoveryPointArn: kept } = backUp(VOLUME);
    const { RecoveryPointArn: old } = backUp(VOLUME, " --lifecycle DeleteAfterDays=7");
    const list = () =>
      type("backup list-recovery-points-by-backup-vault --backup-vault-name v").RecoveryPoints.map(
        ({ RecoveryPointArn, Status }: Record<string, string>) => [RecoveryPointArn, Status],
      );
    const completed = [kept, old].map((arn) => [arn, "COMPLETED"]);
    const agePoints = (days: number) =>
      changeAccount((account) =>
        account.all("backup/recoveryPoint").forEach(({ properties }) => (properties.creationDate = daysAgo(days))),
      );
    agePoints(6);
    assert.deepEqual(list(), completed);
    agePoints(8);
    assert.deepEqual(list(), [[kept, "COMPLETED"]]);
    forget("AWSBackupServiceRolePolicyForBackup");
    assert.deepEqual(list(), [completed[0], [old, "EXPIRED"]]);
  });

  it("acts as a role that AWS Backup may take and that has AWS's policies, or not at all", () => {
    const { RecoveryPointArn } = backUp(FILES);
    forget("AWSBackupServiceRolePolicyForRestores");
    assert.throws(
      () => restore(RecoveryPointArn, `${METADATA}false`),
      /AccessDenied.*may not do elasticfilesystem:Restore/,
    );
    forget("AWSBackupServiceRolePolicyForBackup");
    assert.throws(() => backUp(FILES), /AccessDenied.*may not do elasticfilesystem:Backup/);
  });
});
