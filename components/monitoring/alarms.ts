import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import type { Violation } from "../checks/violations";
import { ThroughputMode } from "../efs/fileSystemSettings";
import { validateTopic } from "./topic";
import { typeTokens } from "../typeTokens";

export interface AlarmsArgs {
  /**
   * ARN of the standard SNS topic that is notified when an alarm begins and when it ends. It must be in the stack's region.
   * If it is encrypted, its key must let CloudWatch use it.
   */
  topicArn: pulumi.Input<string>;
  /** Id of the EFS file system that is watched, `fs-…`. */
  fileSystemId: pulumi.Input<string>;
  /**
   * The file system's throughput mode. With `bursting`, an alarm watches its burst credits. Plain. Default: not known, and
   * the credits are watched.
   */
  throughputMode?: ThroughputMode;
  /** Whether clients should always be connected to the file system: then an alarm reports that none is. Plain. Default: true. */
  hasClients?: boolean;
  /** Name of the vault whose backup jobs are watched. */
  backupVaultName: pulumi.Input<string>;
  /**
   * The cluster whose volumes and root disks are watched, by name. It must have {@link ContainerInsights} and at least one
   * volume. Whether it is given is plain. Default: no disks are watched.
   */
  clusterName?: pulumi.Input<string>;
}

const EFS = "AWS/EFS";
/** Credits for three hours at 100 MiB/s, which a small file system may burst to: https://docs.aws.amazon.com/efs/latest/ug/performance.html#bursting */
const THREE_HOURS_OF_BURST = 3 * 3600 * 100 * 1024 ** 2;

/** Attributes of a metric's source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-PromQL-Querying.html */
const CLUSTER = "@resource.k8s.cluster.name";
const CLAIM = `"@resource.k8s.namespace.name", "@resource.k8s.persistentvolumeclaim.name"`;
/** Root disks of nodes, as the node exporter reports them. */
const NODE = { available: "node_filesystem_avail_bytes", size: "node_filesystem_size_bytes", of: `mountpoint="/"` };
/** Volumes with a claim, as the kubelet reports them to the agent's receiver `kubeletstats`. */
const VOLUME = {
  available: "k8s.volume.available",
  size: "k8s.volume.capacity",
  of: `"@resource.k8s.volume.type"="persistentVolumeClaim"`,
};

type AlarmArgs = Omit<aws.cloudwatch.MetricAlarmArgs, "alarmActions" | "okActions">;

/**
 * CloudWatch alarms about a stack's storage, which notify an SNS topic. It makes one `aws.cloudwatch.MetricAlarm` for each:
 *
 * - EFS: more than 80 % of the permitted throughput, or more than 95 % of the operations that general purpose mode allows,
 *   for 15 minutes; no client for 15 minutes (`hasClients`); burst credits for less than three hours (`throughputMode`);
 * - volumes and root disks, with `clusterName`: less than 15 % free for 15 minutes; nothing reported for an hour;
 * - AWS Backup: a job failed, or didn't start in time.
 *
 * docs/operations.md explains each. EFS's metrics are free, and an alarm costs about 0.10 USD a month
 * (https://aws.amazon.com/cloudwatch/pricing/).
 *
 * Use one in each stack that has a {@link FileSystem} and {@link Backups}.
 *
 * @throws pulumi.RunError for a `topicArn` that isn't the ARN of a standard topic.
 */
