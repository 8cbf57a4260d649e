"""A directory on EFS, and classes for disks and directories, on a cluster that exists."""

import pulumi
import pulumi_eks_storage as storage
import pulumi_kubernetes as kubernetes

config = pulumi.Config()
region = config.require("region")
vpc_id = config.require("vpcId")
identity = storage.PosixIdentityArgs(uid=config.get_int("uid") or 1000, gid=1000)

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name=config.require("clusterName"),
    region=region,
    vpc_id=vpc_id,
    makes=storage.ClusterWideNamesArgs(storage_classes=["shared", "disks"]),
    addon_names=["aws-efs-csi-driver", "aws-ebs-csi-driver"],
)
provider = kubernetes.Provider("kubernetes", kubeconfig=cluster.kubeconfig)


def in_cluster(*depends_on: pulumi.Resource) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(providers=[provider], depends_on=list(depends_on))


efs = storage.CsiDriver(
    "efs",
    kind=storage.CsiDriverKind.EFS,
    cluster_name=cluster.cluster_name,
    version="v3.4.1-eksbuild.1",
    region=region,
    kubeconfig=cluster.kubeconfig,
    drain_timeout_in_minutes=config.get_int("drainTimeoutInMinutes") or 10,
)
ebs = storage.CsiDriver(
    "ebs",
    kind=storage.CsiDriverKind.EBS,
    cluster_name=cluster.cluster_name,
    version="v1.64.0-eksbuild.1",
    region=region,
    kubeconfig=cluster.kubeconfig,
)

security_group_id = config.require("fileSystemSecurityGroupId")
files = storage.ExistingFileSystem(
    "files",
    file_system_id=config.require("fileSystemId"),
    security_group_id=security_group_id,
    region=region,
    account_id=config.require("accountId"),
    vpc_id=vpc_id,
    zones=config.require_object("zones"),
    subnet_ids={},
    access_points={"images": storage.AccessPointArgs(path="/images", identity=identity)},
    retention=storage.Retention.DELETE,
)
clients = storage.FileSystemClients(
    "clients",
    security_group_id=security_group_id,
    clients={"nodes": cluster.node_security_group_id},
)

storage.EfsStorageClass(
    "directories",
    class_name="shared",
    file_system_id=files.file_system_id,
    identity=identity,
    opts=in_cluster(efs),
)
storage.EbsStorageClass("disks", class_name="disks", opts=in_cluster(ebs))
images = storage.StaticVolume(
    "images",
    claim_name="images",
    namespace="default",
    efs=storage.EfsVolumeArgs(
        file_system_id=files.file_system_id,
        access_point_id=files.access_point_ids["images"],
        path="/images",
        identity=identity,
    ),
    opts=in_cluster(efs, clients),
)

pulumi.export("claimName", images.claim_name)
