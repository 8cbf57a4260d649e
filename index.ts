import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "./components/index";
import { loadSettings } from "./config";
import { handover } from "./config/handover";
import { underItsName } from "./config/renaming";
import { describeStack } from "./config/stack";

// config/stack.ts has the arguments of each component. Here the components are made, and connected to each other.
const stack = describeStack(loadSettings(new pulumi.Config()), pulumi.getProject(), pulumi.getStack());
const { name, retention } = stack;
const awsProvider = new aws.Provider("aws", stack.provider, underItsName(name, stack.tags));
const onAws = { providers: [awsProvider] };

// The network, and the storage in it: none of it waits for the cluster.
const network = stack.network && new storage.Network(name, stack.network, onAws);
const { vpcId, privateSubnetIds } = network ?? new storage.ExistingNetwork(name, stack.existingNetwork!, onAws);
const key = stack.key && new storage.EncryptionKey(name, stack.key, onAws);
const existingKey = stack.existingKey && new storage.ExistingEncryptionKey(name, stack.existingKey, onAws);
const kmsKeyArn = (key ?? existingKey)?.keyArn;
const inSubnets = { vpcId, subnetIds: privateSubnetIds };
const ownFileSystem =
  stack.fileSystem && new storage.FileSystem(name, { ...stack.fileSystem, ...inSubnets, kmsKeyId: kmsKeyArn }, onAws);
const fileSystem =
  ownFileSystem ?? new storage.ExistingFileSystem(name, { ...inSubnets, ...stack.existingFileSystem! }, onAws);
const { fileSystemId, fileSystemArn, accessPointIds, securityGroupId } = fileSystem;
const bucket = stack.bucket && new storage.Bucket(stack.assetsName, { ...stack.bucket, kmsKeyArn }, onAws);
const existingBucket = stack.existingBucket && new storage.ExistingBucket(name, stack.existingBucket, onAws);

// A copy in another region, backups, alarms.
const { replicaName } = stack;
const replicaKey = stack.replicaKey && new storage.EncryptionKey(replicaName, stack.replicaKey, onAws);
const ofFileSystem = { sourceFileSystemId: fileSystemId, kmsKeyId: replicaKey?.keyArn };
const replica =
  stack.replica && new storage.FileSystemReplica(replicaName, { ...stack.replica, ...ofFileSystem }, onAws);
const backedUp = ownFileSystem && { id: fileSystemId, arn: fileSystemArn };
const backups = new storage.Backups(name, { ...stack.backups, fileSystem: backedUp }, onAws);
const watched = { fileSystemId, backupVaultName: backups.vaultName };
const alarms = stack.alarms && new storage.Alarms(name, { ...stack.alarms, ...watched }, onAws);

// The cluster, and the way from its nodes to the file system.
const afterNetwork = { ...onAws, dependsOn: network ? [network] : [] };
const ownCluster =
  stack.cluster && new storage.Cluster(name, { ...stack.cluster, vpcId, privateSubnetIds }, afterNetwork);
const cluster = ownCluster ?? new storage.ExistingCluster(name, stack.existingCluster!, onAws);
const volumeAttachLimit = ownCluster?.volumeAttachLimit;
const clients = { nodes: cluster.nodeSecurityGroupId };
const fileSystemClients = new storage.FileSystemClients(name, { securityGroupId, clients }, onAws);
const { clusterName, kubeconfig } = cluster;
const kubernetesProvider = new kubernetes.Provider("kubernetes", {
  kubeconfig,
  // Known where the kubeconfig isn't: without it every object in the cluster would be replaced.
  clusterIdentifier: stack.clusterName,
  enableServerSideApply: true,
});
const after = (...resources: (pulumi.Resource | undefined)[]) => ({
  providers: [awsProvider, kubernetesProvider],
  dependsOn: resources.filter((it) => it !== undefined),
});

