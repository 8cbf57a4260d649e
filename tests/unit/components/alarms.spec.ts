import assert from "node:assert/strict";
import { Alarms, type AlarmsArgs, ThroughputMode } from "../../../components";
import { all, one, refused, registered } from "../../support/queries";

const args: AlarmsArgs = {
  topicArn: "arn:aws:sns:eu-west-1:111122223333:storage",
  fileSystemId: "fs-1",
  throughputMode: ThroughputMode.Elastic,
  backupVaultName: "shop-prod",
};
const alarms = (changes: Partial<AlarmsArgs> = {}) => new Alarms("shop", { ...args, ...changes });

describe("Alarms", () => {
  it("tell the topic when something begins and when it is over", async () => {
    const registrations = all(await registered(() => alarms()), "MetricAlarm");
    assert.equal(registrations.length, 5);
    for (const { inputs } of registrations) {
      assert.deepEqual([inputs.alarmActions, inputs.okActions], [[args.topicArn], [args.topicArn]]);
      assert.ok(inputs.alarmDescription);
      assert.ok(inputs.treatMissingData);
    }
  });

  it("watch the file system's throughput as a share of what it may have", async () => {
    const { inputs } = one(await registered(() => alarms()), "MetricAlarm", "shop-efs-throughput");
    const [metered, permitted, used] = inputs.metricQueries;
    assert.deepEqual(metered.metric.dimensions, { FileSystemId: "fs-1" });
    assert.deepEqual([metered.metric.metricName, metered.metric.stat], ["MeteredIOBytes", "Sum"]);
    assert.deepEqual([permitted.metric.metricName, permitted.metric.stat], ["PermittedThroughput", "Average"]);
    assert.deepEqual([used.expression, used.returnData], ["(metered / PERIOD(metered)) * 100 / permitted", true]);
    assert.deepEqual([inputs.comparisonOperator, inputs.threshold], ["GreaterThanThreshold", 80]);
  });

  it("take silence for what it means: nobody connected, no backup failed", async () => {
    const resources = await registered(() => alarms());
    const silence = (name: string) => one(resources, "MetricAlarm", `shop-${name}`).inputs.treatMissingData as string;
    assert.deepEqual(
      ["efs-connections", "efs-throughput", "efs-io-limit", "backup-failed", "backup-expired"].map(silence),
      ["breaching", "notBreaching", "notBreaching", "notBreaching", "notBreaching"],
    );
    const { inputs } = one(resources, "MetricAlarm", "shop-efs-connections");
    assert.deepEqual([inputs.comparisonOperator, inputs.threshold], ["LessThanThreshold", 1]);
  });

  it("watch this vault's jobs, failed and never begun, and no other's", async () => {
    const resources = await registered(() => alarms());
    for (const [name, metric] of [
      ["shop-backup-failed", "NumberOfBackupJobsFailed"],
      ["shop-backup-expired", "NumberOfBackupJobsExpired"],
    ]) {
      const { inputs } = one(resources, "MetricAlarm", name);
      assert.deepEqual([inputs.namespace, inputs.metricName], ["AWS/Backup", metric]);
      assert.deepEqual(inputs.dimensions, { BackupVaultName: "shop-prod" });
      assert.deepEqual([inputs.comparisonOperator, inputs.threshold], ["GreaterThanThreshold", 0]);
    }
  });

  it("watch burst credits where there are any, or may be", async () => {
    const names = async (throughputMode?: ThroughputMode) =>
      all(await registered(() => alarms({ throughputMode })), "MetricAlarm").map(({ name }) => name);
    assert.ok((await names(ThroughputMode.Bursting)).includes("shop-efs-burst-credits"));
    assert.ok((await names()).includes("shop-efs-burst-credits"));
    assert.ok(!(await names(ThroughputMode.Elastic)).includes("shop-efs-burst-credits"));
  });

  it("watch disks of the cluster's nodes and volumes where they are told to, and of no other cluster", async () => {
    const { inputs } = one(await registered(() => alarms({ clusterName: "shop-prod" })), "MetricAlarm", "shop-disks");
    const { query } = inputs.evaluationCriteria.promqlCriteria as { query: string };
    const [, , of, , again, least] = /^100 \* (\w+)(\{.*?\}) \/ (\w+)(\{.*?\}) < (\d+)$/.exec(query)!.values();
    assert.equal(of, again, "or nothing is divided by anything");
    assert.equal(least, "15");
    const [, cluster, mounts] = /^\{"@resource\.k8s\.cluster\.name"="(.+?)",mountpoint=~"(.+)"\}$/.exec(of!)!;
    assert.equal(cluster, "shop-prod");
    // PromQL anchors an expression at both ends.
    const isWatched = (mountpoint: string) => new RegExp(`^(?:${mounts})$`).test(mountpoint);
    const pods = "/var/lib/kubelet/pods/3f2c/volumes";
    assert.ok(isWatched("/") && isWatched(`${pods}/kubernetes.io~csi/pvc-1/mount`));
    assert.ok(!isWatched("/boot/efi") && !isWatched(`${pods}/kubernetes.io~projected/kube-api-access-1`));
  });

  for (const topicArn of ["storage", "arn:aws:sqs:eu-west-1:111122223333:storage", `${args.topicArn as string}.fifo`]) {
    it(`refuses ${topicArn}`, async () => {
      assert.equal(
        await refused(() => alarms({ topicArn })),
        `Alarms "shop" has an argument that can't work:
  - topicArn must be the ARN of a standard SNS topic; it is '${topicArn}'.
    aws sns list-topics shows them. CloudWatch needs no subscription, you do: without one nobody is told.`,
      );
    });
  }
});