export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("Alarms", name, args, () => validate(args));
    super(typeTokens.Alarms, name, {}, opts);
    const alarm = (what: string, alarm: AlarmArgs) =>
      new aws.cloudwatch.MetricAlarm(
        `${name}-${what}`,
        { ...alarm, alarmActions: [args.topicArn], okActions: [args.topicArn] },
        { parent: this },
      );
    const ofFileSystem = { FileSystemId: args.fileSystemId };
    // https://docs.aws.amazon.com/efs/latest/ug/efs-metrics.html has every metric of EFS.
    const metric = (metricName: string, stat: string) => ({
      metric: { namespace: EFS, metricName, dimensions: ofFileSystem, stat, period: 300 },
    });

    alarm("efs-throughput", {
      alarmDescription:
        "EFS: for 15 minutes more than 80 % of the permitted throughput was used. Clients are slowed down.",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
      evaluationPeriods: 3,
      // EFS reports nothing while nothing is read or written.
      treatMissingData: "notBreaching",
      metricQueries: [
        { id: "metered", ...metric("MeteredIOBytes", "Sum") },
        { id: "permitted", ...metric("PermittedThroughput", "Average") },
        {
          id: "used",
          // As EFS documents it: https://docs.aws.amazon.com/efs/latest/ug/monitoring-metric-math.html
          expression: "(metered / PERIOD(metered)) * 100 / permitted",
          label: "% of permitted throughput",
          returnData: true,
        },
      ],
    });
    alarm("efs-io-limit", {
      alarmDescription: "EFS: for 15 minutes at more than 95 % of the operations that general purpose mode allows.",
      namespace: EFS,
      metricName: "PercentIOLimit",
      dimensions: ofFileSystem,
      statistic: "Maximum",
      period: 300,
      evaluationPeriods: 3,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 95,
      treatMissingData: "notBreaching",
    });
    if (args.hasClients ?? true) {
      alarm("efs-connections", {
        alarmDescription:
          "EFS: for 15 minutes no client was connected. Pods can't reach their files, or there are none.",
        namespace: EFS,
        metricName: "ClientConnections",
        dimensions: ofFileSystem,
        statistic: "Sum",
        period: 300,
        evaluationPeriods: 3,
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        // EFS reports nothing about a file system without clients.
        treatMissingData: "breaching",
      });
    }
    if (args.throughputMode === undefined || args.throughputMode === ThroughputMode.Bursting) {
      alarm("efs-burst-credits", {
        alarmDescription:
          "EFS: credits for less than three hours of bursting are left. Then the size decides how fast it is.",
        namespace: EFS,
        metricName: "BurstCreditBalance",
        dimensions: ofFileSystem,
        statistic: "Minimum",
        period: 300,
        evaluationPeriods: 3,
        comparisonOperator: "LessThanThreshold",
        threshold: THREE_HOURS_OF_BURST,
        treatMissingData: "missing",
      });
    }
    if (args.clusterName !== undefined) {
      const { clusterName } = args;
      const series = (name: string, of: string) =>
        pulumi.interpolate`{__name__="${name}","${CLUSTER}"="${clusterName}",${of}}`;
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-promql.html: the alarm reports each series that the query finds.
      const found = (what: string, alarmDescription: string, query: pulumi.Output<string>, pendingPeriod: number) =>
        alarm(what, {
          alarmDescription,
          evaluationInterval: 300,
          evaluationCriteria: { promqlCriteria: { query, pendingPeriod, recoveryPeriod: 900 } },
        });
      const nodes = [series(NODE.available, NODE.of), series(NODE.size, NODE.of)] as const;
      const volumes = [series(VOLUME.available, VOLUME.of), series(VOLUME.size, VOLUME.of)] as const;
      found(
        "node-disks",
        "Root disks of nodes with less than 15 % free for 15 minutes.",
        pulumi.interpolate`100 * ${nodes[0]} / ${nodes[1]} < 15`,
        900,
      );
      found(
        "volumes",
        "Volumes with less than 15 % free for 15 minutes; k8s.persistentvolumeclaim.name names the claim.",
        // A claim that is mounted on several nodes is one volume.
        pulumi.interpolate`100 * min by (${CLAIM}) (${volumes[0]}) / min by (${CLAIM}) (${volumes[1]}) < 15`,
        900,
      );
      found(
        "disks-unseen",
        "For an hour nothing told how full volumes, or root disks, are. The two alarms on them can't go off.",
        pulumi.interpolate`absent(${volumes[1]}) or absent(${nodes[1]})`,
        // A first `up` makes the alarms long before the nodes.
        3600,
      );
    }
    // Expired: not begun within its window. https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    for (const [what, metricName] of [
      ["backup-failed", "NumberOfBackupJobsFailed"],
      ["backup-expired", "NumberOfBackupJobsExpired"],
    ] as const) {
      alarm(what, {
        alarmDescription: `AWS Backup: ${metricName} of the vault. aws backup list-backup-jobs tells why.`,
        metricQueries: [
          {
            id: "jobs",
            // AWS reports by vault and kind of resource. This query takes every kind, which an alarm by dimensions can't.
            // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Metrics_Insights_Alarm.html
            expression: pulumi.interpolate`SELECT SUM(${metricName}) FROM "AWS/Backup" WHERE BackupVaultName = '${args.backupVaultName}'`,
            period: 3600,
            label: metricName,
            returnData: true,
          },
        ],
        evaluationPeriods: 1,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        // No job at that hour is no failure.
        treatMissingData: "notBreaching",
      });
    }
    this.registerOutputs({});
  }
}

function validate({ topicArn }: AlarmsArgs): Violation[] {
  return validateTopic(known(topicArn));
}
