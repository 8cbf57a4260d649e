"""A bucket that is deleted with its stack, and forgets old versions after a week."""

import pulumi_eks_storage as storage

storage.Bucket(
    "images",
    bucket_name="example-shop-images",
    noncurrent_versions_in_days=7,
    retention=storage.Retention.DELETE,
)
