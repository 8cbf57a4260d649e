"""A key of the account's for the objects of a bucket."""

import pulumi
import pulumi_eks_storage as storage

config = pulumi.Config()
account_id = config.require("accountId")

key = storage.EncryptionKey(
    "key",
    alias="shop-prod",
    account_id=account_id,
    retention=storage.Retention.RETAIN,
)
storage.Bucket(
    "images",
    bucket_name="example-shop-images",
    kms_key_arn=key.key_arn,
    retention=storage.Retention.RETAIN,
)
