"""A bucket whose objects another team's key encrypts."""

import pulumi
import pulumi_eks_storage as storage

config = pulumi.Config()
key_arn = config.require("keyArn")

key = storage.ExistingEncryptionKey("key", key_arn=key_arn)
storage.Bucket(
    "images",
    bucket_name="example-shop-images",
    kms_key_arn=key.key_arn,
    retention=storage.Retention.RETAIN,
)
