// A claim whose directory a class makes.
import * as kubernetes from "@pulumi/kubernetes";
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const provider = new kubernetes.Provider("provider", { kubeconfig: cluster.kubeconfig });
const files = new storage.FileSystem("files", {
  vpcId: "vpc-0123456789abcdef0",
  zones: ["eu-west-1a", "eu-west-1b"],
  subnetIds: { "eu-west-1a": "subnet-0123456789abcdef0", "eu-west-1b": "subnet-0fedcba9876543210" },
  accessPoints: {},
  retention: storage.Retention.Retain,
});
const clients = new storage.FileSystemClients("clients", {
  securityGroupId: files.securityGroupId,
  clients: { nodes: cluster.nodeSecurityGroupId },
});
const driver = new storage.CsiDriver(
  "driver",
  {
    kind: storage.CsiDriverKind.Efs,
    clusterName: cluster.clusterName,
    version: "v3.4.1-eksbuild.1",
    region: "eu-west-1",
    kubeconfig: cluster.kubeconfig,
  },
  { dependsOn: [files, clients] },
);
const directories = new storage.EfsStorageClass(
  "directories",
  { className: "directories", fileSystemId: files.fileSystemId, identity: { uid: 1000, gid: 1000 } },
  { providers: [provider], dependsOn: [driver] },
);
new storage.DynamicVolume(
  "uploads",
  {
    claimName: "uploads",
    namespace: "default",
    storageClassName: "directories",
    fileSystemId: files.fileSystemId,
    identity: { uid: 1000, gid: 1000 },
  },
  { providers: [provider], dependsOn: [directories] },
);
