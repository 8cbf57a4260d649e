"""Metrics of how full a cluster's disks are."""

import pulumi_eks_storage as storage

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
)
storage.ContainerInsights(
    "metrics",
    cluster_name=cluster.cluster_name,
    region="eu-west-1",
    version="v6.2.0-eksbuild.1",
)
