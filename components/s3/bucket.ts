import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { validateBucketName } from "./bucketName";
import { assertArguments } from "../checks/assertValid";
import { validateBucket } from "./usableBucket";
import { adopt, adopted, mustStay } from "../retention/adoption";
import type { Adopter } from "../retention/adopter";
import { keepsData, protectAndRetain, retained, type Retention } from "../retention/retention";
import { typeTokens } from "../typeTokens";

export interface BucketArgs {
  /** The bucket's name, which no other bucket in AWS may have. Plain, so that volumes know it at a first preview. */
  bucketName: string;
  /** Whether the objects outlive the stack. Under `delete` they are deleted with it, with all their versions. Plain. */
  retention: Retention;
  /** Whether an earlier stack kept the bucket, and this one adopts it, once. Plain. Default: false, a new one is made. */
  adopt?: boolean;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
  /**
   * ARN of the KMS key that encrypts the objects; the bucket asks KMS once for many of them. Changing it encrypts what
   * is written from then on. Default: S3's own keys, which cost nothing.
   */
  kmsKeyArn?: pulumi.Input<string>;
  /** How long an object that was overwritten or deleted can be brought back, in days, at least 1. Default: 30. */
  noncurrentVersionsInDays?: pulumi.Input<number>;
}

/**
 * An S3 bucket for one workload's files: no public access, versioned, encrypted, TLS only. Its account owns every object put
 * into it. Old versions expire, and unfinished uploads are deleted after a week.
 *
 * Use it for many files that are written once and read often, through Mountpoint: see {@link StaticVolume}.
 *
 * @throws pulumi.RunError for a name that S3 doesn't accept, or one with dots, whose host no certificate covers; at a preview
 *   already, with `adopt`, for a bucket that can't be adopted.
 */
export class Bucket extends pulumi.ComponentResource {
  /** The bucket's name. Known at the first preview. */
  public readonly bucketName: pulumi.Output<string>;
  /** The bucket's ARN. */
  public readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("Bucket", name, args, () => validateBucketName(args.bucketName));
    super(typeTokens.Bucket, name, {}, opts);

    const { bucketName: id, argumentNames } = args;
    const adopter: Adopter = { type: typeTokens.Bucket, name, component: this, argumentNames };
    const adoptable = { argument: "bucketName", id, type: "aws:s3/bucket:Bucket", names: [name] };
    const check = () => validateBucket("bucketName", id, { parent: this });

    const made = new aws.s3.Bucket(
      name,
      {
        bucket: args.bucketName,
        // Left out rather than false: an adopted bucket knows nothing of it.
        ...(keepsData(args.retention) ? {} : { forceDestroy: true }),
        tags: { Name: args.bucketName },
      },
      {
        parent: this,
        ...protectAndRetain(args.retention),
        ...(args.adopt ? adopt(adopter, { ...adoptable, check }).options : mustStay(adopter, adoptable)),
      },
    );
    const bucket = made.bucket;
    // A retained bucket keeps its settings: without them it could be made public, or lose its versions.
    const setting = { parent: this, ...retained(args.retention) };

    const blocked = new aws.s3.BucketPublicAccessBlock(
      name,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      setting,
    );
    // S3 refuses two changes of a bucket's access at once (OperationAborted).
    const owned = new aws.s3.BucketOwnershipControls(
      name,
      { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      { ...setting, dependsOn: [blocked] },
    );
    new aws.s3.BucketPolicy(name, { bucket, policy: tlsOnly(made.arn) }, { ...setting, dependsOn: [owned] });
    new aws.s3.BucketServerSideEncryptionConfiguration(name, { bucket, rules: [encryption(args.kmsKeyArn)] }, setting);
    const versioned = new aws.s3.BucketVersioning(
      name,
      { bucket, versioningConfiguration: { status: "Enabled" } },
      setting,
    );
    new aws.s3.BucketLifecycleConfiguration(
      name,
      { bucket, rules: [tidying(args.noncurrentVersionsInDays ?? 30)] },
      { ...setting, dependsOn: [versioned] },
    );

    this.bucketName = bucket;
    this.bucketArn = made.arn;
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      ...adopted({ bucketName: args.adopt ? id : undefined }),
    });
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html */
function encryption(kmsKeyArn: pulumi.Input<string> | undefined) {
  return kmsKeyArn === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
    : {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
        bucketKeyEnabled: true,
      };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html */
function tidying(noncurrentDays: pulumi.Input<number>) {
  return {
    id: "tidy",
    status: "Enabled",
    filter: {},
    noncurrentVersionExpiration: { noncurrentDays },
    // Of a deleted object the mark alone stays once its versions have expired; every listing reads past it.
    expiration: { expiredObjectDeleteMarker: true },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html#example-bucket-policies-HTTP-HTTPS */
function tlsOnly(bucketArn: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RefuseUnencryptedTransport",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, pulumi.interpolate`${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
