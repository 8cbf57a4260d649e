import type { ResourceType, ResourceTypes } from "../resourceType";
import type { Operation } from "./apiErrors";

/** A setting of a bucket, of which it has one. */
const setting = (operation: Operation): ResourceType<Operation> => ({
  id: "{bucket}",
  replaces: "bucket expectedBucketOwner",
  untagged: true,
  overwrites: true,
  calls: { create: [operation], update: [operation] },
});

export const resources: ResourceTypes<Operation> = {
  "s3/bucket": {
    id: "{bucket}",
    replaces: "bucket bucketPrefix bucketNamespace objectLockEnabled",
    named: "bucket",
    computed: {
      arn: "arn:aws:s3:::{bucket}",
      bucketDomainName: "{bucket}.s3.amazonaws.com",
      bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
    },
    calls: { create: ["CreateBucket", "PutBucketTagging"], delete: ["DeleteBucket"] },
    sideEffects: {
      // What `forceDestroy` does.
      deleted: ({ id }, account) => account.where("s3/object", "bucket", id).forEach((it) => account.remove(it)),
    },
  },
  "s3/bucketLifecycleConfiguration": setting("PutBucketLifecycleConfiguration"),
  "s3/bucketOwnershipControls": setting("PutBucketOwnershipControls"),
  "s3/bucketPolicy": setting("PutBucketPolicy"),
  "s3/bucketPublicAccessBlock": setting("PutPublicAccessBlock"),
  "s3/bucketServerSideEncryptionConfiguration": setting("PutBucketEncryption"),
  "s3/bucketVersioning": setting("PutBucketVersioning"),
};
