import type { ResourceType, ResourceTypes } from "../service";

/** A setting of a bucket, of which it has one. */
const setting: ResourceType = {
  id: "{bucket}",
  replaces: "bucket expectedBucketOwner",
  untagged: true,
  overwrites: true,
  refersTo: "bucket:s3/bucket",
};

export const s3: ResourceTypes = {
  "s3/bucket": {
    id: "{bucket}",
    replaces: "bucket bucketPrefix bucketNamespace objectLockEnabled",
    named: "bucket",
    unique: "bucket",
    computed: {
      arn: "arn:aws:s3:::{bucket}",
      bucketDomainName: "{bucket}.s3.amazonaws.com",
      bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
    },
  },
  "s3/bucketLifecycleConfiguration": setting,
  "s3/bucketOwnershipControls": setting,
  "s3/bucketPolicy": setting,
  "s3/bucketPublicAccessBlock": setting,
  "s3/bucketServerSideEncryptionConfiguration": setting,
  "s3/bucketVersioning": setting,
};
