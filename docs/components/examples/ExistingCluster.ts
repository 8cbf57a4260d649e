// A cluster of another team's, and the way into it.
import * as kubernetes from "@pulumi/kubernetes";
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
  zones: ["eu-west-1a", "eu-west-1b"],
  makes: { storageClasses: ["disks"] },
  addonNames: ["aws-ebs-csi-driver"],
});
const provider = new kubernetes.Provider("provider", { kubeconfig: cluster.kubeconfig });
const driver = new storage.CsiDriver("driver", {
  kind: storage.CsiDriverKind.Ebs,
  clusterName: cluster.clusterName,
  version: "v1.64.0-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: cluster.kubeconfig,
});
new storage.EbsStorageClass("disks", { className: "disks" }, { providers: [provider], dependsOn: [driver] });
