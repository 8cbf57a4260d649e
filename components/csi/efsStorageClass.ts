import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "./csiDriverData";
import { validateAccessPointPath } from "../efs/accessPointPath";
import { DEFAULT_DIRECTORY_PERMISSIONS } from "../efs/directoryPermissions";
import { type MountAccess, mountOptionsOf } from "../efs/mountAccess";
import { validatePosixIdentity, type PosixIdentity } from "../efs/posixIdentity";
import { assertArguments } from "../checks/assertValid";
import type { Violation } from "../checks/violations";
import { ReclaimPolicy } from "./reclaimPolicy";
import { storageClass } from "./storageClass";
import { typeTokens } from "../typeTokens";

export interface EfsStorageClassArgs {
  /** The class's name in Kubernetes. Plain. */
  className: string;
  /** The file system of every volume of this class, `fs-…`. */
  fileSystemId: pulumi.Input<string>;
  /**
   * Who owns the files of every volume of this class. The directory of a claim that is made anew keeps the owner that EFS made it
   * with: with another identity give another `basePath`, too. Plain.
   */
  identity: PosixIdentity;
  /** Directory of the file system under which volumes get theirs. Plain. Default: `/dynamic`. */
  basePath?: string;
  /** The file system's own `mountAccess`. Volumes that are there keep what they were made with. Plain. Default: `network`. */
  mountAccess?: MountAccess;
  /** What becomes of an access point when its claim is deleted; its files stay in any case. Plain. Default: `Delete`. */
  reclaimPolicy?: ReclaimPolicy;
  /** Whether claims that name no class get this one. Plain. Default: false. */
  isDefault?: boolean;
}

/**
 * A class that makes an access point for each claim, in a directory named after namespace and claim: a claim made anew
 * finds its files again.
 * https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#storage-class-parameters-for-dynamic-provisioning
 *
 * Use it where claims come and go, for {@link DynamicVolume} and claims of others. Where the directory is known beforehand, a
 * {@link StaticVolume} on an access point needs no class.
 *
 * @throws pulumi.RunError for a `basePath` that EFS doesn't accept.
 */
export class EfsStorageClass extends pulumi.ComponentResource {
  /** The class's name, for claims. */
  public readonly className: pulumi.Output<string>;

  constructor(name: string, args: EfsStorageClassArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("EfsStorageClass", name, args, () => validate(args));
    super(typeTokens.EfsStorageClass, name, {}, opts);
    storageClass(
      name,
      args.className,
      args.isDefault ?? false,
      {
        provisioner: csiDrivers.efs.driverName,
        parameters: {
          provisioningMode: "efs-ap",
          fileSystemId: args.fileSystemId,
          directoryPerms: DEFAULT_DIRECTORY_PERMISSIONS,
          uid: args.identity.uid.toFixed(0),
          gid: args.identity.gid.toFixed(0),
          basePath: args.basePath ?? "/dynamic",
          subPathPattern: "${.PVC.namespace}/${.PVC.name}",
          ensureUniqueDirectory: "false",
        },
        reclaimPolicy: args.reclaimPolicy ?? ReclaimPolicy.Delete,
        volumeBindingMode: "Immediate",
        allowVolumeExpansion: false,
        mountOptions: mountOptionsOf(args.mountAccess),
      },
      this,
    );
    this.className = pulumi.output(args.className);
    this.registerOutputs({ className: this.className });
  }
}

function validate({ identity, basePath }: EfsStorageClassArgs): Violation[] {
  return [
    ...validatePosixIdentity(identity),
    ...(basePath === undefined ? [] : validateAccessPointPath(basePath, "basePath")),
  ];
}
