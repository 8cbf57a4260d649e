"""A directory on another team's file system, reached by the mount targets it has."""

import pulumi
import pulumi_eks_storage as storage

config = pulumi.Config()
account_id = config.require("accountId")

storage.ExistingFileSystem(
    "files",
    file_system_id="fs-0123456789abcdef0",
    security_group_id="sg-0123456789abcdef0",
    region="eu-west-1",
    account_id=account_id,
    vpc_id="vpc-0123456789abcdef0",
    zones=["eu-west-1a", "eu-west-1b"],
    subnet_ids={},
    access_points={
        "images": storage.AccessPointArgs(
            path="/images",
            identity=storage.PosixIdentityArgs(uid=1000, gid=1000),
        ),
    },
    retention=storage.Retention.RETAIN,
)
