import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { reportCluster } from "./clusterReport";
import { isProtected, keepsData, type Retention } from "./retention";
import { RetentionNotice } from "./retentionNotice";
import { typeTokens } from "../typeTokens";

/** The claim of a disk that is kept. */
export interface RetainedClaimArgs {
  namespace: string;
  name: pulumi.Input<string>;
  /** The configuration key that adopts its EBS volume, by id. */
  volumeKey: string;
  /** The configuration key for the volume's availability zone. */
  zoneKey: string;
  /** The key, one of `configuration`, that adopts the passwords which its data knows. Default: there are none. */
  credentialsKey?: string;
  /** The id of the EBS volume that the configuration adopts. Plain. Default: none. */
  adoptedVolumeId?: string;
}

export interface DeletionProtectionArgs {
  /** `retain` refuses deletion; the others allow it. Plain. */
  retention: Retention;
  /** What is kept when the stack is destroyed, as the configuration that adopts it: values by key. */
  configuration: Record<string, pulumi.Input<string>>;
  claim: RetainedClaimArgs;
  /** A kubeconfig, JSON or YAML, that may list volumes. It is a secret, however it is given. */
  kubeconfig: pulumi.Input<string>;
  /**
   * Name of an SSM parameter that holds what is said at the destroy, and is kept like the rest: `npm run kept` reads it,
   * whatever has become of the stack. Plain. Default: none, and it is said at the destroy only.
   */
  recordParameter?: string;
}

/**
 * Makes previews say what has come apart in the cluster since the last `up`, and `pulumi destroy` refuse at once. The engine finds out that a resource is protected when its turn comes, with
 * everything that depends on it gone by then. This one has to depend on everything (`dependsOn`): its turn comes first,
 * and where it may not be deleted, nothing is. Where it may, it says what stays, and how that is adopted.
 */
export class DeletionProtection extends pulumi.ComponentResource {
  constructor(name: string, args: DeletionProtectionArgs, opts: pulumi.ComponentResourceOptions) {
    super(typeTokens.DeletionProtection, name, {}, { ...opts, protect: isProtected(args.retention) });
    const { retention, configuration, kubeconfig, recordParameter } = args;
    const { adoptedVolumeId, ...claim } = args.claim;
    const outdated = reportCluster(this, retention, adoptedVolumeId);
    const notice = new RetentionNotice(
      `${name}-notice`,
      { retention, configuration, claim, outdated, kubeconfig },
      { parent: this },
    );
    if (recordParameter !== undefined) {
      new aws.ssm.Parameter(
        `${name}-kept`,
        {
          name: recordParameter,
          type: "String",
          // No secret is in it: the disk counts as one only because the kubeconfig is among the notice's inputs.
          value: pulumi.unsecret(pulumi.jsonStringify({ retention, configuration, claim, disk: notice.disk })),
          description: "What a destroy of the stack keeps, and the configuration that adopts it",
          // A stack that adopts what an earlier one kept writes over what that one said.
          overwrite: true,
        },
        { parent: this, retainOnDelete: keepsData(retention) },
      );
    }
    this.registerOutputs({});
  }
}
