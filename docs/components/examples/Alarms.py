"""Alarms on a file system, its clients and its backups, to a topic of yours."""

import pulumi
import pulumi_eks_storage as storage

config = pulumi.Config()
account_id = config.require("accountId")
topic_arn = config.require("topicArn")

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
    clients={"nodes": "sg-0123456789abcdef0"},
)
backups = storage.Backups(
    "backups",
    vault_name="shop-prod",
    account_id=account_id,
    file_system=storage.BackedUpFileSystemArgs(
        id=files.file_system_id,
        arn=files.file_system_arn,
    ),
    tag_value="shop-prod",
    retention_in_days=35,
    retention=storage.Retention.RETAIN,
)
storage.Alarms(
    "alarms",
    topic_arn=topic_arn,
    file_system_id=files.file_system_id,
    throughput_mode=storage.ThroughputMode.ELASTIC,
    has_clients=True,
    backup_vault_name=backups.vault_name,
)
