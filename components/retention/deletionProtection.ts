import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { reportCluster } from "./clusterReport";
import { earlierRecord, staysWhileItNames } from "./earlierRecord";
import { isProtected, retained, type Retention } from "./retention";
import { RetentionNotice } from "./retentionNotice";
import { typeTokens } from "../typeTokens";

/** A claim whose disk outlives the stack: a database's. */
export interface RetainedClaimArgs {
  /** The claim's namespace. Plain. */
  namespace: string;
  /** The claim's name. */
  name: pulumi.Input<string>;
  /** The configuration key by which a later stack adopts its EBS volume, whose id is the value. Plain. */
  volumeKey: string;
  /** The configuration key for that volume's availability zone. Plain. */
  zoneKey: string;
  /** The key, one of `configuration`, that adopts the passwords which its data knows. Plain. Default: there are none. */
  credentialsKey?: string;
}

export interface DeletionProtectionArgs {
  /** Under `retain` a destroy is refused. Under `release` and `delete` it is allowed. Plain. */
  retention: Retention;
  /**
   * The configuration by which a later stack adopts what a destroy keeps: values by key. No secrets: the destroy prints
   * it. Plain keys.
   */
  configuration: Record<string, pulumi.Input<string>>;
  /** What the configuration adopts, ids and names by the same keys. Plain. Default: nothing. */
  adopted?: Record<string, string>;
  /**
   * The claim whose disk is looked up in the cluster, and named with the rest. Plain but for its name. Default: none; of EFS
   * and S3 there is no disk.
   */
  claim?: RetainedClaimArgs;
  /** A kubeconfig, JSON or YAML, that may list persistentvolumes and persistentvolumeclaims. Secret. */
  kubeconfig: pulumi.Input<string>;
  /**
   * Name of an SSM parameter for the same record, such as `/shop-prod/kept`. It outlives the stack as the data does:
   * `aws ssm get-parameter` reads it before and after a destroy. It goes on naming what an earlier stack with the same
   * parameter kept, and what this one kept and no longer has. Plain. Default: none: only the destroy prints the record.
   */
  recordParameter?: string;
}

/**
 * Decides at the start of `pulumi destroy` whether the stack may be destroyed, and prints what the destroy keeps. Before
 * that, each preview and `up` warns of claims and volumes that have come apart in the cluster.
 *
 * Give it everything else as `dependsOn`. A destroy deletes dependents first, so this component's turn comes before all
 * others. Under `retain` it is protected: the destroy fails there, before anything was deleted. (A protected file system
 * alone would stop a destroy only after everything that depends on it was deleted.) Otherwise its notice prints the
 * configuration by which a later stack adopts what stays. With a `claim` it asks the cluster for its disk.
 *
 * It makes a dynamic resource, the notice, and with `recordParameter` an SSM parameter with the same record.
 * https://www.pulumi.com/docs/iac/concepts/options/protect/
 *
 * Use one in each stack that has data: a database, a file system or a bucket.
 *
 * @throws pulumi.RunError for a `recordParameter` that doesn't begin with a slash; at a preview already, for one that holds
 *   something else than such a record.
 */
export class DeletionProtection extends pulumi.ComponentResource {
  constructor(name: string, args: DeletionProtectionArgs, opts: pulumi.ComponentResourceOptions) {
    assertArguments("DeletionProtection", name, args, () => validate(args));
    // JavaScript may leave them out.
    const { protect, dependsOn = [] } = (opts as typeof opts | undefined) ?? {};
    super(typeTokens.DeletionProtection, name, {}, { ...opts, protect: isProtected(args.retention) || protect });
    if ([dependsOn].flat().length === 0)
      void pulumi.log.warn(
        "It has no dependsOn, so a destroy comes to it at no certain time: it may delete other things before it is " +
          "refused, or before it has said what stays. Give everything else as dependsOn.",
        this,
      );
    const { retention, configuration, claim, adopted = {}, kubeconfig, recordParameter } = args;
    const reported = reportCluster(this, retention, claim && adopted[claim.volumeKey], recordParameter);
    const [outdated, dismissed] = [reported.then((it) => it.outdated), reported.then((it) => it.dismissed)];
    const found = recordParameter === undefined ? Promise.resolve([]) : earlierRecord(recordParameter, adopted, this);
    const notice = new RetentionNotice(
      `${name}-notice`,
      { retention, configuration, claim, outdated, dismissed, found, kubeconfig },
      { parent: this },
    );
    if (recordParameter !== undefined) {
      new aws.ssm.Parameter(
        `${name}-kept`,
        {
          name: recordParameter,
          type: "String",
          // It holds no secret, though @pulumi/aws counts every value of a parameter as one.
          value: pulumi.jsonStringify({ retention, configuration, claim, disk: notice.disk, earlier: notice.earlier }),
          description: "What a destroy of the stack keeps, and the configuration that adopts it",
          // A stack that adopts what an earlier one kept replaces that one's record.
          overwrite: true,
        },
        { parent: this, ...retained(retention), transforms: [staysWhileItNames(found)] },
      );
    }
    this.registerOutputs({});
  }
}

function validate({ recordParameter }: DeletionProtectionArgs): Violation[] {
  if (recordParameter === undefined || recordParameter.startsWith("/")) return [];
  const expected = "a name that begins with /, such as /shop-prod/kept";
  const fix = "The record is looked up by the path that it is in.";
  return [{ argument: "recordParameter", expected, actual: recordParameter, fix }];
}
