import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { validateUsableKey } from "./adoptableKey";
import { assertArguments } from "../checks/assertValid";
import { lookedAt } from "../retention/adoptable";
import { lookAtOthers } from "../retention/refusals";
import { typeTokens } from "../typeTokens";

export interface ExistingEncryptionKeyArgs {
  /** The key's ARN. Plain. */
  keyArn: string;
  /**
   * What messages call the arguments, by their names here, where a program's users know them by others:
   * `{ retention: "shop:retention" }`. Plain. Default: these names.
   */
  argumentNames?: Record<string, string>;
}

/**
 * A KMS key that somebody else manages. It is looked at, and neither it nor its policy is changed.
 *
 * Use it before another team's key is given to a component: data that nobody can decrypt is refused here.
 *
 * @throws pulumi.RunError, at a preview already, for a key that is disabled or about to be deleted, one of AWS's own, or one that
 *   doesn't encrypt data. Once deployed, previews only warn of it.
 */
export class ExistingEncryptionKey extends pulumi.ComponentResource {
  /** The key's ARN, once it is looked up. */
  public readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: ExistingEncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { keyArn, argumentNames } = args;
    assertArguments("ExistingEncryptionKey", name, args);
    super(typeTokens.ExistingEncryptionKey, name, {}, opts);

    const adopter = { type: typeTokens.ExistingEncryptionKey, name, component: this, argumentNames };
    const key = { argument: "keyArn", what: "a KMS key", id: keyArn, right: "kms:DescribeKey" };
    const passed = lookAtOthers(adopter, { keyArn }, () =>
      lookedAt(key, aws.kms.getKey({ keyId: keyArn }, { parent: this }), (found) =>
        validateUsableKey("keyArn", keyArn, found, "Name another key, or leave it out for a key of the stack's own."),
      ),
    );
    this.keyArn = pulumi.output(passed.then(() => keyArn));
    this.registerOutputs({ keyArn: this.keyArn });
  }
}
