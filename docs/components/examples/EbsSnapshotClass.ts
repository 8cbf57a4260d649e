// A class of snapshots that outlive their VolumeSnapshots.
import * as kubernetes from "@pulumi/kubernetes";
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const provider = new kubernetes.Provider("provider", { kubeconfig: cluster.kubeconfig });
const controller = new storage.SnapshotController("controller", {
  clusterName: cluster.clusterName,
  version: "v8.6.0-eksbuild.8",
});
const driver = new storage.CsiDriver(
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
new storage.EbsSnapshotClass(
  "snapshots",
  { className: "kept", deletionPolicy: storage.ReclaimPolicy.Retain },
  { providers: [provider], dependsOn: [driver] },
);
