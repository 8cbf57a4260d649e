import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

/**
 * The whole environment: a network, a cluster, a file system, the drivers of EFS and EBS, a class of each and one of snapshots,
 * backups, and the retail store's assets and catalog on all of it.
 *
 *     pulumi config set aws:region eu-west-1
 *     pulumi config set accountId 111122223333
 *     pulumi config set --path 'zones[0]' eu-west-1a
 *     pulumi config set --path 'zones[1]' eu-west-1b
 *     pulumi config set --path 'apiAccessCidrs[0]' 203.0.113.0/24
 *     pulumi up
 *
 * Under the retention `retain`, the default, a destroy is refused; under `delete` all goes. A stack that was deployed under `retain`
 * needs `pulumi config set retention delete && pulumi up` before that, and its destroy names a disk that stays. There is no
 * `release` here, which would keep the data for a later stack: ../database has it, with the way back. The AWS CLI is on `PATH`.
 */
const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const accountId = config.require("accountId");
const zones = config.requireObject<string[]>("zones");
const retention = config.get<storage.Retention>("retention") ?? storage.Retention.Retain;
if (retention !== storage.Retention.Retain && retention !== storage.Retention.Delete) {
  const way = "Nothing here takes up again what release keeps: ../database does.";
  throw new pulumi.RunError(`retention must be retain or delete; it is '${retention}'. ${way}`);
}
const reclaimPolicy = storage.reclaimPolicyOf(retention);
/** What everything in AWS is named after. */
const name = `${pulumi.getProject()}-${pulumi.getStack()}`;
/** The database's disk, where its claim has lost it: a preview says so, and names these keys with their values. */
const volumeId = config.get("adoptVolumeId");
const databaseZone = config.get("adoptZone") ?? zones[0]!;
/** Who the images belong to: the access point's user, the class's and the pods'. */
const identity = { uid: 1000, gid: 1000 };
const images = { path: "/images", identity };

// The network, and the files in it: they don't wait for the cluster.
const network = new storage.Network(name, { region, zones, cidrBlock: "10.0.0.0/16" });
const { vpcId, privateSubnetIds } = network;
const files = new storage.FileSystem(name, {
  vpcId,
  zones,
  subnetIds: privateSubnetIds,
  accessPoints: { images },
  retention,
});
const { fileSystemId, fileSystemArn, securityGroupId, accessPointIds } = files;
const backups = new storage.Backups(name, {
  vaultName: name,
  accountId,
  fileSystem: { id: fileSystemId, arn: fileSystemArn },
  tagValue: name,
  retentionInDays: 35,
  retention,
});

// The cluster, and the way from its nodes to the files.
const cluster = new storage.Cluster(
  name,
  {
    clusterName: name,
    kubernetesVersion: "1.35",
    vpcId,
    privateSubnetIds,
    zones,
    controlPlaneZones: zones,
    apiAccessCidrs: config.requireObject<string[]>("apiAccessCidrs"),
    addonVersions: {
      vpcCni: "v1.21.1-eksbuild.1",
      kubeProxy: "v1.35.0-eksbuild.2",
      coredns: "v1.13.1-eksbuild.1",
      podIdentityAgent: "v1.3.10-eksbuild.2",
    },
    retention,
  },
  { dependsOn: [network] },
);
const { clusterName, kubeconfig, nodeSecurityGroupId, volumeAttachLimit } = cluster;
const clients = new storage.FileSystemClients(name, { securityGroupId, clients: { nodes: nodeSecurityGroupId } });
// By its name, which is known before the cluster is there: a kubeconfig that changes makes nothing anew.
const provider = new kubernetes.Provider("kubernetes", { kubeconfig, clusterIdentifier: name });
const inCluster = { providers: [provider] };

// Drivers: what uses one depends on it, and it depends on what its volumes are on.
const common = { clusterName, region, kubeconfig };
const efs = new storage.CsiDriver(
  "efs",
  { ...common, kind: storage.CsiDriverKind.Efs, version: "v3.4.1-eksbuild.1" },
  { dependsOn: [cluster, files, clients] },
);
const snapshots = new storage.SnapshotController(
  "snapshots",
  { clusterName, version: "v8.6.0-eksbuild.8" },
  { dependsOn: [cluster] },
);
const diskSource = volumeId ? { volumeId, accountId } : undefined;
const ebs = new storage.CsiDriver(
  "ebs",
  { ...common, kind: storage.CsiDriverKind.Ebs, version: "v1.64.0-eksbuild.1", volumeAttachLimit, diskSource },
  { dependsOn: [cluster, snapshots] },
);

// Classes, for claims of yours.
const efsClass = new storage.EfsStorageClass(
  "efs",
  { className: "efs", fileSystemId, identity, reclaimPolicy },
  { ...inCluster, dependsOn: [efs] },
);
const ebsClass = new storage.EbsStorageClass(
  "ebs",
  { className: "ebs", isDefault: true, reclaimPolicy, backupTagValue: name },
  { ...inCluster, dependsOn: [ebs] },
);
const snapshotClass = new storage.EbsSnapshotClass(
  "ebs",
  { className: "ebs", isDefault: true, deletionPolicy: reclaimPolicy },
  { ...inCluster, dependsOn: [ebs] },
);

// Workloads: product images on the access point, a database on a disk.
const assets = new storage.Assets(
  "assets",
  {
    image: "public.ecr.aws/aws-containers/retail-store-sample-assets:0.4.0",
    replicas: config.getNumber("replicas") ?? 2,
    identity,
    efs: { fileSystemId, accessPointId: accessPointIds["images"]!, path: images.path },
  },
  { ...inCluster, dependsOn: [efs] },
);
const catalog = new storage.Catalog(
  "catalog",
  {
    image: "public.ecr.aws/aws-containers/retail-store-sample-catalog:1.2.1",
    replicas: 2,
    mysqlImage: "public.ecr.aws/docker/library/mysql:8.4.10",
    storageClassName: "ebs",
    storage: "20Gi",
    databaseZone,
    retention,
    credentialsParameter: `/${name}/mysql`,
    adoptDisk: volumeId ? { volumeId, zone: databaseZone, backupTagValue: name } : undefined,
  },
  { ...inCluster, dependsOn: [ebsClass] },
);

// Depends on all else, so that a destroy comes to it first: under retain it is refused there.
new storage.DeletionProtection(
  name,
  {
    retention,
    // There is no release, which would keep anything that these keys adopt.
    configuration: {},
    adopted: volumeId ? { adoptVolumeId: volumeId } : undefined,
    claim: { namespace: "catalog", name: catalog.claimName, volumeKey: "adoptVolumeId", zoneKey: "adoptZone" },
    kubeconfig,
  },
  {
    dependsOn: [
      network,
      files,
      backups,
      cluster,
      clients,
      efs,
      snapshots,
      ebs,
      efsClass,
      snapshotClass,
      assets,
      catalog,
    ],
  },
);

export const pvcNames = { assets: assets.claimName, catalog: catalog.claimName };
export { clusterName, fileSystemId, kubeconfig };
