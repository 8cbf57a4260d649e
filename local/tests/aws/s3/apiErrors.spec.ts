import { s3 } from "../../../aws/s3";
import type { Properties } from "../../../plugins/properties";
import { type Case, record, testApiErrors } from "../../support/apiErrorCases";
import { policy as document } from "../../support/policies";

const bucket = (properties: Properties = {}) => record("s3/bucket", "images", { bucket: "images", ...properties });
const policy = (Resource: string | string[], Effect = "Deny") =>
  record("s3/bucketPolicy", "images", {
    bucket: "images",
    policy: document({ Effect, Principal: "*", Action: "s3:*", Resource }),
  });

const SETTINGS = [
  "PutBucketEncryption",
  "PutBucketLifecycleConfiguration",
  "PutBucketOwnershipControls",
  "PutBucketPolicy",
  "PutBucketVersioning",
  "PutPublicAccessBlock",
];

testApiErrors("S3", s3, [
  {
    operation: "HeadBucket",
    request: bucket(),
    refused: /^NotFound: Not Found/,
    accepted: { existing: [bucket()] },
  },
  {
    operation: "CreateBucket",
    request: bucket(),
    existing: [{ ...bucket(), id: "other" }],
    refused: /^BucketAlreadyOwnedByYou: /,
  },
  ...["Images", "im", "images-", "i".repeat(64)].map((name): Case => {
    const refused = /^InvalidBucketName: /;
    return {
      operation: "CreateBucket",
      request: bucket({ bucket: name }),
      refused,
      accepted: { request: bucket() },
    };
  }),
  {
    operation: "DeleteBucket",
    request: bucket(),
    existing: [record("s3/object", "images/a.jpg", { bucket: "images" })],
    refused: /^BucketNotEmpty: The bucket you tried to delete is not empty/,
    accepted: { request: bucket({ forceDestroy: true }) },
  },
  ...SETTINGS.map((operation): Case => {
    const request = policy("arn:aws:s3:::images");
    return { operation, request, refused: /^NoSuchBucket: /, accepted: { existing: [bucket()] } };
  }),
  {
    operation: "PutBucketPolicy",
    request: policy("arn:aws:s3:::images", "Refuse"),
    existing: [bucket()],
    refused: /^MalformedPolicy: .*Effect/,
    accepted: { request: policy("arn:aws:s3:::images") },
  },
  {
    operation: "PutBucketPolicy",
    request: policy(["arn:aws:s3:::images", "arn:aws:s3:::images2/*"]),
    existing: [bucket()],
    refused: /^MalformedPolicy: Policy has invalid resource/,
    accepted: { request: policy(["arn:aws:s3:::images", "arn:aws:s3:::images/*"]) },
  },
]);
