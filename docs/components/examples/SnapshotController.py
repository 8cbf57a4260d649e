"""Snapshots of disks: their controller, and then the EBS driver."""

import pulumi
import pulumi_eks_storage as storage

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
)
controller = storage.SnapshotController(
    "controller",
    cluster_name=cluster.cluster_name,
    version="v8.6.0-eksbuild.8",
)
storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.EBS,
    cluster_name=cluster.cluster_name,
    version="v1.64.0-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
    opts=pulumi.ResourceOptions(depends_on=[controller]),
)
