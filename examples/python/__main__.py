"""A directory on EFS with its claim, and classes for disks and directories.

The cluster and the file system exist already:

    pulumi config set aws:region eu-west-1
    pulumi config set accountId 111122223333
    pulumi config set clusterName YOUR-CLUSTER
    pulumi config set vpcId vpc-0123456789abcdef0
    pulumi config set --path 'zones[0]' eu-west-1a
    pulumi config set fileSystemId fs-0123456789abcdef0
    pulumi config set fileSystemSecurityGroupId sg-0123456789abcdef0
    pulumi up

zones are those with nodes; the security group is that of the file system's mount targets.
A destroy leaves the files, which are the file system's.

The cluster has the add-on eks-pod-identity-agent and is administered by whoever deploys,
and lacks aws-efs-csi-driver and aws-ebs-csi-driver, as add-ons and from Helm:
docs/existing.md, or, with a driver that is there, docs/components.md.
The AWS CLI is on PATH.
"""

import pulumi
import pulumi_eks_storage as storage
import pulumi_kubernetes as kubernetes

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
vpc_id = config.require("vpcId")
uid = config.get_int("uid")
identity = storage.PosixIdentityArgs(uid=1000 if uid is None else uid, gid=1000)
drain_timeout = config.get_int("drainTimeoutInMinutes")

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name=config.require("clusterName"),
    region=region,
    vpc_id=vpc_id,
    makes=storage.ClusterWideNamesArgs(storage_classes=["shared", "disks"]),
    addon_names=["aws-efs-csi-driver", "aws-ebs-csi-driver"],
)
provider = kubernetes.Provider("kubernetes", kubeconfig=cluster.kubeconfig)

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

# What uses a driver depends on it, and it depends on what its volumes are on.
efs = storage.CsiDriver(
    "efs",
    kind=storage.CsiDriverKind.EFS,
    cluster_name=cluster.cluster_name,
    version="v3.4.1-eksbuild.1",
    region=region,
    kubeconfig=cluster.kubeconfig,
    drain_timeout_in_minutes=10 if drain_timeout is None else drain_timeout,
    opts=pulumi.ResourceOptions(depends_on=[files, clients]),
)
ebs = storage.CsiDriver(
    "ebs",
    kind=storage.CsiDriverKind.EBS,
    cluster_name=cluster.cluster_name,
    version="v1.64.0-eksbuild.1",
    region=region,
    kubeconfig=cluster.kubeconfig,
)

storage.EfsStorageClass(
    "directories",
    class_name="shared",
    file_system_id=files.file_system_id,
    identity=identity,
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[efs]),
)
storage.EbsStorageClass(
    "disks",
    class_name="disks",
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[ebs]),
)
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
    opts=pulumi.ResourceOptions(providers=[provider], depends_on=[efs]),
)

pulumi.export("claimName", images.claim_name)
