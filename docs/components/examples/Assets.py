"""The retail store's images, in a bucket that the S3 driver mounts."""

import pulumi
import pulumi_eks_storage as storage
import pulumi_kubernetes as kubernetes

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
)
provider = kubernetes.Provider("provider", kubeconfig=cluster.kubeconfig)
bucket = storage.Bucket(
    "bucket",
    bucket_name="example-shop-images",
    retention=storage.Retention.RETAIN,
)
driver = storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.S3,
    cluster_name=cluster.cluster_name,
    version="v2.7.0-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
    bucket_arns={"images": bucket.bucket_arn},
)
storage.Assets(
    "assets",
    image="public.ecr.aws/aws-containers/retail-store-sample-assets:0.4.0",
    replicas=2,
    identity=storage.PosixIdentityArgs(uid=999, gid=999),
    s3=storage.AssetsS3Args(bucket_name="example-shop-images", region="eu-west-1"),
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver, bucket]),
)
