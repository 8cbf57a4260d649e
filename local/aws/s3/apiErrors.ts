import type { Rule } from "../apiErrors";
import { references, types } from "../services";

export const S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";

/** What S3 refuses. */
export const s3Rules: Rule[] = [
  ...Object.keys(types)
    .filter((type) => references(type, "s3/bucket").length > 0)
    .map((type): Rule => {
      return {
        on: "create",
        type,
        error: "NoSuchBucket",
        says: "The specified bucket does not exist",
        page: S3,
        when: ({ properties }, cloud) => !cloud.find("s3/bucket", properties.bucket),
      };
    }),
  {
    on: "create",
    type: "s3/bucket",
    error: "InvalidBucketName",
    says: "The specified bucket is not valid.",
    page: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html",
    when: ({ properties }) => !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(String(properties.bucket)),
  },
  {
    on: "delete",
    type: "s3/bucket",
    error: "BucketNotEmpty",
    says: "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    page: S3,
    when: ({ id, properties }, cloud) =>
      properties.forceDestroy !== true && cloud.all("s3/object").some((object) => object.properties.bucket === id),
  },
  ...(["create", "change"] as const).map((on): Rule => {
    return {
      on,
      type: "s3/bucketPolicy",
      error: "MalformedPolicy",
      says: "Policy has invalid resource",
      page: S3,
      when: ({ properties }) => {
        const arn = `arn:aws:s3:::${String(properties.bucket)}`;
        const { Statement } = JSON.parse(String(properties.policy)) as { Statement: { Resource: string[] }[] };
        return !Statement.every(({ Resource }) =>
          [Resource].flat().every((resource) => resource === arn || resource.startsWith(`${arn}/`)),
        );
      },
    };
  }),
];
