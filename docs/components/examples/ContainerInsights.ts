// Metrics of how full a cluster's disks are.
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
new storage.ContainerInsights("metrics", {
  clusterName: cluster.clusterName,
  region: "eu-west-1",
  version: "v6.2.0-eksbuild.1",
});