// Add-ons and drivers. A driver's pods may use the file system until its drain has ended.
const afterCluster = { ...onAws, dependsOn: [cluster] };
const { drivers } = stack;
const insights =
  stack.insights &&
  new storage.ContainerInsights("container-insights", { ...stack.insights, clusterName }, afterCluster);
const snapshots = new storage.SnapshotController(
  "snapshot-controller",
  { ...drivers.snapshotController, clusterName },
  afterCluster,
);
const onEfs = [fileSystem, fileSystemClients];
const efsDriver = new storage.CsiDriver(
  "efs-csi",
  { ...drivers.efs, clusterName, kubeconfig },
  after(cluster, ...onEfs),
);
const ebsDriver = new storage.CsiDriver(
  "ebs-csi",
  { ...drivers.ebs, clusterName, kubeconfig, kmsKeyArn, volumeAttachLimit },
  after(cluster, snapshots),
);
const s3Driver =
  drivers.s3 &&
  new storage.CsiDriver(
    "s3-csi",
    {
      ...drivers.s3,
      clusterName,
      kubeconfig,
      kmsKeyArn,
      bucketArns: { assets: (bucket ?? existingBucket!).bucketArn },
    },
    after(cluster, bucket),
  );

// Classes.
const efsClass = new storage.EfsStorageClass("efs", { ...stack.efsClass, fileSystemId }, after(efsDriver, ...onEfs));
const ebsClass = new storage.EbsStorageClass("ebs", { ...stack.ebsClass, kmsKeyId: kmsKeyArn }, after(ebsDriver));
const ebsSnapshotClass = new storage.EbsSnapshotClass("ebs", stack.ebsSnapshotClass, after(ebsDriver));

// Workloads: the images on a bucket, on a volume of the class or on an access point; the database on a disk.
const { s3, efsClass: dynamic, efs } = stack.images;
const images = {
  s3,
  efsClass: dynamic && { ...dynamic, fileSystemId },
  efs: efs && { ...efs, fileSystemId, accessPointId: accessPointIds["assets"]! },
};
const afterImages = s3 ? after(s3Driver) : dynamic ? after(efsClass) : after(efsDriver, ...onEfs);
const assets = new storage.Assets("assets", { ...stack.assets, ...images }, afterImages);
const catalog = new storage.Catalog("catalog", stack.catalog, after(ebsClass));

// Depends on everything, so that a destroy comes to it first: where that is refused, nothing else is touched.
const optional = [network, key, replicaKey, replica, bucket, alarms, s3Driver, insights];
const always = [fileSystem, backups, cluster, fileSystemClients, efsDriver, snapshots, ebsDriver, efsClass, ebsClass];
const everything = after(...optional, ...always, ebsSnapshotClass, assets, catalog);
const kept = handover(stack, { key, replicaKey, replica, backups, catalog, accessPointIds, fileSystem: ownFileSystem });
new storage.DeletionProtection(name, { retention, ...kept, kubeconfig }, { ...onAws, dependsOn: everything.dependsOn });

export = {
  fileSystemId,
  fileSystemArn,
  accessPointIds,
  pvcNames: { assets: assets.claimName, catalog: catalog.claimName },
  storageClassNames: { efs: efsClass.className, ebs: ebsClass.className },
  backupVaultName: backups.vaultName,
  /** What AWS Backup backs up and restores as: docs/restore.md. */
  backupRoleArn: backups.roleArn,
  clusterName,
  kubeconfig,
  addonVersions: {
    efs: efsDriver.addonVersion,
    ebs: ebsDriver.addonVersion,
    snapshots: snapshots.addonVersion,
    ...(s3Driver && { s3: s3Driver.addonVersion }),
  },
  commands: stack.commands,
  // Only where there are such things: Pulumi warns of an output without a value.
  ...(stack.bucketName && { bucketName: stack.bucketName }),
  ...(kmsKeyArn === undefined ? {} : { encryptionKeyArn: kmsKeyArn }),
  ...(replica && { replicaFileSystemId: replica.fileSystemId }),
};
