import assert from "node:assert/strict";
import type { AwsRecord } from "../../local/aws/records";
import { effects } from "./living/livingStack";
import { changes, LocalStack } from "./localStack";

const topic = (name: string) => `arn:aws:sns:eu-west-1:777701019999:${name}`;
const COMPLIANCE = ["backupLock=compliance", "backupComplianceConfirmation=irrevocable"];

describe("prod, with a key of the account's, alarms and backups", function () {
  this.timeout("5m");
  const prod = new LocalStack("prod");
  const options = ["encryptionKey=customer", "ebsIops=6000", "ebsThroughputInMibps=500"];
  let config = [...options, `alarmTopicArn=${topic("storage")}`];

  const records = (type: string): AwsRecord[] =>
    prod.awsRecords().filter((record) => record.type.startsWith(`aws:${type}:`));
  const only = (type: string) => {
    const [record, ...others] = records(type);
    assert.ok(record && others.length === 0, `${type}: ${others.length + (record ? 1 : 0)}`);
    return record;
  };
  const refused = (pairs: string[], why: RegExp) => assert.rejects(prod.preview(...config, ...pairs), why);

  before(() => {
    prod.savesAll = true;
    return prod.start();
  });
  after(() => prod.stop());

  it("shows at a first preview every resource that up then makes", async () => {
    const own = (steps: Record<string, string>) => Object.keys(effects(steps)).filter((key) => !/prod-eks/.test(key));
    const previewed = await prod.preview(...config);
    assert.deepEqual(own(previewed).sort(), own(await prod.up(...config)).sort());
  });

  it("has a pod of each workload in more than one zone", () => {
    const zones = new Map<string, string>(
      prod
        .kubectl("get", "nodes", "--output", "json")
        .items.map(({ metadata }: any) => [metadata.name, metadata.labels["topology.kubernetes.io/zone"]]),
    );
    assert.deepEqual([...new Set(zones.values())].sort(), ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    const { items } = prod.kubectl("get", "pods", "--namespace", "assets", "--output", "json");
    assert.equal(new Set(items.map(({ spec }: any) => zones.get(spec.nodeName))).size, 3);
  });

  it("has the database's disk as it is told, under the account's key, with the tag that its backups select by", async () => {
    const { encryptionKeyArn } = prod.outputs();
    const { type, iops, throughput, kmsKeyId, tags } = only("ebs/volume").properties as Record<string, any>;
    assert.deepEqual([type, iops, throughput, kmsKeyId], ["gp3", "6000", "500", encryptionKeyArn!.value]);
    const disks = records("backup/selection").find(({ properties }) => properties.name === "disks")!;
    const [{ stringEquals }] = disks.properties.conditions as [{ stringEquals: { key: string; value: string }[] }];
    const [{ key, value }] = stringEquals as [{ key: string; value: string }];
    assert.equal(tags[key.replace("aws:ResourceTag/", "")], value);
  });

  it("keeps backups for 35 days under a lock, which somebody may take off; EFS makes none of its own", () => {
    const { minRetentionDays, changeableForDays } = only("backup/vaultLockConfiguration").properties;
    assert.deepEqual([minRetentionDays, changeableForDays], [35, undefined]);
    assert.deepEqual(only("efs/backupPolicy").properties.backupPolicy, { status: "DISABLED" });
  });

  it("has alarms on its own file system and vault", async () => {
    const { fileSystemId, backupVaultName } = prod.outputs();
    const alarms = records("cloudwatch/metricAlarm").map(({ properties }) => properties as Record<string, any>);
    const watched = alarms.flatMap(({ dimensions, metricQueries = [] }) =>
      [
        dimensions,
        ...metricQueries.map((it: any) => it.metric?.dimensions ?? /WHERE.*/.exec(it.expression)?.[0]),
      ].filter(Boolean),
    );
    assert.equal(alarms.length, 5);
    assert.deepEqual(
      new Set(watched.map((it) => JSON.stringify(it))),
      new Set([
        JSON.stringify({ FileSystemId: fileSystemId!.value }),
        JSON.stringify(`WHERE BackupVaultName = '${backupVaultName!.value}'`),
      ]),
    );
  });

  it("takes a lock that is for ever only by the word for it, and the word only with that lock", async () => {
    await refused(COMPLIANCE.slice(0, 1), /backupComplianceConfirmation must be irrevocable/);
    await refused(COMPLIANCE.slice(1), /backupComplianceConfirmation must be left out/);
    await refused([...COMPLIANCE, "retention=delete", "confirmDeleteInProd=prod"], /backupLock must be/);
  });

  it("then changes what it was told: the lock, how long backups are kept, whom alarms tell, and nothing else", async () => {
    config = [...options, ...COMPLIANCE, "backupRetentionInDays=60", `alarmTopicArn=${topic("others")}`];
    const steps = Object.entries(effects(await prod.up(...config))).map(([key, op]) => `${op} ${key.split(" ")[0]}`);
    assert.deepEqual([...new Set(steps)].sort(), [
      "replace aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "update aws:backup/plan:Plan",
      "update aws:cloudwatch/metricAlarm:MetricAlarm",
    ]);
    const { minRetentionDays, changeableForDays } = only("backup/vaultLockConfiguration").properties;
    assert.deepEqual([minRetentionDays, changeableForDays], [60, 14]);
    for (const { properties } of records("cloudwatch/metricAlarm")) {
      assert.deepEqual([properties.alarmActions, properties.okActions], [[topic("others")], [topic("others")]]);
    }
  });

  it("refuses to be destroyed before anything is deleted", async () => {
    const before = prod.awsTypes();
    await assert.rejects(prod.destroy(...config), /protected/);
    assert.deepEqual(prod.awsTypes(), before);
    // A provider without resources that depend on it is only the engine's own record: nothing outside was touched.
    const fixed = Object.keys(changes(await prod.up(...config)));
    assert.deepEqual(
      fixed.filter((key) => !key.startsWith("pulumi:providers:")),
      [],
    );
  });

  it("keeps files, disk and backups, each with its key, when it is released and destroyed, and no alarm", async () => {
    await prod.up(...config, "retention=release");
    await prod.destroy(...config, "retention=release");
    assert.deepEqual(prod.awsTypes(), [
      "aws:backup/vault:Vault",
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:ebs/volume:Volume",
      "aws:efs/accessPoint:AccessPoint",
      "aws:efs/fileSystem:FileSystem",
      "aws:iam/role:Role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:kms/key:Key",
      "aws:kms/key:Key",
      "aws:ssm/parameter:Parameter",
      "aws:ssm/parameter:Parameter",
    ]);
    const { kmsKeyArn } = only("backup/vault").properties;
    assert.ok(records("kms/key").some(({ properties }) => properties.arn === kmsKeyArn));
  });
});
