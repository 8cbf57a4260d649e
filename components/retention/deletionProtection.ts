import * as pulumi from "@pulumi/pulumi";
import { isProtected, type Retention } from "./retention";
import { RetentionNotice } from "./retentionNotice";
import { typeTokens } from "../typeTokens";

/** The claim of a disk that is kept. */
export interface RetainedClaimArgs {
  namespace: string;
  name: pulumi.Input<string>;
  /** The configuration key that takes up its EBS volume, by id. */
  volumeKey: string;
  /** The configuration key for the volume's availability zone. */
  zoneKey: string;
}

export interface DeletionProtectionArgs {
  /** `retain` refuses deletion; the others allow it. Plain. */
  retention: Retention;
  /** What is kept when the stack is destroyed, as the configuration that takes it up again: values by key. */
  configuration: Record<string, pulumi.Input<string>>;
  claim: RetainedClaimArgs;
  /** A kubeconfig that may list volumes. */
  kubeconfig: pulumi.Input<string>;
}

/**
 * Makes `pulumi destroy` refuse at once. The engine finds out that a resource is protected when its turn comes, with
 * everything that depends on it gone by then. This one has to depend on everything (`dependsOn`): its turn comes first,
 * and where it may not be deleted, nothing is. Where it may, it says what stays, and how that is taken up again.
 */
export class DeletionProtection extends pulumi.ComponentResource {
  constructor(name: string, args: DeletionProtectionArgs, opts: pulumi.ComponentResourceOptions) {
    super(typeTokens.DeletionProtection, name, {}, { ...opts, protect: isProtected(args.retention) });
    new RetentionNotice(`${name}-notice`, { ...args }, { parent: this });
    this.registerOutputs({});
  }
}
