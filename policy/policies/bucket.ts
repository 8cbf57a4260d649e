import { bucketDeniesWithoutTls, BUCKETS, listOf } from "../aws";
import { type Policy, Severity } from "../policy";
import { peek, type Resource, type Stack } from "../stack";

const setting = (bucket: Resource, stack: Stack, name: string): Resource[] =>
  stack.referring(bucket, "bucket", `aws:s3/b${name.slice(1)}:${name}`, `aws:s3/b${name.slice(1)}V2:${name}V2`);

/** Settings of the bucket's own, which the provider deprecates and still takes. The former type has lists of one. */
const own = ({ props }: Resource, name: string, formerName: string): any[] => [
  ...listOf<any>(props[name] ?? undefined),
  ...listOf<any>(props[formerName] ?? undefined),
];

const defaultsOf = (rule: any): any[] => [
  ...listOf<any>(rule.applyServerSideEncryptionByDefault),
  ...listOf<any>(rule.applyServerSideEncryptionByDefaults),
];

const ACCOUNT_BLOCK = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const LOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const bucket: Policy[] = [
  {
    name: "bucket-closed",
    description: "A bucket can't be made public.",
    severity: Severity.Critical,
    standards: [
      "AWS Security Hub S3.8",
      "Checkov CKV_AWS_53",
      "Checkov CKV_AWS_54",
      "Checkov CKV_AWS_55",
      "Checkov CKV_AWS_56",
    ],
    fix: ["Add a BucketPublicAccessBlock, or an AccountPublicAccessBlock of all buckets, with all four settings true."],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
    example: {
      wrong: "new aws.s3.Bucket(name) // and no BucketPublicAccessBlock",
      right: `{ bucket, ${LOCKS.map((lock) => `${lock}: true`).join(", ")} }`,
    },
    types: BUCKETS,
    *checkInStack(resource, stack) {
      // An account's block holds for each of its buckets: S3 applies the most restrictive combination of both blocks.
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
      // Another provider may be of another account.
      const ofAccount = stack.all(ACCOUNT_BLOCK).filter(({ provider }) => provider === resource.provider);
      const blocks = [...setting(resource, stack, "BucketPublicAccessBlock"), ...ofAccount];
      for (const lock of LOCKS) if (!blocks.some(({ props }) => props[lock] === true)) yield `${lock} is not true`;
    },
  },
  {
    name: "bucket-versioned",
    description: "A bucket keeps old versions of its objects.",
    severity: Severity.High,
    standards: ["AWS Security Hub S3.14", "Checkov CKV_AWS_21"],
    fix: ["Add a BucketVersioning with the status Enabled, and a lifecycle that expires old versions."],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
    example: { wrong: '{ status: "Suspended" }', right: '{ versioningConfiguration: { status: "Enabled" } }' },
    types: BUCKETS,
    *checkInStack(resource, stack) {
      const versioning = setting(resource, stack, "BucketVersioning");
      const isOn =
        versioning.some(({ props }) => props.versioningConfiguration?.status === "Enabled") ||
        own(resource, "versioning", "versionings").some(({ enabled }) => enabled === true);
      if (!isOn) yield "versioning is not Enabled";
    },
  },
  {
    name: "bucket-encrypted",
    description: "A bucket has a default encryption.",
    severity: Severity.Medium,
    standards: ["Checkov CKV_AWS_19"],
    fix: ["Add a BucketServerSideEncryptionConfiguration with AES256 or aws:kms."],
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html",
    example: {
      wrong: "new aws.s3.Bucket(name) // and no encryption configuration",
      right: '{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId } }',
    },
    types: BUCKETS,
    *checkInStack(resource, stack) {
      const name = "serverSideEncryptionConfiguration";
      const rules = [
        ...setting(resource, stack, "BucketServerSideEncryptionConfiguration").map(({ props }) => props.rules),
        ...own(resource, name, `${name}s`).map(({ rule, rules }) => rule ?? rules),
      ].flatMap((it) => listOf<any>(it));
      const algorithms = rules.flatMap(defaultsOf).map(({ sseAlgorithm }) => sseAlgorithm as string);
      if (!algorithms.some((it) => ["AES256", "aws:kms", "aws:kms:dsse"].includes(it)))
        yield "no encryption rule names an algorithm";
    },
  },
  {
    name: "bucket-tls-only",
    description: "A bucket denies access without TLS.",
    severity: Severity.High,
    standards: ["AWS Security Hub S3.5", "Checkov CKV_AWS_379"],
    fix: [
      "Add a BucketPolicy that denies s3:* to everybody where aws:SecureTransport is false, with no other condition.",
      "Name the bucket and its objects as Resource: ARN and ARN/*.",
    ],
    url: "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-5",
    example: {
      wrong: "new aws.s3.Bucket(name) // and no BucketPolicy",
      right: `const Resource = [arn, pulumi.interpolate\`\${arn}/*\`];
const Condition = { Bool: { "aws:SecureTransport": "false" } };
{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource, Condition }`,
    },
    types: BUCKETS,
    *checkInStack(resource, stack) {
      const policies = [...setting(resource, stack, "BucketPolicy"), resource].filter(
        ({ props }) => peek(props, "policy") !== undefined,
      );
      if (policies.length === 0) yield "it has no policy";
      else if (!policies.some(({ props }) => bucketDeniesWithoutTls(props.policy))) {
        yield "its policy doesn't deny everything, to the bucket and its objects, where aws:SecureTransport is false";
      }
    },
  },
];
