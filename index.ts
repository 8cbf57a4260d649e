import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "./components";
import { loadSettings } from "./config";

const project = pulumi.getProject();
const environment = pulumi.getStack();
const settings = loadSettings(new pulumi.Config());
const { region, zones, retention } = settings;
const stackName = `${project}-${environment}`;
const credentialsParameter = settings.keptMysqlCredentials ?? `/${stackName}/catalog-mysql`;
const tags = { ...settings.tags, project, environment };
const bucketNamed = settings.keptBucketName ?? `${stackName}-assets-${settings.accountId}`;
const assetsIdentity = { uid: settings.assetsUid, gid: settings.assetsGid };

// One account per environment: in any other, the provider refuses to do anything.
const awsProvider = new aws.Provider("aws", {
  region: region as aws.Region,
  allowedAccountIds: [settings.accountId],
  defaultTags: { tags },
});
const onAws = { providers: [awsProvider] };

const network = new storage.Network(
  stackName,
  { region, zones, cidrBlock: settings.vpcCidr, natGateways: settings.natGateways },
  onAws,
);

const keyArgs = { alias: stackName, accountId: settings.accountId, retention };
const hasKey = settings.encryptionKey === storage.EncryptionKeyOwner.Customer;
const encryptionKey = hasKey
  ? new storage.EncryptionKey(stackName, { ...keyArgs, importId: settings.keptEncryptionKeyId }, onAws)
  : undefined;

// Storage and cluster don't wait for each other.
const efsSettings = {
  throughputMode: settings.efsThroughputMode,
  provisionedThroughputInMibps: settings.efsProvisionedThroughputInMibps,
  lifecycle: {
    toInfrequentAccess: settings.efsToInfrequentAccess,
    toArchive: settings.efsToArchive,
    backOnAccess: settings.efsBackOnAccess,
  },
};
const fileSystem = new storage.FileSystem(
  stackName,
  {
    vpcId: network.vpcId,
    zones,
    subnetIds: network.privateSubnetIds,
    accessPoints: {
      assets: { path: settings.assetsPath, identity: assetsIdentity, importId: settings.keptAssetsAccessPointId },
    },
    retention,
    importId: settings.keptFileSystemId,
    kmsKeyId: encryptionKey?.keyArn,
    mountAccess: settings.efsMountAccess,
    ...efsSettings,
  },
  onAws,
);
const backups = new storage.Backups(
  stackName,
  {
    vaultName: settings.keptBackupVault ?? stackName,
    accountId: settings.accountId,
    fileSystemId: fileSystem.fileSystemId,
    fileSystemArn: fileSystem.fileSystemArn,
    tagValue: stackName,
    schedule: settings.backupSchedule,
    retentionInDays: settings.backupRetentionInDays,
    lock: settings.backupLock,
    complianceConfirmation: settings.backupComplianceConfirmation,
    retention,
    takeUp: settings.keptBackupVault !== undefined,
    keptKeyId: settings.keptBackupKeyId,
  },
  onAws,
);
const replicaRegion = settings.efsReplicaRegion;
const replicaKey =
  hasKey && replicaRegion
    ? new storage.EncryptionKey(
        `${stackName}-replica`,
        { ...keyArgs, region: replicaRegion, importId: settings.keptReplicaEncryptionKeyId },
        onAws,
      )
    : undefined;
const replica = replicaRegion
  ? new storage.FileSystemReplica(
      `${stackName}-replica`,
      {
        sourceFileSystemId: fileSystem.fileSystemId,
        region: replicaRegion,
        retention,
        kmsKeyId: replicaKey?.keyArn,
        ...efsSettings,
        importId: settings.keptReplicaFileSystemId,
        importSourceId: settings.keptReplicaFileSystemId && settings.keptFileSystemId,
      },
      onAws,
    )
  : undefined;
const bucket =
  settings.assetsStorage === storage.AssetsStorage.S3
    ? new storage.Bucket(
        `${stackName}-assets`,
        {
          bucketName: bucketNamed,
          retention,
          takeUp: settings.keptBucketName !== undefined,
          kmsKeyArn: encryptionKey?.keyArn,
        },
        onAws,
      )
    : undefined;
