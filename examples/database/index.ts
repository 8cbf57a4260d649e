import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

/**
 * MySQL on an EBS disk, with the retail store's catalog on it, on a cluster that exists: a class of encrypted disks, a class of
 * snapshots, and nightly backups by AWS Backup.
 *
 *     pulumi config set aws:region eu-west-1
 *     pulumi config set accountId 111122223333
 *     pulumi config set clusterName YOUR-CLUSTER
 *     pulumi config set vpcId vpc-0123456789abcdef0
 *     pulumi config set zone eu-west-1a
 *     pulumi up
 *
 * `pulumi config set --path 'snapshots[0]' before-the-release` takes a snapshot, `snapshotId` makes the disk from one. A claim of
 * yours on the class `database` has such disks as well.
 *
 * Under the retention `retain`, the default, a destroy is refused: `pulumi config set retention release && pulumi up` comes before
 * it. Under `release` disk, passwords and backups stay, and the destroy prints the configuration that takes them up again. In the
 * same cluster the next `up` is refused until the namespace `catalog` and the disk's released volume are deleted there, by the
 * commands in docs/existing.md, "What stays after a destroy". Under `retain` and `release` snapshots stay in EC2, and are paid for,
 * also once they are gone from the cluster. Under `delete` all goes, but for a disk made under another retention: the destroy names
 * it.
 *
 * The cluster has the add-on eks-pod-identity-agent and is administered by whoever deploys, and lacks aws-ebs-csi-driver and
 * snapshot-controller, as add-ons and from Helm: docs/existing.md. The AWS CLI is on `PATH`.
 */
const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const accountId = config.require("accountId");
const retention = config.get<storage.Retention>("retention") ?? storage.Retention.Retain;
const reclaimPolicy = storage.reclaimPolicyOf(retention);
/** What everything in AWS is named after. */
const name = `${pulumi.getProject()}-${pulumi.getStack()}`;

// A snapshot that the disk is made from, and what an earlier stack kept: a destroy prints these keys with their values.
const snapshotId = config.get("snapshotId");
const volumeId = config.get("adoptVolumeId");
const zone = config.get("adoptZone") ?? config.require("zone");
const adoptCredentials = config.get("adoptCredentials");
const credentialsParameter = adoptCredentials ?? `/${name}/mysql`;
const backupKeyId = config.get("adoptBackupKeyId");
const backupRole = config.get("adoptBackupRole");

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: config.require("clusterName"),
  region,
  vpcId: config.require("vpcId"),
  zones: [zone],
  makes: { namespaces: ["catalog"], storageClasses: ["database"], volumeSnapshotClasses: ["database"] },
  addonNames: ["aws-ebs-csi-driver", "snapshot-controller"],
});
const { clusterName, kubeconfig } = cluster;
const provider = new kubernetes.Provider("kubernetes", { kubeconfig });
const inCluster = { providers: [provider] };

// The driver looks for the kinds of snapshots when it starts.
const snapshots = new storage.SnapshotController("snapshots", { clusterName, version: "v8.6.0-eksbuild.8" });
const driver = new storage.CsiDriver(
  "ebs",
  {
    kind: storage.CsiDriverKind.Ebs,
    clusterName,
    version: "v1.64.0-eksbuild.1",
    region,
    kubeconfig,
    diskSource: snapshotId || volumeId ? { snapshotId, volumeId, accountId } : undefined,
  },
  { dependsOn: [snapshots] },
);
const diskClass = new storage.EbsStorageClass(
  "database",
  { className: "database", reclaimPolicy, backupTagValue: name },
  { ...inCluster, dependsOn: [driver] },
);
const snapshotClass = new storage.EbsSnapshotClass(
  "database",
  { className: "database", deletionPolicy: reclaimPolicy },
  { ...inCluster, dependsOn: [driver] },
);
const backups = new storage.Backups(name, {
  vaultName: name,
  accountId,
  tagValue: name,
  retentionInDays: 35,
  retention,
  adopt: backupKeyId !== undefined,
  adoptKeyId: backupKeyId,
  adoptRole: backupRole,
});

const database = new storage.Catalog(
  "catalog",
  {
    image: "public.ecr.aws/aws-containers/retail-store-sample-catalog:1.2.1",
    replicas: 2,
    mysqlImage: "public.ecr.aws/docker/library/mysql:8.4.10",
    storageClassName: "database",
    storage: config.get("storage") ?? "20Gi",
    databaseZone: zone,
    retention,
    credentialsParameter,
    adoptCredentials: adoptCredentials !== undefined,
    snapshotId,
    adoptDisk: volumeId ? { volumeId, zone, backupTagValue: name } : undefined,
  },
  { ...inCluster, dependsOn: [diskClass] },
);
// Beside the nightly backups: one for each name that the configuration has.
const takenSnapshots = (config.getObject<string[]>("snapshots") ?? []).map(
  (snapshot) =>
    new kubernetes.apiextensions.CustomResource(
      snapshot,
      {
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshot",
        metadata: {
          name: snapshot,
          namespace: "catalog",
          annotations: { "pulumi.com/waitFor": "jsonpath={.status.readyToUse}=true" },
        },
        spec: {
          volumeSnapshotClassName: snapshotClass.className,
          source: { persistentVolumeClaimName: database.claimName },
        },
      },
      { provider, dependsOn: [snapshotClass, database] },
    ),
);

// Depends on all else, so that a destroy comes to it first: under retain it is refused there.
new storage.DeletionProtection(
  name,
  {
    retention,
    configuration: {
      adoptCredentials: credentialsParameter,
      adoptBackupKeyId: backups.keyId,
      adoptBackupRole: backups.roleName,
    },
    adopted: volumeId ? { adoptVolumeId: volumeId } : undefined,
    claim: {
      namespace: "catalog",
      name: database.claimName,
      volumeKey: "adoptVolumeId",
      zoneKey: "adoptZone",
      credentialsKey: "adoptCredentials",
    },
    kubeconfig,
  },
  { dependsOn: [database, backups, driver, snapshots, diskClass, snapshotClass, ...takenSnapshots] },
);

export const claimName = database.claimName;
export const backupVaultName = backups.vaultName;
