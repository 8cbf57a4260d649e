import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { validateAdoptableKey } from "./adoptableKey";
import { deletionWindowInDays } from "./deletionWindow";
import { adopt, adopted } from "../retention/adoption";
import { protectAndRetain, type Retention } from "../retention/retention";
import { partitionOf } from "../partitions";
import { typeTokens } from "../typeTokens";

export interface EncryptionKeyArgs {
  /** The alias that people find the key by, without `alias/`, such as `shop-prod`. Plain. */
  alias: string;
  /** The AWS account that owns the key. Its IAM policies decide who may use it. */
  accountId: pulumi.Input<string>;
  /** The AWS partition of the account, such as `aws-cn`: its ARNs begin with it. Default: that of `region`, or else the provider's. */
  partition?: pulumi.Input<string>;
  /** Whether the key outlives the stack: give that of the data which it encrypts. Plain. */
  retention: Retention;
  /** The key's region. AWS services use keys of their own region only. Plain. Default: the provider's. */
  region?: string;
  /**
   * Id of a key that an earlier stack kept, to be adopted, once: afterwards the argument may stay or go. The preview
   * refuses a key that isn't enabled, symmetric and of one region. Plain. Default: a new one is made.
   */
  adoptId?: string;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * A customer managed KMS key with an alias, for file systems, disks, buckets and vaults. KMS rotates it every year. Its key
 * policy lets the account's IAM policies decide who may use it. A key costs about 1 USD a month.
 *
 * Without the key the data can't be read. So under `retain` and `release` the key outlives the stack. Under `delete` AWS
 * deletes it 7 days after the stack; until then `aws kms cancel-key-deletion` brings it back. The alias goes with the stack.
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html, https://aws.amazon.com/kms/pricing/
 *
 * Use it where the data must be encrypted by a key that the account controls. AWS's own keys cost nothing, but nobody can
 * change who may use them, or disable them: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 *
 * @throws pulumi.RunError for an alias that KMS doesn't accept; at a preview already, for an `adoptId` that can't be adopted.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** For arguments such as `kmsKeyId` and `kmsKeyArn`. */
  public readonly keyArn: pulumi.Output<string>;
  /** The id that a later stack adopts it by. */
  public readonly keyId: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("EncryptionKey", name, args, () => validate(args));
    super(typeTokens.EncryptionKey, name, {}, opts);
    const { retention, region, adoptId } = args;
    const partition =
      args.partition ?? (region ? partitionOf(region) : aws.getPartitionOutput({}, { parent: this }).partition);
    const adopter = { type: typeTokens.EncryptionKey, name, component: this, argumentNames: args.argumentNames };
    const adoption = adopt(adopter, {
      ...{ argument: "adoptId", id: adoptId, region, type: "aws:kms/key:Key", names: [name] },
      check: (id) => validateAdoptableKey("adoptId", id, region, { parent: this }),
    });
    const key = new aws.kms.Key(
      name,
      {
        region,
        description: `Encrypts the data of ${args.alias}`,
        enableKeyRotation: true,
        deletionWindowInDays: deletionWindowInDays(retention),
        policy: decidedByIam(args.accountId, partition),
        tags: { Name: name },
      },
      { parent: this, ...protectAndRetain(retention), ...adoption.options },
    );
    // Deleted with the stack in any case: the next stack makes it again, and couldn't if it still existed.
    new aws.kms.Alias(name, { region, name: `alias/${args.alias}`, targetKeyId: key.id }, { parent: this });

    this.keyArn = key.arn;
    this.keyId = key.id;
    this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId, ...adopted({ adoptId }) });
  }
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
function validate({ alias }: EncryptionKeyArgs): Violation[] {
  const wrongAlias = {
    argument: "alias",
    expected: "at most 250 letters, digits, slashes, dashes and underscores, not beginning with aws/",
    actual: alias,
    fix: "Leave out alias/: it is put before it.",
  };
  return /^(?!aws\/)[\w/-]{1,250}$/.test(alias) ? [] : [wrongAlias];
}

/**
 * Lets the account's IAM policies decide who may use the key. This is AWS's default key policy.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function decidedByIam(accountId: pulumi.Input<string>, partition: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DecidedByIam",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        // In a key's own policy: this key.
        Resource: "*",
      },
    ],
  });
}
