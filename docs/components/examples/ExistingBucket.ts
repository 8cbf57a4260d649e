// The S3 driver for a bucket of another team's.
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const images = new storage.ExistingBucket("images", { bucketName: "example-shop-images", region: "eu-west-1" });
new storage.CsiDriver("driver", {
  kind: storage.CsiDriverKind.S3,
  clusterName: cluster.clusterName,
  version: "v2.7.0-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: cluster.kubeconfig,
  bucketArns: { images: images.bucketArn },
});
