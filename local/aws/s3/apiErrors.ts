import { type ApiError, type ApiErrors, exists } from "../apiErrors";
import { malformed } from "../iam/malformed";
import { list, statementsOf } from "../iam/policies";
import type { Refusal } from "../refusal";

export const page = () => "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";

/** Of a request that isn't as AWS's model has it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const refusal: Refusal = {
  code: "MalformedXML",
  words: () => ({
    explanation: "The XML you provided was not well-formed or did not validate against our published schema",
  }),
};

const noSuchBucket: ApiError = {
  code: "NoSuchBucket",
  message: "The specified bucket does not exist",
  when: ({ properties }, account) => !account.find("s3/bucket", properties.bucket),
};

export const errors = {
  // It has no more words: nobody is to learn whose buckets there are.
  HeadBucket: [{ ...noSuchBucket, code: "NotFound", message: "Not Found" }],
  CreateBucket: [
    {
      code: "BucketAlreadyOwnedByYou",
      message: "The bucket that you tried to create already exists, and you own it.",
      when: exists("s3/bucket", "bucket"),
    },
    {
      code: "InvalidBucketName",
      message: "The specified bucket is not valid.",
      page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
      when: ({ properties }) => !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(String(properties.bucket)),
    },
  ],
  DeleteBucket: [
    {
      code: "BucketNotEmpty",
      message: "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
      when: ({ id, properties }, account) =>
        properties.forceDestroy !== true && account.where("s3/object", "bucket", id).length > 0,
    },
  ],
  PutBucketEncryption: [noSuchBucket],
  PutBucketLifecycleConfiguration: [noSuchBucket],
  PutBucketOwnershipControls: [noSuchBucket],
  PutBucketPolicy: [
    noSuchBucket,
    malformed("MalformedPolicy", "policy", "resource"),
    {
      code: "MalformedPolicy",
      message: "Policy has invalid resource",
      when: ({ properties }) => {
        const arn = `arn:aws:s3:::${String(properties.bucket)}`;
        return !statementsOf(properties.policy).every(({ Resource }) =>
          list(Resource).every((resource) => resource === arn || resource.startsWith(`${arn}/`)),
        );
      },
    },
  ],
  PutBucketVersioning: [noSuchBucket],
  PutPublicAccessBlock: [noSuchBucket],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
