// The retail store's images, in a bucket that the S3 driver mounts.
import * as kubernetes from "@pulumi/kubernetes";
import * as storage from "eks-storage";

const cluster = new storage.ExistingCluster("cluster", {
  clusterName: "shop",
  region: "eu-west-1",
  vpcId: "vpc-0123456789abcdef0",
});
const provider = new kubernetes.Provider("provider", { kubeconfig: cluster.kubeconfig });
const bucket = new storage.Bucket("bucket", { bucketName: "example-shop-images", retention: storage.Retention.Retain });
const driver = new storage.CsiDriver("driver", {
  kind: storage.CsiDriverKind.S3,
  clusterName: cluster.clusterName,
  version: "v2.7.0-eksbuild.1",
  region: "eu-west-1",
  kubeconfig: cluster.kubeconfig,
  bucketArns: { images: bucket.bucketArn },
});
new storage.Assets(
  "assets",
  {
    image: "public.ecr.aws/aws-containers/retail-store-sample-assets:0.4.0",
    replicas: 2,
    identity: { uid: 999, gid: 999 },
    s3: { bucketName: "example-shop-images", region: "eu-west-1" },
  },
  { providers: [provider], dependsOn: [driver, bucket] },
);
