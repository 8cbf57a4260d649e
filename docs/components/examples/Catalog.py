"""The retail store's catalog, with its database on a disk that is kept."""

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
disks = storage.EbsStorageClass(
    "disks",
    class_name="disks",
    reclaim_policy=storage.ReclaimPolicy.RETAIN,
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver]),
)
storage.Catalog(
    "catalog",
    image="public.ecr.aws/aws-containers/retail-store-sample-catalog:1.2.1",
    mysql_image="public.ecr.aws/docker/library/mysql:8.4.10",
    replicas=2,
    storage_class_name="disks",
    storage="20Gi",
    database_zone="eu-west-1a",
    credentials_parameter="/shop/catalog-mysql",
    retention=storage.Retention.RETAIN,
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver, disks]),
)