if (settings.alarmTopicArn !== undefined) {
  new storage.Alarms(
    stackName,
    {
      topicArn: settings.alarmTopicArn,
      fileSystemId: fileSystem.fileSystemId,
      throughputMode: settings.efsThroughputMode,
      backupVaultName: backups.vaultName,
    },
    onAws,
  );
}
const cluster = new storage.Cluster(
  stackName,
  {
    clusterName: stackName,
    kubernetesVersion: settings.kubernetesVersion,
    vpcId: network.vpcId,
    zones,
    controlPlaneZones: settings.controlPlaneZones,
    privateSubnetIds: network.privateSubnetIds,
    apiAccess: settings.apiAccess,
    apiAccessCidrs: settings.apiAccessCidrs,
    accessEntries: storage.accessEntriesOf(settings.administrators, settings.viewers),
    addonVersions: {
      vpcCni: settings.vpcCniVersion,
      kubeProxy: settings.kubeProxyVersion,
      coredns: settings.corednsVersion,
      podIdentityAgent: settings.podIdentityAgentVersion,
    },
    instanceTypes: settings.instanceTypes,
    nodesPerZone: settings.nodesPerZone,
    tags,
    retention,
  },
  { ...onAws, dependsOn: [network] },
);
const mounting = new storage.FileSystemClients(
  stackName,
  { securityGroupId: fileSystem.securityGroupId, clients: { nodes: cluster.nodeSecurityGroupId } },
  onAws,
);

// The identifier is known while the kubeconfig isn't: without it every object in the cluster would be replaced.
const kubernetesProvider = new kubernetes.Provider("kubernetes", {
  kubeconfig: cluster.kubeconfig,
  clusterIdentifier: stackName,
  enableServerSideApply: true,
});
const inCluster = { providers: [awsProvider, kubernetesProvider] };

const driver = (
  kind: storage.CsiDriverKind,
  version: string,
  dependsOn: pulumi.Resource[],
  more: Partial<storage.CsiDriverArgs> = {},
) =>
  new storage.CsiDriver(
    `${kind}-csi`,
    {
      kind,
      version,
      region,
      clusterName: cluster.clusterName,
      kubeconfig: cluster.kubeconfig,
      drainTimeoutInMinutes: settings.drainTimeoutInMinutes,
      ...more,
    },
    { ...inCluster, dependsOn },
  );
// While its drain waits, somebody's pods may still use the file system: it goes after the driver.
const efsDriver = driver(storage.CsiDriverKind.Efs, settings.efsCsiDriverVersion, [cluster, fileSystem, mounting]);
const snapshots = new storage.SnapshotController(
  "snapshot-controller",
  { clusterName: cluster.clusterName, version: settings.snapshotControllerVersion },
  { ...onAws, dependsOn: [cluster] },
);
const ebsDriver = driver(storage.CsiDriverKind.Ebs, settings.ebsCsiDriverVersion, [cluster, snapshots], {
  tags,
  kmsKeyArn: encryptionKey?.keyArn,
});

const s3Driver =
  bucket &&
  driver(storage.CsiDriverKind.S3, settings.s3CsiDriverVersion, [cluster, bucket], {
    bucketArns: { assets: bucket.bucketArn },
    kmsKeyArn: encryptionKey?.keyArn,
  });

const reclaimPolicy = storage.reclaimPolicyOf(retention);
const efsClass = new storage.EfsStorageClass(
  "efs",
  {
    className: "efs",
    fileSystemId: fileSystem.fileSystemId,
    identity: assetsIdentity,
    reclaimPolicy,
    mountAccess: settings.efsMountAccess,
  },
  { ...inCluster, dependsOn: [efsDriver, fileSystem, mounting] },
);
const ebsClass = new storage.EbsStorageClass(
  "ebs",
  {
    className: "ebs",
    isDefault: true,
    reclaimPolicy,
    iops: settings.ebsIops,
    throughputInMibps: settings.ebsThroughputInMibps,
    kmsKeyId: encryptionKey?.keyArn,
    tags: { [storage.BACKUP_TAG]: stackName },
  },
  { ...inCluster, dependsOn: [ebsDriver] },
);
const ebsSnapshotClass = new storage.EbsSnapshotClass(
  "ebs",
  { className: "ebs", isDefault: true, deletionPolicy: reclaimPolicy },
  { ...inCluster, dependsOn: [ebsDriver] },
);

