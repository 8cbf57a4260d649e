import type { Violation } from "../checks/violations";

/**
 * What is wrong with a bucket's name. Dots are S3's to allow and ours to refuse: no certificate covers such a host, and
 * Mountpoint reaches a bucket by its host name.
 *
 * Rules from https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function validateBucketName(name: string, argument = "bucketName"): Violation[] {
  const isReserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3)$/.test(name);
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name) && !isReserved) return [];
  return [
    {
      argument,
      expected: "3 to 63 lower-case letters, digits and hyphens, without S3's reserved beginnings and ends",
      actual: name,
      fix: "If a stack's name is part of it, name the stack in such letters. All of AWS shares these names.",
    },
  ];
}
