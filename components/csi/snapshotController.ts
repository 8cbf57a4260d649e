import * as pulumi from "@pulumi/pulumi";
import { addon } from "../eks/addon";
import { assertArguments } from "../checks/assertValid";
import { typeTokens } from "../typeTokens";

export interface SnapshotControllerArgs {
  /** The cluster's name in AWS. */
  clusterName: pulumi.Input<string>;
  /** The add-on's version, such as `v8.6.0-eksbuild.8`: `aws eks describe-addon-versions` lists them. */
  version: pulumi.Input<string>;
}

/**
 * The add-on `snapshot-controller`: the kinds VolumeSnapshot, VolumeSnapshotContent and VolumeSnapshotClass, and what
 * binds them to each other. The EBS driver must depend on it: its add-on takes snapshots only if the kinds are there when
 * it is installed, and snapshots can't go without both.
 * https://docs.aws.amazon.com/eks/latest/userguide/csi-snapshot-controller.html
 *
 * Use one in each cluster that is to have snapshots, with an {@link EbsSnapshotClass}.
 */
export class SnapshotController extends pulumi.ComponentResource {
  /** The add-on's version, once it is installed. */
  public readonly addonVersion: pulumi.Output<string>;

  constructor(name: string, args: SnapshotControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("SnapshotController", name, args);
    super(typeTokens.SnapshotController, name, {}, opts);
    const controller = addon(
      name,
      { clusterName: args.clusterName, addonName: "snapshot-controller", version: args.version },
      { parent: this },
    );
    this.addonVersion = controller.addonVersion;
    this.registerOutputs({ addonVersion: this.addonVersion });
  }
}
