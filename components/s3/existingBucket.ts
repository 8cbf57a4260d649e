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
  /** The region that the bucket must be in, such as `eu-west-1`. */
  region: pulumi.Input<string>;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * A bucket that somebody else manages. It is looked at, and no setting of it is changed.
 *
 * Use it before another team's bucket is given to a driver and a volume: one that can't be mounted is refused here.
 *
 * @throws pulumi.RunError for a name that S3 doesn't accept, or one with dots; at a preview already, for a bucket of another
 *   region, or one that the account can't list. Once deployed, previews only warn of it.
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
