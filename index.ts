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
const credentialsParameter = settings.adoptMysqlCredentials ?? `/${stackName}/catalog-mysql`;
const tags = { ...settings.tags, project, environment };
const bucketNamed =
  settings.existingBucketName ?? settings.adoptBucketName ?? `${stackName}-assets-${settings.accountId}`;
const clusterNamed = settings.existingClusterName ?? stackName;
const assetsIdentity = { uid: settings.assetsUid, gid: settings.assetsGid };

// One account per environment: in any other, the provider refuses to do anything.
const awsProvider = new aws.Provider("aws", {
  region: region as aws.Region,
  allowedAccountIds: [settings.accountId],
  defaultTags: { tags },
});
const onAws = { providers: [awsProvider] };

// What exists already is used as it is; docs/existing.md says what is added to it.
const { existingVpcId, existingClusterName, existingFileSystemId, existingBucketName, existingKeyArn } = settings;
const network =
  existingVpcId === undefined
    ? new storage.Network(
        stackName,
        { region, zones, cidrBlock: settings.vpcCidr, natGateways: settings.natGateways },
        onAws,
      )
    : undefined;
const { vpcId, privateSubnetIds } = network ?? {
  vpcId: existingVpcId!,
  privateSubnetIds: settings.existingPrivateSubnetIds,
};

const keyArgs = { alias: stackName, accountId: settings.accountId, retention };
const hasKey = settings.encryptionKey === storage.EncryptionKeyOwner.Customer;
const encryptionKey =
  hasKey && existingKeyArn === undefined
    ? new storage.EncryptionKey(stackName, { ...keyArgs, adoptId: settings.adoptEncryptionKeyId }, onAws)
    : undefined;
const kmsKeyArn = encryptionKey ? encryptionKey.keyArn : existingKeyArn;

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
// Mount targets, volumes and claims of one file system are others than those of the next.
const fileSystemName =
  existingFileSystemId ?? existingKeyArn?.split("/").pop() ?? (hasKey ? "customer-key" : undefined);
const fileSystemArgs = {
  fileSystemName,
  vpcId,
  zones,
  subnetIds: privateSubnetIds,
  accessPoints: {
    assets: { path: settings.assetsPath, identity: assetsIdentity, adoptId: settings.adoptAssetsAccessPointId },
  },
  retention,
};
const ownFileSystem =
  existingFileSystemId === undefined
    ? new storage.FileSystem(
        stackName,
        {
          ...fileSystemArgs,
          adoptId: settings.adoptFileSystemId,
          kmsKeyId: kmsKeyArn,
          mountAccess: settings.efsMountAccess,
          ...efsSettings,
        },
        onAws,
      )
    : undefined;
const fileSystem =
  ownFileSystem ??
  new storage.ExistingFileSystem(
    stackName,
    {
      ...fileSystemArgs,
      fileSystemId: existingFileSystemId!,
      securityGroupId: settings.existingFileSystemSecurityGroupId,
      region,
      accountId: settings.accountId,
    },
    onAws,
  );
const backups = new storage.Backups(
  stackName,
  {
    vaultName: settings.adoptBackupVault ?? stackName,
    accountId: settings.accountId,
    // An existing one's backups are its owner's.
    fileSystem: ownFileSystem && { id: ownFileSystem.fileSystemId, arn: ownFileSystem.fileSystemArn },
    tagValue: stackName,
    schedule: settings.backupSchedule,
    retentionInDays: settings.backupRetentionInDays,
    lock: settings.backupLock,
    complianceConfirmation: settings.backupComplianceConfirmation,
    retention,
    adopt: settings.adoptBackupVault !== undefined,
    adoptKeyId: settings.adoptBackupKeyId,
  },
  onAws,
);
const replicaRegion = settings.efsReplicaRegion;
const replicaKey =
  hasKey && replicaRegion
    ? new storage.EncryptionKey(
        `${stackName}-replica`,
        {
          ...keyArgs,
          alias: `${stackName}-replica`,
          region: replicaRegion,
          adoptId: settings.adoptReplicaEncryptionKeyId,
        },
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
        adoptId: settings.adoptReplicaFileSystemId,
        adoptSourceId: settings.adoptReplicaFileSystemId && settings.adoptFileSystemId,
      },
      onAws,
    )
  : undefined;
const onS3 = settings.assetsStorage === storage.AssetsStorage.S3;
const bucket =
  onS3 && existingBucketName === undefined
    ? new storage.Bucket(
        `${stackName}-assets`,
        {
          bucketName: bucketNamed,
          retention,
          adopt: settings.adoptBucketName !== undefined,
          kmsKeyArn,
        },
        onAws,
      )
    : undefined;
const alarms =
  settings.alarmTopicArn === undefined
    ? undefined
    : new storage.Alarms(
        stackName,
        {
          topicArn: settings.alarmTopicArn,
          fileSystemId: fileSystem.fileSystemId,
          // How an existing one works, nobody has said.
          throughputMode: ownFileSystem && settings.efsThroughputMode,
          // Nobody else is known to mount it.
          hasClients: !onS3,
          backupVaultName: backups.vaultName,
          clusterName: settings.containerInsightsVersion && clusterNamed,
        },
        onAws,
      );
