"""The EFS driver on a cluster that exists."""

import pulumi_eks_storage as storage

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
)
storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.EFS,
    cluster_name=cluster.cluster_name,
    version="v3.4.1-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
)
