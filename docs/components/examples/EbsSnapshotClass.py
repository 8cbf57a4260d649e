"""A class of snapshots that outlive their VolumeSnapshots."""

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
controller = storage.SnapshotController(
    "controller",
    cluster_name=cluster.cluster_name,
    version="v8.6.0-eksbuild.8",
)
driver = storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.EBS,
    cluster_name=cluster.cluster_name,
    version="v1.64.0-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
    opts=pulumi.ResourceOptions(depends_on=[controller]),
)
storage.EbsSnapshotClass(
    "snapshots",
    class_name="kept",
    deletion_policy=storage.ReclaimPolicy.RETAIN,
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver]),
)
