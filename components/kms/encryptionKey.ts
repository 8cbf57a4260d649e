import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertValid } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { validateAdoptableKey } from "./adoptableKey";
import { deletionWindowInDays } from "./deletionWindow";
import { adopt, adopted } from "../retention/adoption";
import { protectAndRetain, type Retention } from "../retention/retention";
import { typeTokens } from "../typeTokens";

export interface EncryptionKeyArgs {
  /** The alias that people find the key by, without `alias/`, such as `shop-prod`. Plain. */
  alias: string;
  /** The AWS account that the key is of, whose IAM policies say who may use it. */
  accountId: pulumi.Input<string>;
  /** Whether what it encrypts outlives the stack: the key does, too. Plain. */
  retention: Retention;
  /** The region that it is in: a key can't leave it. Plain. Default: the provider's. */
  region?: string;
  /**
   * Id of a key that an earlier stack kept and this one adopts, once: afterwards it may stay here or go. Plain. Default: a
   * new one is made.
   */
  adoptId?: string;
  /** What the arguments are called where they are configured, for messages. Plain. Default: as here. */
  argumentNames?: Record<string, string>;
}

/**
 * A KMS key of the account, rotated every year, with an alias. Without its key data is lost, so it outlives the stack
 * where the data does; where it doesn't, AWS deletes it a week after the stack, in which it can be brought back.
 * https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html
 */
export class EncryptionKey extends pulumi.ComponentResource {
  public readonly keyArn: pulumi.Output<string>;
  public readonly keyId: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    assertValid("EncryptionKey", name, validate(args));
    super(typeTokens.EncryptionKey, name, {}, opts);
    const { retention, region, adoptId } = args;
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
        policy: decidedByIam(args.accountId),
        tags: { Name: name },
      },
      { parent: this, ...protectAndRetain(retention), ...adoption.options },
    );
    // It goes with the stack in any case: it can be made again, and a kept one would be in the way of the next stack's.
    new aws.kms.Alias(name, { region, name: `alias/${args.alias}`, targetKeyId: key.id }, { parent: this });

    this.keyArn = key.arn;
    this.keyId = key.id;
    this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId, ...adopted({ adoptId }) });
  }
}

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html */
function validate({ alias }: EncryptionKeyArgs): Violation[] {
  if (/^(?!aws\/)[\w/-]{1,250}$/.test(alias)) return [];
  return [
    {
      argument: "alias",
      expected: "at most 250 letters, digits, slashes, dashes and underscores, not beginning with aws/",
      actual: alias,
      fix: "Leave out alias/: it is put before it.",
    },
  ];
}

/**
 * Whoever an IAM policy of the account allows to use it may; AWS's own default, written down.
 * https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
 */
function decidedByIam(accountId: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "DecidedByIam",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        // In a key's own policy: this key.
        Resource: "*",
      },
    ],
  });
}
