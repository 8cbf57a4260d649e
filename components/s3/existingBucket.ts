import * as pulumi from "@pulumi/pulumi";
import { validateBucketName } from "./bucketName";
import { validateBucket } from "./usableBucket";
import { assertArguments } from "../checks/assertValid";
import { partitionOf } from "../partitions";
import { lookAtOthers } from "../retention/refusals";
import { typeTokens } from "../typeTokens";

export interface ExistingBucketArgs {
  /** The bucket's name. Plain. */
  bucketName: string;
  /** The region that it is in. */
  region: pulumi.Input<string>;
  /** What the arguments are called where they are configured, for messages. Plain. Default: as here. */
  argumentNames?: Record<string, string>;
}

/**
 * A bucket that somebody else manages. It is looked at, and no setting of it is changed.
 *
 * @throws pulumi.RunError, at a preview already, for a bucket of another region, or one that the account can't list. Once
 *   deployed, it is told.
 */
export class ExistingBucket extends pulumi.ComponentResource {
  /** The bucket's name, once it is looked up. */
  public readonly bucketName: pulumi.Output<string>;
  /** The bucket's ARN. */
  public readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: ExistingBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    const { bucketName, argumentNames } = args;
    assertArguments("ExistingBucket", name, args, () => validateBucketName(bucketName));
    super(typeTokens.ExistingBucket, name, {}, opts);

    const adopter = { type: typeTokens.ExistingBucket, name, component: this, argumentNames };
    const passed = lookAtOthers(adopter, { bucketName }, () =>
      validateBucket("bucketName", bucketName, { parent: this }),
    );
    this.bucketName = pulumi.output(passed.then(() => bucketName));
    const partition = pulumi.output(args.region).apply(partitionOf);
    this.bucketArn = pulumi.interpolate`arn:${partition}:s3:::${this.bucketName}`;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}
