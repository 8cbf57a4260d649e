"""A cluster's nodes may mount a file system, and nobody else."""

import pulumi_eks_storage as storage

cluster = storage.ExistingCluster(
    "cluster",
    cluster_name="shop",
    region="eu-west-1",
    vpc_id="vpc-0123456789abcdef0",
)
files = storage.FileSystem(
    "files",
    vpc_id="vpc-0123456789abcdef0",
    zones=["eu-west-1a", "eu-west-1b"],
    subnet_ids={
        "eu-west-1a": "subnet-0123456789abcdef0",
        "eu-west-1b": "subnet-0fedcba9876543210",
    },
    access_points={
        "images": storage.AccessPointArgs(
            path="/images",
            identity=storage.PosixIdentityArgs(uid=1000, gid=1000),
        ),
    },
    retention=storage.Retention.RETAIN,
)
storage.FileSystemClients(
    "clients",
    security_group_id=files.security_group_id,
    clients={"nodes": cluster.node_security_group_id},
)