const isDynamic = settings.assetsProvisioning === storage.AssetsProvisioning.Dynamic;
const imagesOn = bucket
  ? { s3: { bucketName: bucketNamed, region } }
  : isDynamic
    ? { efsClass: { storageClassName: "efs" } }
    : {
        efs: {
          fileSystemId: fileSystem.fileSystemId,
          accessPointId: fileSystem.accessPointIds["assets"]!,
          path: settings.assetsPath,
          mountAccess: settings.efsMountAccess,
        },
      };
const assets = new storage.Assets(
  "assets",
  {
    image: settings.assetsImage,
    replicas: settings.assetsReplicas,
    identity: assetsIdentity,
    ...imagesOn,
  },
  {
    ...inCluster,
    dependsOn: s3Driver ? [s3Driver] : isDynamic ? [efsClass] : [efsDriver, fileSystem, mounting],
  },
);
const catalog = new storage.Catalog(
  "catalog",
  {
    image: settings.catalogImage,
    replicas: settings.catalogReplicas,
    mysqlImage: settings.mysqlImage,
    storageClassName: "ebs",
    storage: settings.mysqlStorage,
    databaseZone: settings.mysqlZone,
    retention,
    credentialsParameter,
    takeUpCredentials: settings.keptMysqlCredentials !== undefined,
    snapshotId: settings.mysqlSnapshotId,
    keptDisk: storage.keptDiskOf(settings.keptMysqlVolumeId, settings.keptMysqlZone),
  },
  { ...inCluster, dependsOn: [ebsClass] },
);

// It depends on everything, so a destroy comes to it first: where that is refused, nothing else is touched.
new storage.DeletionProtection(
  stackName,
  {
    retention,
    configuration: {
      ...(encryptionKey ? { keptEncryptionKeyId: encryptionKey.keyId } : {}),
      ...(replicaKey ? { keptReplicaEncryptionKeyId: replicaKey.keyId } : {}),
      ...(replica ? { keptReplicaFileSystemId: replica.fileSystemId } : {}),
      keptFileSystemId: fileSystem.fileSystemId,
      keptAssetsAccessPointId: fileSystem.accessPointIds["assets"]!,
      keptMysqlCredentials: credentialsParameter,
      keptBackupVault: backups.vaultName,
      keptBackupKeyId: backups.keyId,
      ...(bucket ? { keptBucketName: bucketNamed } : {}),
    },
    claim: {
      namespace: "catalog",
      name: catalog.claimName,
      volumeKey: "keptMysqlVolumeId",
      zoneKey: "keptMysqlZone",
    },
    kubeconfig: cluster.kubeconfig,
  },
  {
    dependsOn: [
      network,
      ...[encryptionKey, replicaKey, replica, bucket, s3Driver].filter((it) => it !== undefined),
      fileSystem,
      backups,
      cluster,
      mounting,
      efsDriver,
      snapshots,
      ebsDriver,
      efsClass,
      ebsClass,
      ebsSnapshotClass,
      assets,
      catalog,
    ],
  },
);

/** Absent where AWS's own keys encrypt. */
export const encryptionKeyArn = encryptionKey?.keyArn;
/** Absent where there is no copy in another region. */
export const replicaFileSystemId = replica?.fileSystemId;
export const fileSystemId = fileSystem.fileSystemId;
export const fileSystemArn = fileSystem.fileSystemArn;
export const accessPointIds = fileSystem.accessPointIds;
// Empty where the images are not in S3.
export const bucketName = bucket ? bucket.bucketName : "";
export const pvcNames = { assets: assets.claimName, catalog: catalog.claimName };
export const storageClassNames = { efs: efsClass.className, ebs: ebsClass.className };
export const backupVaultName = backups.vaultName;
/** What AWS Backup backs up and restores as: docs/restore.md. */
export const backupRoleArn = backups.roleArn;
export const clusterName = cluster.clusterName;
export const addonVersions = {
  efs: efsDriver.addonVersion,
  ebs: ebsDriver.addonVersion,
  s3: s3Driver?.addonVersion,
  snapshots: snapshots.addonVersion,
};
export const kubeconfig = cluster.kubeconfig;
export const commands = {
  kubeconfig: `aws eks update-kubeconfig --name ${stackName} --region ${region}`,
  claims: "kubectl get pvc --all-namespaces",
};
