import { Duration, RemovalPolicy, Size, type Stack } from "aws-cdk-lib";
import * as backup from "aws-cdk-lib/aws-backup";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import * as actions from "aws-cdk-lib/aws-cloudwatch-actions";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as efs from "aws-cdk-lib/aws-efs";
import * as events from "aws-cdk-lib/aws-events";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as secrets from "aws-cdk-lib/aws-secretsmanager";
import * as sns from "aws-cdk-lib/aws-sns";
import * as ssm from "aws-cdk-lib/aws-ssm";

/** The file system with its access points, the database's disk, backups of both, and alarms. */
export function storage(stack: Stack, vpc: ec2.Vpc, nodes: ec2.ISecurityGroup, cluster: string): efs.FileSystem {
  const key = new kms.Key(stack, "Data", {
    alias: `alias/${cluster}`,
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const fileSystem = new efs.FileSystem(stack, "Files", {
    vpc,
    kmsKey: key,
    encrypted: true,
    enableAutomaticBackups: false,
    throughputMode: efs.ThroughputMode.ELASTIC,
    lifecyclePolicy: efs.LifecyclePolicy.AFTER_30_DAYS,
    outOfInfrequentAccessPolicy: efs.OutOfInfrequentAccessPolicy.AFTER_1_ACCESS,
    removalPolicy: RemovalPolicy.RETAIN,
    allowAnonymousAccess: true,
  });
  fileSystem.connections.allowDefaultPortFrom(nodes);
  for (const name of ["assets", "uploads", "reports"]) {
    fileSystem.addAccessPoint(name, {
      path: `/${name}`,
      posixUser: { uid: "1000", gid: "1000" },
      createAcl: { ownerUid: "1000", ownerGid: "1000", permissions: "0755" },
    });
  }
  const disk = new ec2.Volume(stack, "Disk", {
    availabilityZone: "eu-west-1a",
    size: Size.gibibytes(20),
    encrypted: true,
    encryptionKey: key,
    volumeType: ec2.EbsDeviceVolumeType.GP3,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  new s3.Bucket(stack, "Images", {
    versioned: true,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey: key,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(30) }],
  });
  for (const name of ["root", "catalog"]) {
    new secrets.Secret(stack, `Password-${name}`, { generateSecretString: { passwordLength: 32 } });
    new ssm.StringParameter(stack, `Parameter-${name}`, {
      parameterName: `/${cluster}/${name}`,
      stringValue: fileSystem.fileSystemId,
    });
  }
  alarms(stack, fileSystem, backups(stack, fileSystem, disk));
  return fileSystem;
}

function backups(stack: Stack, fileSystem: efs.FileSystem, disk: ec2.Volume): backup.BackupVault {
  const vault = new backup.BackupVault(stack, "Vault", {
    encryptionKey: new kms.Key(stack, "BackupKey", { enableKeyRotation: true }),
    lockConfiguration: { minRetention: Duration.days(35) },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const plan = new backup.BackupPlan(stack, "Plan", {
    backupVault: vault,
    backupPlanRules: [
      new backup.BackupPlanRule({
        ruleName: "daily",
        scheduleExpression: events.Schedule.cron({ hour: "3", minute: "0" }),
        deleteAfter: Duration.days(35),
      }),
    ],
  });
  const role = new iam.Role(stack, "BackupRole", { assumedBy: new iam.ServicePrincipal("backup.amazonaws.com") });
  plan.addSelection("files", {
    role,
    resources: [backup.BackupResource.fromEfsFileSystem(fileSystem)],
    allowRestores: true,
  });
  const volume = `arn:aws:ec2:${stack.region}:${stack.account}:volume/${disk.volumeId}`;
  plan.addSelection("disks", { role, resources: [backup.BackupResource.fromArn(volume)], allowRestores: true });
  return vault;
}

function alarms(stack: Stack, { fileSystemId }: efs.FileSystem, { backupVaultName }: backup.BackupVault): void {
  const topic = new sns.Topic(stack, "Alarms");
  const files = { namespace: "AWS/EFS", dimensionsMap: { FileSystemId: fileSystemId } };
  const vault = { namespace: "AWS/Backup", dimensionsMap: { BackupVaultName: backupVaultName } };
  const metrics: Record<string, [metric: cloudwatch.MetricProps, threshold: number]> = {
    PercentIOLimit: [{ ...files, metricName: "PercentIOLimit", statistic: "Maximum" }, 90],
    PermittedThroughput: [{ ...files, metricName: "PermittedThroughput", statistic: "Minimum" }, 1e8],
    ClientConnections: [{ ...files, metricName: "ClientConnections", statistic: "Sum" }, 1000],
    BackupsFailed: [{ ...vault, metricName: "NumberOfBackupJobsFailed", statistic: "Sum" }, 1],
    BackupsExpired: [{ ...vault, metricName: "NumberOfBackupJobsExpired", statistic: "Sum" }, 1],
  };
  for (const [name, [metric, threshold]] of Object.entries(metrics)) {
    const alarm = new cloudwatch.Alarm(stack, name, {
      metric: new cloudwatch.Metric({ ...metric, period: Duration.minutes(5) }),
      threshold,
      evaluationPeriods: 3,
    });
    alarm.addAlarmAction(new actions.SnsAction(topic));
    alarm.addOkAction(new actions.SnsAction(topic));
  }
}
