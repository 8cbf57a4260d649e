"""The S3 driver for a bucket of another team's."""

import pulumi_eks_storage as storage

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
)
images = storage.ExistingBucket(
    "images",
    bucket_name="example-shop-images",
    region="eu-west-1",
)
storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.S3,
    cluster_name=cluster.cluster_name,
    version="v2.7.0-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
    bucket_arns={"images": images.bucket_arn},
)
