"""A copy of a file system in Frankfurt."""

import pulumi_eks_storage as storage

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
storage.FileSystemReplica(
    "copy",
    source_file_system_id=files.file_system_id,
    region="eu-central-1",
    retention=storage.Retention.RETAIN,
)
