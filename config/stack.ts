import type * as aws from "@pulumi/aws";
import { CsiDriverKind } from "../components/csi/csiDriverKind";
import { partitionOf } from "../components/partitions";
import { nodeLoad } from "../components/workloads/nodeLoad";
import { accessEntriesOf } from "./accessEntries";
import { type Choices, choose, madeAddons, madeInCluster, nextCommands } from "./choices";
import type { Key, Settings } from "./keys";

/** The arguments of each component, as far as they are known before anything is made; `undefined` for one that isn't made. */
export type Stack = ReturnType<typeof describeStack>;

/** A stack's configuration as names, and arguments by component. Pure: a spec asks it without an engine. */
export function describeStack(settings: Settings, project: string, environment: string) {
  const { region, retention, accountId, assumeRoleArn } = settings;
  const choices = choose(settings, project, environment);
  const { name, tags, clusterName, bucketName, credentialsParameter, imagesOnS3 } = choices;
  const { adopted, assetsName, replicaName } = choices;
  return {
    ...{ name, tags, region, retention, clusterName, credentialsParameter, adopted },
    ...{ assetsName, replicaName },
    bucketName: when(imagesOnS3, bucketName),
    // In any other account the provider refuses to do anything.
    provider: {
      region: region as aws.Region,
      allowedAccountIds: [accountId],
      defaultTags: { tags },
      ...(assumeRoleArn === undefined ? {} : { assumeRoles: [{ roleArn: assumeRoleArn }] }),
    },
    ...networkArgs(settings, choices),
    ...keyArgs(settings, choices),
    ...fileSystemArgs(settings, choices),
    bucket: when(imagesOnS3 && settings.existingBucketName === undefined, {
      bucketName,
      retention,
      adopt: settings.adoptBucketName !== undefined,
      argumentNames: named({ bucketName: "adoptBucketName" }),
    }),
    existingBucket: when(imagesOnS3 && settings.existingBucketName !== undefined, {
      bucketName,
      region,
      argumentNames: named({ bucketName: "existingBucketName" }),
    }),
    ...safekeepingArgs(settings, choices),
    ...clusterArgs(settings, choices),
    drivers: driverArgs(settings, choices),
    ...classArgs(settings, choices),
    ...workloadArgs(settings, choices),
    commands: nextCommands(clusterName, region, assumeRoleArn),
  };
}

/** The keys that arguments are configured by. */
const named = (keys: Record<string, Key>): Record<string, string> => keys;

const when = <T>(condition: boolean, args: T): T | undefined => (condition ? args : undefined);

function networkArgs(settings: Settings, { roles }: Choices) {
  const { region, zones, vpcCidr: cidrBlock, natGateways } = settings;
  return {
    network: when(settings.existingVpcId === undefined, { region, zones, cidrBlock, natGateways, roles }),
    existingNetwork: when(settings.existingVpcId !== undefined, {
      zones,
      vpcId: settings.existingVpcId!,
      privateSubnetIds: settings.existingPrivateSubnetIds,
      nodesPerZone: when(settings.existingClusterName === undefined, settings.nodesPerZone),
      argumentNames: named({ vpcId: "existingVpcId", privateSubnetIds: "existingPrivateSubnetIds" }),
    }),
  };
}

function keyArgs(settings: Settings, { name, replicaName, hasCustomerKey }: Choices) {
  const { accountId, retention, existingKeyArn, efsReplicaRegion: region } = settings;
  const common = { accountId, partition: partitionOf(settings.region), retention };
  return {
    existingKey: when(existingKeyArn !== undefined, {
      keyArn: existingKeyArn!,
      argumentNames: named({ keyArn: "existingKeyArn" }),
    }),
    key: when(hasCustomerKey && existingKeyArn === undefined, {
      ...common,
      alias: name,
      adoptId: settings.adoptEncryptionKeyId,
      argumentNames: named({ adoptId: "adoptEncryptionKeyId" }),
    }),
    /** A key doesn't leave its region: the copy's is another one. */
    replicaKey: when(hasCustomerKey && region !== undefined, {
      ...common,
      alias: replicaName,
      region,
      adoptId: settings.adoptReplicaEncryptionKeyId,
      argumentNames: named({ adoptId: "adoptReplicaEncryptionKeyId" }),
    }),
  };
}

