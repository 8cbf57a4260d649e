import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as storage from "eks-storage";

/**
 * A directory on EFS, with the claim for it in the namespace `default`, and classes for disks and directories, on a cluster and
 * a file system that exist.
 *
 *     pulumi config set aws:region eu-west-1
 *     pulumi config set accountId 111122223333
 *     pulumi config set clusterName YOUR-CLUSTER
 *     pulumi config set vpcId vpc-0123456789abcdef0
 *     pulumi config set --path 'zones[0]' eu-west-1a
 *     pulumi config set fileSystemId fs-0123456789abcdef0
 *     pulumi config set fileSystemSecurityGroupId sg-0123456789abcdef0
 *     pulumi up
 *
 * `zones` are those with nodes; the security group is that of the file system's mount targets. A destroy leaves the files, which
 * are the file system's.
 *
 * The cluster has the add-on eks-pod-identity-agent and is administered by whoever deploys, and lacks aws-efs-csi-driver and
 * aws-ebs-csi-driver, as add-ons and from Helm: docs/existing.md, or, with a driver that is there, docs/components.md.
 * The AWS CLI is on `PATH`.
 */
const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const vpcId = config.require("vpcId");
const identity = { uid: config.getNumber("uid") ?? 1000, gid: 1000 };

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: config.require("clusterName"),
  region,
  vpcId,
  makes: { storageClasses: ["shared", "disks"] },
  addonNames: ["aws-efs-csi-driver", "aws-ebs-csi-driver"],
});
const { clusterName, kubeconfig } = cluster;
const provider = new kubernetes.Provider("kubernetes", { kubeconfig });
const inCluster = { providers: [provider] };

const securityGroupId = config.require("fileSystemSecurityGroupId");
const files = new storage.ExistingFileSystem("files", {
  fileSystemId: config.require("fileSystemId"),
  securityGroupId,
  region,
  accountId: config.require("accountId"),
  vpcId,
  zones: config.requireObject<string[]>("zones"),
  subnetIds: {},
  accessPoints: { images: { path: "/images", identity } },
  retention: storage.Retention.Delete,
});
const clients = new storage.FileSystemClients("clients", {
  securityGroupId,
  clients: { nodes: cluster.nodeSecurityGroupId },
});

// What uses a driver depends on it, and it depends on what its volumes are on.
const common = { clusterName, region, kubeconfig };
const efs = new storage.CsiDriver(
  "efs",
  {
    ...common,
    kind: storage.CsiDriverKind.Efs,
    version: "v3.4.1-eksbuild.1",
    drainTimeoutInMinutes: config.getNumber("drainTimeoutInMinutes") ?? 10,
  },
  { dependsOn: [files, clients] },
);
const ebs = new storage.CsiDriver("ebs", {
  ...common,
  kind: storage.CsiDriverKind.Ebs,
  version: "v1.64.0-eksbuild.1",
});

const { fileSystemId } = files;
new storage.EfsStorageClass(
  "directories",
  { className: "shared", fileSystemId, identity },
  { ...inCluster, dependsOn: [efs] },
);
new storage.EbsStorageClass("disks", { className: "disks" }, { ...inCluster, dependsOn: [ebs] });
const images = new storage.StaticVolume(
  "images",
  {
    claimName: "images",
    namespace: "default",
    efs: { fileSystemId, accessPointId: files.accessPointIds["images"]!, path: "/images", identity },
  },
  { ...inCluster, dependsOn: [efs] },
);

export const claimName = images.claimName;
