"""A file system in two zones, with a directory of the user 1000."""

import pulumi_eks_storage as storage

storage.FileSystem(
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