function fileSystemArgs(settings: Settings, { fileSystemName, identity, efsSettings }: Choices) {
  const { zones, retention, region, accountId, existingFileSystemId: fileSystemId } = settings;
  const assets = { path: settings.assetsPath, identity, adoptId: settings.adoptAssetsAccessPointId };
  const argumentNames = named({
    adoptId: "adoptFileSystemId",
    "accessPoints.assets.adoptId": "adoptAssetsAccessPointId",
    fileSystemId: "existingFileSystemId",
    securityGroupId: "existingFileSystemSecurityGroupId",
  });
  const common = { fileSystemName, zones, retention, accessPoints: { assets }, argumentNames };
  return {
    fileSystem: when(fileSystemId === undefined, {
      ...common,
      ...efsSettings,
      adoptId: settings.adoptFileSystemId,
      mountAccess: settings.efsMountAccess,
    }),
    existingFileSystem:
      fileSystemId === undefined
        ? undefined
        : {
            ...common,
            fileSystemId,
            securityGroupId: settings.existingFileSystemSecurityGroupId,
            // Mount targets that are there must be in it, which can be looked at where it is known now.
            ...(settings.existingVpcId && { vpcId: settings.existingVpcId }),
            region,
            accountId,
          },
  };
}

/** A copy elsewhere, backups, and alarms. */
function safekeepingArgs(settings: Settings, { name, clusterName, imagesOnS3, efsSettings, roles }: Choices) {
  const { retention, efsReplicaRegion, alarmTopicArn, existingFileSystemId } = settings;
  return {
    replica:
      efsReplicaRegion === undefined
        ? undefined
        : {
            ...efsSettings,
            region: efsReplicaRegion,
            retention,
            adoptId: settings.adoptReplicaFileSystemId,
            adoptSourceId: settings.adoptReplicaFileSystemId && settings.adoptFileSystemId,
            argumentNames: named({ adoptId: "adoptReplicaFileSystemId", adoptSourceId: "adoptFileSystemId" }),
          },
    backups: {
      vaultName: settings.adoptBackupVault ?? name,
      accountId: settings.accountId,
      partition: partitionOf(settings.region),
      tagValue: name,
      schedule: settings.backupSchedule,
      retentionInDays: settings.backupRetentionInDays,
      lock: settings.backupLock,
      complianceConfirmation: settings.backupComplianceConfirmation,
      retention,
      adopt: settings.adoptBackupVault !== undefined,
      adoptKeyId: settings.adoptBackupKeyId,
      adoptRole: settings.adoptBackupRole,
      roles,
      argumentNames: named({
        vaultName: "adoptBackupVault",
        adoptKeyId: "adoptBackupKeyId",
        adoptRole: "adoptBackupRole",
      }),
    },
    alarms:
      alarmTopicArn === undefined
        ? undefined
        : {
            topicArn: alarmTopicArn,
            // An existing file system's isn't known.
            throughputMode: when(existingFileSystemId === undefined, settings.efsThroughputMode),
            // Only the assets' pods are known to mount it.
            hasClients: !imagesOnS3,
            clusterName: settings.containerInsightsVersion && clusterName,
          },
  };
}

function clusterArgs(settings: Settings, { name, tags, roles }: Choices) {
  const { region, zones, retention, existingClusterName, existingVpcId, containerInsightsVersion } = settings;
  const { assumeRoleArn } = settings;
  return {
    cluster: when(existingClusterName === undefined, {
      clusterName: name,
      kubernetesVersion: settings.kubernetesVersion,
      zones,
      controlPlaneZones: settings.controlPlaneZones,
      apiAccess: settings.apiAccess,
      apiAccessCidrs: settings.apiAccessCidrs,
      accessEntries: accessEntriesOf(settings.administrators, settings.viewers),
      argumentNames: named({
        accessEntries: "administrators",
        controlPlaneZones: "controlPlaneZones",
        defaultEbsKeyConfirmation: "defaultEbsKeyConfirmation",
        instanceTypes: "instanceTypes",
        kubernetesVersion: "kubernetesVersion",
        zones: "zones",
      }),
      addonVersions: {
        vpcCni: settings.vpcCniVersion,
        kubeProxy: settings.kubeProxyVersion,
        coredns: settings.corednsVersion,
        podIdentityAgent: settings.podIdentityAgentVersion,
      },
      instanceTypes: settings.instanceTypes,
      nodesPerZone: settings.nodesPerZone,
      load: nodeLoad({ assets: settings.assetsReplicas, catalog: settings.catalogReplicas }),
      defaultEbsKeyConfirmation: settings.defaultEbsKeyConfirmation,
      tags,
      assumeRoleArn,
      roles,
      retention,
    }),
    existingCluster: when(existingClusterName !== undefined, {
      clusterName: existingClusterName!,
      region,
      assumeRoleArn,
      vpcId: existingVpcId!,
      zones,
      makes: madeInCluster(settings),
      addonNames: madeAddons(settings),
      argumentNames: named({ clusterName: "existingClusterName", vpcId: "existingVpcId" }),
    }),
    insights: containerInsightsVersion === undefined ? undefined : { region, version: containerInsightsVersion, roles },
  };
}

