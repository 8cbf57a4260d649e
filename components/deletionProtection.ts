import * as pulumi from "@pulumi/pulumi";
import { isProtected, type Retention } from "./retention";
import { types } from "./types";

export interface DeletionProtectionArgs {
  /** `retain` refuses deletion; the others allow it. Plain. */
  retention: Retention;
}

/**
 * Makes `pulumi destroy` refuse at once. The engine finds out that a resource is protected when its turn comes, with
 * everything that depends on it gone by then. This one has to depend on everything (`dependsOn`): its turn comes first,
 * and where it may not be deleted, nothing is.
 */
export class DeletionProtection extends pulumi.ComponentResource {
  constructor(name: string, args: DeletionProtectionArgs, opts: pulumi.ComponentResourceOptions) {
    super(types.DeletionProtection, name, {}, { ...opts, protect: isProtected(args.retention) });
    this.registerOutputs({});
  }
}
