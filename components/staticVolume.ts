import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "./csiDrivers";
import { shortHash } from "./names";
import type { PosixIdentity } from "./posixIdentity";
import { types } from "./types";

/** A directory of an EFS file system, as an access point gives it. */
export interface EfsVolumeArgs {
  fileSystemId: pulumi.Input<string>;
  accessPointId: pulumi.Input<string>;
  /**
   * The access point's path and identity: what makes this another volume when it changes. Plain. Another file system or
   * access point under the same path and identity can't take the place of one that is in use: choose another path.
   */
  path: string;
  identity: PosixIdentity;
}

export interface StaticVolumeArgs {
  /** What the claim's name begins with. Plain. */
  claimName: string;
  /** The claim's namespace, which must exist. Plain. */
  namespace: string;
  efs: EfsVolumeArgs;
}

/** The name that {@link StaticVolume} gives its claim, for those who need it before the claim exists. */
export function staticClaimName({ claimName, efs }: StaticVolumeArgs): string {
  const { path, identity } = efs;
  return `${claimName}-${shortHash([csiDrivers.efs.driverName, path, identity.uid, identity.gid])}`;
}

/**
 * A PersistentVolume and its claim, bound to each other and to nothing else, shared read-write by all pods.
 *
 * Neither can be changed in place, so their names carry a hash of what identifies the volume: a change makes a new pair
 * beside the old one, the workload moves, then the old pair goes.
 */
export class StaticVolume extends pulumi.ComponentResource {
  /** The claim's name. Known at the first preview. */
  public readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: StaticVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(types.StaticVolume, name, {}, opts);
    const parent = this;
    const claimName = staticClaimName(args);
    const volumeName = `${args.namespace}-${claimName}`;
    // Kubernetes wants a size; EFS has none, and ignores it.
    const capacity = { storage: "5Gi" };

    const volume = new kubernetes.core.v1.PersistentVolume(
      `${name}-${claimName}`,
      {
        metadata: { name: volumeName },
        spec: {
          capacity,
          accessModes: ["ReadWriteMany"],
          // Nothing would delete the directory of a static volume; the files are the file system's.
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName: "",
          claimRef: { namespace: args.namespace, name: claimName },
          csi: {
            driver: csiDrivers.efs.driverName,
            volumeHandle: pulumi.interpolate`${args.efs.fileSystemId}::${args.efs.accessPointId}`,
          },
        },
      },
      { parent, deleteBeforeReplace: true },
    );
    new kubernetes.core.v1.PersistentVolumeClaim(
      `${name}-${claimName}`,
      {
        metadata: { name: claimName, namespace: args.namespace },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: "",
          volumeName,
          resources: { requests: capacity },
        },
      },
      { parent, dependsOn: [volume] },
    );

    this.claimName = pulumi.output(claimName);
    this.registerOutputs({ claimName: this.claimName });
  }
}
