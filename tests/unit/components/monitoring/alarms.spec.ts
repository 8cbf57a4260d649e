import assert from "node:assert/strict";
import { Alarms, type AlarmsArgs, ThroughputMode } from "../../../../components/index";
import { all, one, refused, registered } from "../../../support/queries";

const args: AlarmsArgs = {
  topicArn: "arn:aws:sns:eu-west-1:111101013333:storage",
  fileSystemId: "fs-11111111",
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
    assert.deepEqual(metered.metric.dimensions, { FileSystemId: "fs-11111111" });
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

  it("miss nobody on a file system that nobody is to mount", async () => {
    const names = async (changes: Partial<AlarmsArgs>) =>
      all(await registered(() => alarms(changes)), "MetricAlarm").map(({ name }) => name);
    const isMissing = (name: string) => name === "shop-efs-connections";
    const [withClients, without] = [await names({}), await names({ hasClients: false })];
    assert.ok(withClients.some(isMissing));
    assert.deepEqual(
      without,
      withClients.filter((name) => !isMissing(name)),
    );
  });

  it("watch this vault's jobs, failed and never begun, of every kind of resource, and no other vault's", async () => {
    const resources = await registered(() => alarms());
    for (const [name, metric] of [
      ["shop-backup-failed", "NumberOfBackupJobsFailed"],
      ["shop-backup-expired", "NumberOfBackupJobsExpired"],
    ]) {
      const { inputs } = one(resources, "MetricAlarm", name);
      const [{ expression, period, returnData }, ...others] = inputs.metricQueries;
      // Without SCHEMA, it takes whatever else the metric is divided by.
      assert.equal(expression, `SELECT SUM(${metric}) FROM "AWS/Backup" WHERE BackupVaultName = 'shop-prod'`);
      assert.deepEqual([period, returnData, others], [3600, true, []]);
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

  const ROOTS = `"@resource.k8s.cluster.name"="shop-prod",mountpoint="/"`;
  const CLAIMED = `"@resource.k8s.cluster.name"="shop-prod","@resource.k8s.volume.type"="persistentVolumeClaim"`;
  const criteria = async (what: string) => {
    const resources = await registered(() => alarms({ clusterName: "shop-prod" }));
    return one(resources, "MetricAlarm", `shop-${what}`).inputs.evaluationCriteria.promqlCriteria as {
      query: string;
      pendingPeriod: number;
    };
  };

  it("watch disks of the cluster's nodes and volumes where they are told to, and of no other cluster", async () => {
    const { query: nodes } = await criteria("node-disks");
    const [available, size] = ["node_filesystem_avail_bytes", "node_filesystem_size_bytes"].map(
      (name) => `{__name__="${name}",${ROOTS}}`,
    );
    assert.equal(nodes, `100 * ${available} / ${size} < 15`);
    const { query: volumes } = await criteria("volumes");
    const by = `min by ("@resource.k8s.namespace.name", "@resource.k8s.persistentvolumeclaim.name")`;
    const [left, whole] = ["available", "capacity"].map((name) => `{__name__="k8s.volume.${name}",${CLAIMED}}`);
    assert.equal(volumes, `100 * ${by} (${left}) / ${by} (${whole}) < 15`);
    const without = all(await registered(() => alarms()), "MetricAlarm").map(({ name }) => name);
    assert.ok(!without.some((name) => /disk|volume/.test(name)));
  });

  it("tell when nothing tells how full disks are, but not while the cluster is made", async () => {
    const { query, pendingPeriod } = await criteria("disks-unseen");
    const volumes = `{__name__="k8s.volume.capacity",${CLAIMED}}`;
    const nodes = `{__name__="node_filesystem_size_bytes",${ROOTS}}`;
    assert.equal(query, `absent(${volumes}) or absent(${nodes})`);
    assert.equal(pendingPeriod, 3600);
    // What is missed is what the other two divide by.
    assert.ok(
      (await criteria("volumes")).query.includes(volumes) && (await criteria("node-disks")).query.includes(nodes),
    );
  });

  for (const topicArn of ["storage", "arn:aws:sqs:eu-west-1:111101013333:storage", `${args.topicArn as string}.fifo`]) {
    it(`refuses ${topicArn}`, async () => {
      assert.equal(
        await refused(() => alarms({ topicArn })),
        `Alarms "shop" has an argument that can't work:
  - topicArn must be the ARN of a standard SNS topic; it is '${topicArn}'.
    aws sns list-topics lists them. Subscribe to the topic, too: without a subscription nobody is notified.`,
      );
    });
  }
});
