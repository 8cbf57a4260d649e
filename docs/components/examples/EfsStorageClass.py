"""A class that makes a directory for each claim."""

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
files = storage.FileSystem(
    "files",
    vpc_id="vpc-0123456789abcdef0",
    zones=["eu-west-1a", "eu-west-1b"],
    subnet_ids={
        "eu-west-1a": "subnet-0123456789abcdef0",
        "eu-west-1b": "subnet-0fedcba9876543210",
    },
    access_points={},
    retention=storage.Retention.RETAIN,
)
clients = storage.FileSystemClients(
    "clients",
    security_group_id=files.security_group_id,
    clients={"nodes": cluster.node_security_group_id},
)
driver = storage.CsiDriver(
    "driver",
    kind=storage.CsiDriverKind.EFS,
    cluster_name=cluster.cluster_name,
    version="v3.4.1-eksbuild.1",
    region="eu-west-1",
    kubeconfig=cluster.kubeconfig,
    opts=pulumi.ResourceOptions(depends_on=[files, clients]),
)
storage.EfsStorageClass(
    "directories",
    class_name="directories",
    file_system_id=files.file_system_id,
    identity=storage.PosixIdentityArgs(uid=1000, gid=1000),
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[driver]),
)
