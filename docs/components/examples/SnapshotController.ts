// Snapshots of disks: their controller, and then the EBS driver.
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const controller = new storage.SnapshotController("controller", {
  clusterName: cluster.clusterName,
  version: "v8.6.0-eksbuild.8",
});
new storage.CsiDriver(
  "driver",
  {
    kind: storage.CsiDriverKind.Ebs,
    clusterName: cluster.clusterName,
    version: "v1.64.0-eksbuild.1",
    region: "eu-west-1",
    kubeconfig: cluster.kubeconfig,
  },
  { dependsOn: [controller] },
);
