"""A cluster of another team's, and the way into it."""

import pulumi
import pulumi_eks_storage as storage
import pulumi_kubernetes as kubernetes

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
    zones=["eu-west-1a", "eu-west-1b"],
    makes=storage.ClusterWideNamesArgs(storage_classes=["disks"]),
    addon_names=["aws-ebs-csi-driver"],
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
    class_name="disks",
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver]),
)
