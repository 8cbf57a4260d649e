"""A class of faster disks that outlive their claims."""

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
driver = storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.EBS,
    cluster_name=cluster.cluster_name,
    version="v1.64.0-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
)
storage.EbsStorageClass(
    "disks",
    class_name="fast-disks",
    reclaim_policy=storage.ReclaimPolicy.RETAIN,
    iops=6000,
    throughput_in_mibps=500,
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver]),
)
