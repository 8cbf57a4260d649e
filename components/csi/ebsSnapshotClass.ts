import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "./csiDriverData";
import { ReclaimPolicy } from "./reclaimPolicy";
import { assertArguments } from "../checks/assertValid";
import { typeTokens } from "../typeTokens";

export interface EbsSnapshotClassArgs {
  /** The class's name in Kubernetes. Plain. */
  className: string;
  /**
   * What becomes of a snapshot in EC2 when its VolumeSnapshot is deleted, with the claim's namespace for example. Plain.
   * Default: `Delete`.
   */
  deletionPolicy?: ReclaimPolicy;
  /** Whether snapshots of EBS disks that name no class get this one. Plain. Default: false. */
  isDefault?: boolean;
}

/**
 * A class of snapshots of EBS disks; the driver tags them as it does its disks. It needs {@link SnapshotController}.
 * https://kubernetes.io/docs/concepts/storage/volume-snapshot-classes
 *
 * Use it where the cluster's users make VolumeSnapshots of their disks; scheduled backups are {@link Backups}'.
 */
export class EbsSnapshotClass extends pulumi.ComponentResource {
  /** The class's name, for VolumeSnapshots. */
  public readonly className: pulumi.Output<string>;

  constructor(name: string, args: EbsSnapshotClassArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("EbsSnapshotClass", name, args);
    super(typeTokens.EbsSnapshotClass, name, {}, opts);
    new kubernetes.apiextensions.CustomResource(
      name,
      {
        ...snapshotKind("VolumeSnapshotClass"),
        metadata: {
          name: args.className,
          annotations: { "snapshot.storage.kubernetes.io/is-default-class": args.isDefault ? "true" : "false" },
        },
        driver: csiDrivers.ebs.driverName,
        deletionPolicy: args.deletionPolicy ?? ReclaimPolicy.Delete,
      },
      { parent: this },
    );
    this.className = pulumi.output(args.className);
    this.registerOutputs({ className: this.className });
  }
}

/** One of the snapshot controller's kinds. */
export function snapshotKind(kind: string): { apiVersion: string; kind: string } {
  return { apiVersion: "snapshot.storage.k8s.io/v1", kind };
}