const cluster =
  existingClusterName === undefined
    ? new storage.Cluster(
        stackName,
        {
          clusterName: stackName,
          kubernetesVersion: settings.kubernetesVersion,
          vpcId,
          zones,
          controlPlaneZones: settings.controlPlaneZones,
          privateSubnetIds,
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
        { ...onAws, dependsOn: network ? [network] : [] },
      )
    : new storage.ExistingCluster(
        stackName,
        { clusterName: existingClusterName, region, vpcId: existingVpcId! },
        onAws,
      );
const mounting = new storage.FileSystemClients(
  stackName,
  { securityGroupId: fileSystem.securityGroupId, clients: { nodes: cluster.nodeSecurityGroupId } },
  onAws,
);

const insights = settings.containerInsightsVersion
  ? new storage.ContainerInsights(
      "container-insights",
      { clusterName: cluster.clusterName, region, version: settings.containerInsightsVersion },
      { ...onAws, dependsOn: [cluster] },
    )
  : undefined;

// The identifier is known while the kubeconfig isn't: without it every object in the cluster would be replaced.
const kubernetesProvider = new kubernetes.Provider("kubernetes", {
  kubeconfig: cluster.kubeconfig,
  clusterIdentifier: clusterNamed,
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
  kmsKeyArn,
  diskSource: storage.diskSourceOf(settings.mysqlSnapshotId, settings.adoptMysqlVolumeId, settings.accountId),
});

const s3Driver = onS3
  ? driver(storage.CsiDriverKind.S3, settings.s3CsiDriverVersion, [cluster, ...(bucket ? [bucket] : [])], {
      bucketArns: { assets: bucket ? bucket.bucketArn : `arn:aws:s3:::${bucketNamed}` },
      kmsKeyArn,
    })
  : undefined;

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
    // A cluster has one default, and an existing one may have its own.
    isDefault: existingClusterName === undefined,
    reclaimPolicy,
    iops: settings.ebsIops,
    throughputInMibps: settings.ebsThroughputInMibps,
    kmsKeyId: kmsKeyArn,
    tags: { [storage.BACKUP_TAG]: stackName },
  },
  { ...inCluster, dependsOn: [ebsDriver] },
);
const ebsSnapshotClass = new storage.EbsSnapshotClass(
  "ebs",
  { className: "ebs", isDefault: existingClusterName === undefined, deletionPolicy: reclaimPolicy },
  { ...inCluster, dependsOn: [ebsDriver] },
);

const isDynamic = settings.assetsProvisioning === storage.AssetsProvisioning.Dynamic;
const imagesOn = onS3
  ? { s3: { bucketName: bucketNamed, region, prefix: existingBucketName && "assets/" } }
  : isDynamic
    ? { efsClass: { storageClassName: "efs", fileSystemId: fileSystem.fileSystemId, fileSystemName } }
    : {
        efs: {
          fileSystemId: fileSystem.fileSystemId,
          accessPointId: fileSystem.accessPointIds["assets"]!,
          path: settings.assetsPath,
          fileSystemName,
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
    adoptCredentials: settings.adoptMysqlCredentials !== undefined,
    snapshotId: settings.mysqlSnapshotId,
    adoptDisk: storage.adoptedDiskOf(settings.adoptMysqlVolumeId, settings.adoptMysqlZone, stackName),
  },
  { ...inCluster, dependsOn: [ebsClass] },
);

// It depends on everything, so a destroy comes to it first: where that is refused, nothing else is touched.
new storage.DeletionProtection(
  stackName,
  {
    retention,
    configuration: {
      ...(encryptionKey ? { adoptEncryptionKeyId: encryptionKey.keyId } : {}),
      ...(replicaKey ? { adoptReplicaEncryptionKeyId: replicaKey.keyId } : {}),
      ...(replica ? { adoptReplicaFileSystemId: replica.fileSystemId } : {}),
      ...(ownFileSystem ? { adoptFileSystemId: ownFileSystem.fileSystemId } : {}),
      adoptAssetsAccessPointId: fileSystem.accessPointIds["assets"]!,
      adoptMysqlCredentials: credentialsParameter,
      adoptBackupVault: backups.vaultName,
      adoptBackupKeyId: backups.keyId,
      ...(bucket ? { adoptBucketName: bucketNamed } : {}),
    },
    claim: {
      namespace: "catalog",
      name: catalog.claimName,
      volumeKey: "adoptMysqlVolumeId",
      zoneKey: "adoptMysqlZone",
    },
    kubeconfig: cluster.kubeconfig,
  },
  {
    dependsOn: [
      ...[network, encryptionKey, replicaKey, replica, bucket, alarms, s3Driver, insights].filter(
        (it) => it !== undefined,
      ),
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

export = {
  fileSystemId: fileSystem.fileSystemId,
  fileSystemArn: fileSystem.fileSystemArn,
  accessPointIds: fileSystem.accessPointIds,
  pvcNames: { assets: assets.claimName, catalog: catalog.claimName },
  storageClassNames: { efs: efsClass.className, ebs: ebsClass.className },
  backupVaultName: backups.vaultName,
  /** What AWS Backup backs up and restores as: docs/restore.md. */
  backupRoleArn: backups.roleArn,
  clusterName: cluster.clusterName,
  addonVersions: {
    efs: efsDriver.addonVersion,
    ebs: ebsDriver.addonVersion,
    snapshots: snapshots.addonVersion,
    ...(s3Driver ? { s3: s3Driver.addonVersion } : {}),
  },
  kubeconfig: cluster.kubeconfig,
  commands: {
    kubeconfig: `aws eks update-kubeconfig --name ${clusterNamed} --region ${region}`,
    claims: "kubectl get pvc --all-namespaces",
  },
  // Only where there are such things: Pulumi warns of an output without a value.
  ...(onS3 ? { bucketName: bucketNamed } : {}),
  ...(kmsKeyArn === undefined ? {} : { encryptionKeyArn: kmsKeyArn }),
  ...(replica ? { replicaFileSystemId: replica.fileSystemId } : {}),
};
