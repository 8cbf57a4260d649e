// A class of faster disks that outlive their claims.
import * as kubernetes from "@pulumi/kubernetes";
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const provider = new kubernetes.Provider("provider", { kubeconfig: cluster.kubeconfig });
const driver = new storage.CsiDriver("driver", {
  kind: storage.CsiDriverKind.Ebs,
  clusterName: cluster.clusterName,
  version: "v1.64.0-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: cluster.kubeconfig,
});
new storage.EbsStorageClass(
  "disks",
  { className: "fast-disks", reclaimPolicy: storage.ReclaimPolicy.Retain, iops: 6000, throughputInMibps: 500 },
  { providers: [provider], dependsOn: [driver] },
);
