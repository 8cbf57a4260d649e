// The EFS driver on a cluster that exists.
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
new storage.CsiDriver("driver", {
  kind: storage.CsiDriverKind.Efs,
  clusterName: cluster.clusterName,
  version: "v3.4.1-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: cluster.kubeconfig,
});