function driverArgs(settings: Settings, { tags, imagesOnS3, roles }: Choices) {
  const { region, accountId, drainTimeoutInMinutes, mysqlSnapshotId: snapshotId } = settings;
  const { adoptMysqlVolumeId: volumeId } = settings;
  const common = { region, drainTimeoutInMinutes, roles };
  return {
    snapshotController: { version: settings.snapshotControllerVersion },
    efs: { ...common, kind: CsiDriverKind.Efs, version: settings.efsCsiDriverVersion },
    ebs: {
      ...common,
      kind: CsiDriverKind.Ebs,
      version: settings.ebsCsiDriverVersion,
      tags,
      diskSource: when(!!(snapshotId ?? volumeId), { snapshotId, volumeId, accountId }),
    },
    s3: when(imagesOnS3, { ...common, kind: CsiDriverKind.S3, version: settings.s3CsiDriverVersion }),
  };
}

function classArgs(settings: Settings, { name, identity, reclaimPolicy }: Choices) {
  // A cluster has one default class, and an existing one may have its own.
  const isDefault = settings.existingClusterName === undefined;
  return {
    efsClass: { className: "efs", identity, reclaimPolicy, mountAccess: settings.efsMountAccess },
    ebsClass: {
      className: "ebs",
      isDefault,
      reclaimPolicy,
      iops: settings.ebsIops,
      throughputInMibps: settings.ebsThroughputInMibps,
      backupTagValue: name,
    },
    ebsSnapshotClass: { className: "ebs", isDefault, deletionPolicy: reclaimPolicy },
  };
}

function workloadArgs(settings: Settings, choices: Choices) {
  const { name, identity, bucketName, fileSystemName, credentialsParameter, imagesOnS3, imagesOnEfsClass } = choices;
  const { region, retention, existingBucketName, efsMountAccess: mountAccess, assetsPath: path } = settings;
  const { adoptMysqlVolumeId: volumeId, adoptMysqlZone: zone } = settings;
  return {
    assets: { image: settings.assetsImage, replicas: settings.assetsReplicas, identity },
    /** Where the images are: exactly one of the three. */
    images: {
      s3: when(imagesOnS3, { bucketName, region, prefix: existingBucketName && "assets/" }),
      efsClass: when(imagesOnEfsClass, { storageClassName: "efs", fileSystemName }),
      efs: when(!imagesOnS3 && !imagesOnEfsClass, { path, fileSystemName, mountAccess }),
    },
    catalog: {
      image: settings.catalogImage,
      replicas: settings.catalogReplicas,
      mysqlImage: settings.mysqlImage,
      storageClassName: "ebs",
      storage: settings.mysqlStorage,
      databaseZone: settings.mysqlZone,
      retention,
      credentialsParameter,
      adoptCredentials: settings.adoptMysqlCredentials !== undefined,
      snapshotId: settings.mysqlSnapshotId,
      argumentNames: named({
        credentialsParameter: "adoptMysqlCredentials",
        "adoptDisk.volumeId": "adoptMysqlVolumeId",
        "adoptDisk.zone": "adoptMysqlZone",
        snapshotId: "mysqlSnapshotId",
        storage: "mysqlStorage",
      }),
      adoptDisk: volumeId && zone ? { volumeId, zone, backupTagValue: name } : undefined,
    },
  };
}
