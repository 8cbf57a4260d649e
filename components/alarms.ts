import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Problem, known, refuse } from "./problems";
import { ThroughputMode } from "./fileSystemSettings";
import { types } from "./types";

export interface AlarmsArgs {
  /** The SNS topic that alarms, and their ends, are sent to, by ARN. In the same region; if it is encrypted, then with a key that lets CloudWatch use it. */
  topicArn: pulumi.Input<string>;
  fileSystemId: pulumi.Input<string>;
  /** The file system's, where it is known: with `bursting`, and by default, its credits are watched, too. Plain. */
  throughputMode?: ThroughputMode;
  /** The vault whose backup jobs are watched. */
  backupVaultName: pulumi.Input<string>;
  /**
   * The cluster whose disks are watched, those of its volumes and of its nodes. It must have {@link ContainerInsights}.
   * Whether it is given is plain. Default: no disks.
   */
  clusterName?: pulumi.Input<string>;
}

const EFS = "AWS/EFS";
const BACKUP = "AWS/Backup";
/** Credits for three hours at 100 MiB/s, which a small file system may burst to: https://docs.aws.amazon.com/efs/latest/ug/performance.html#bursting */
const THREE_HOURS_OF_BURST = 3 * 3600 * 100 * 1024 ** 2;

/** As the agent names it: https://github.com/aws-observability/helm-charts, `_otel-container-insights-config.tpl`. */
const CLUSTER_LABEL = "@resource.k8s.cluster.name";
/** A node's root disk, and what the kubelet mounts for pods: the last part but one is the volume's name. */
const MOUNTS = "/|/var/lib/kubelet/pods/.+/volumes/kubernetes[.]io~csi/.+/mount";
/** The node exporter's names. */
const [AVAILABLE, SIZE] = ["node_filesystem_avail_bytes", "node_filesystem_size_bytes"];

type AlarmArgs = Omit<aws.cloudwatch.MetricAlarmArgs, "alarmActions" | "okActions">;

/** What users find out too late, to a topic of theirs. The metrics are free; each alarm costs about 0.10 USD a month. */
export class Alarms extends pulumi.ComponentResource {
  constructor(name: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    refuse("Alarms", name, problems(args));
    super(types.Alarms, name, {}, opts);
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
      // Nobody reads or writes: there is nothing to measure.
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
    alarm("efs-connections", {
      alarmDescription: "EFS: for 15 minutes no client was connected. Pods can't reach their files, or there are none.",
      namespace: EFS,
      metricName: "ClientConnections",
      dimensions: ofFileSystem,
      statistic: "Sum",
      period: 300,
      evaluationPeriods: 3,
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      // EFS reports nothing of a file system that nobody has mounted.
      treatMissingData: "breaching",
    });
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
      const of = pulumi.interpolate`{"${CLUSTER_LABEL}"="${args.clusterName}",mountpoint=~"${MOUNTS}"}`;
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-promql.html: what the query finds is wrong.
      alarm("disks", {
        alarmDescription: "Disks of nodes or volumes with less than 15 % free for 15 minutes; mountpoint names which.",
        evaluationInterval: 300,
        evaluationCriteria: {
          promqlCriteria: {
            query: pulumi.interpolate`100 * ${AVAILABLE}${of} / ${SIZE}${of} < 15`,
            pendingPeriod: 900,
            recoveryPeriod: 900,
          },
        },
      });
    }
    // Expired: not begun within its window, or not deleted in time. https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    for (const [what, metricName] of [
      ["backup-failed", "NumberOfBackupJobsFailed"],
      ["backup-expired", "NumberOfBackupJobsExpired"],
    ] as const) {
      alarm(what, {
        alarmDescription: `AWS Backup: ${metricName} of the vault. aws backup list-backup-jobs tells why.`,
        namespace: BACKUP,
        metricName,
        dimensions: { BackupVaultName: args.backupVaultName },
        statistic: "Sum",
        period: 3600,
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

function problems({ topicArn }: AlarmsArgs): Problem[] {
  const arn = known(topicArn);
  return arn === undefined ? [] : topicProblems("topicArn", arn);
}

/** What is wrong with the ARN of a topic: alarms go to standard topics only here, since order means nothing to them. */
export function topicProblems(argument: string, arn: string): Problem[] {
  if (/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(arn)) return [];
  return [
    {
      argument,
      expected: "the ARN of a standard SNS topic",
      found: arn,
      mend: "aws sns list-topics shows them. CloudWatch needs no subscription, you do: without one nobody is told.",
    },
  ];
}
