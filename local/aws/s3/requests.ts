import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/s3 */
const publicAccessBlock = (name: string) => `PublicAccessBlockConfiguration.${name}`;

export const members: Record<string, Members> = {
  "s3/bucket": {
    objectLockEnabled: "ObjectLockEnabledForBucket",
    tagsAll: "Tagging.TagSet",
    forceDestroy: NOT_SENT,
  },
  "s3/bucketLifecycleConfiguration": { rules: "LifecycleConfiguration.Rules" },
  "s3/bucketOwnershipControls": { rule: "OwnershipControls.Rules" },
  "s3/bucketPublicAccessBlock": {
    blockPublicAcls: publicAccessBlock("BlockPublicAcls"),
    blockPublicPolicy: publicAccessBlock("BlockPublicPolicy"),
    ignorePublicAcls: publicAccessBlock("IgnorePublicAcls"),
    restrictPublicBuckets: publicAccessBlock("RestrictPublicBuckets"),
    skipDestroy: NOT_SENT,
  },
  "s3/bucketServerSideEncryptionConfiguration": { rules: "ServerSideEncryptionConfiguration.Rules" },
};
