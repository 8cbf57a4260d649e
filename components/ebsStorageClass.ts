import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "./csiDrivers";
import { ReclaimPolicy, storageClass } from "./storageClasses";
import { types } from "./types";

export interface EbsStorageClassArgs {
  /** The class's name in Kubernetes. Plain. */
  className: string;
  /** What becomes of a volume when its claim is deleted. Plain. Default: `Delete`. */
  reclaimPolicy?: ReclaimPolicy;
  /** Whether claims that name no class get this one; exactly one class of a cluster should. Plain. Default: false. */
  isDefault?: boolean;
  /** ARN of the KMS key for the disks. Default: AWS's own key for EBS. */
  kmsKeyId?: pulumi.Input<string>;
}

/**
 * A class of encrypted gp3 disks that grow on demand and are made in the zone of the first pod that needs them.
 * https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 */
export class EbsStorageClass extends pulumi.ComponentResource {
  public readonly className: pulumi.Output<string>;

  constructor(name: string, args: EbsStorageClassArgs, opts?: pulumi.ComponentResourceOptions) {
    super(types.EbsStorageClass, name, {}, opts);
    storageClass(
      name,
      args.className,
      args.isDefault ?? false,
      {
        provisioner: csiDrivers.ebs.driverName,
        parameters: {
          type: "gp3",
          encrypted: "true",
          ...(args.kmsKeyId !== undefined ? { kmsKeyId: args.kmsKeyId } : {}),
          "csi.storage.k8s.io/fstype": "ext4",
        },
        reclaimPolicy: args.reclaimPolicy ?? ReclaimPolicy.Delete,
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      },
      this,
    );
    this.className = pulumi.output(args.className);
    this.registerOutputs({ className: this.className });
  }
}
