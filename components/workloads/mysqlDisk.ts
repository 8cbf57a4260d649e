import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "../csi/csiDriverData";
import { keepsItsDisk } from "../retention/clusterReport";
import { shortHash } from "../volumes/shortHash";
import { restoredSnapshot } from "../volumes/restoredSnapshot";
import { protectAndRetain, reclaimPolicyOf, type Retention } from "../retention/retention";

/** An EBS volume that an earlier stack kept, for the database to adopt. */
export interface AdoptedDiskArgs {
  /** The volume's id, `vol-…`. It must carry the tag `ebs.csi.aws.com/cluster=true`, as disks that the driver made do. Plain. */
  volumeId: string;
  /** The availability zone that it is in. Plain. */
  zone: string;
  /** The value that its tag `eks-storage:backup` must have for it to be backed up. Plain. Default: not checked. */
  backupTagValue?: string;
}

/** The same disk, once it is known that the driver can use it. */
export interface AdoptedDisk {
  volumeHandle: string;
  /** What it has when it is adopted, such as `20Gi`. */
  size: string;
}

export interface MysqlDiskArgs {
  storageClassName: string;
  storage: pulumi.Input<string>;
  retention: Retention;
  adoptDisk?: AdoptedDiskArgs;
  /** Comes with `adoptDisk`. */
  adoptedDisk?: pulumi.Output<AdoptedDisk>;
  snapshotId?: string;
  /** The id of the snapshot, which resolves once it is known that the driver can use it. */
  snapshotHandle?: pulumi.Input<string>;
  /** An option of the claim, which waits until it is known that the disk isn't another one. */
  mustStay?: pulumi.ResourceTransform;
}

/**
 * The name of the set's claim template, from which its pod's claim has its own. A claim in use can't be replaced under
 * its name, so one that is restored carries a hash of its snapshot.
 */
export function mysqlTemplateName(snapshotId: string | undefined): string {
  return snapshotId ? `data-${shortHash([snapshotId])}` : "data";
}

/** The name of the claim that a set's only pod asks for. */
export const mysqlClaimName = (set: string, snapshotId: string | undefined): string =>
  `${mysqlTemplateName(snapshotId)}-${set}-0`;

/**
 * The claim that a set's only pod asks for by name, as a resource of our own: of a new disk, one that an earlier stack
 * kept, or one that is made from a snapshot.
 *
 * @param set The StatefulSet's metadata.
 */
export function mysqlDisk(
  name: string,
  args: MysqlDiskArgs,
  set: { name: string; namespace: string },
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.PersistentVolumeClaim {
  const { adoptDisk, adoptedDisk, snapshotId, snapshotHandle, storageClassName, retention } = args;
  const metadata = { name: mysqlClaimName(set.name, snapshotId), namespace: set.namespace };
  const spec = {
    accessModes: ["ReadWriteOnce"],
    storageClassName,
    resources: { requests: { storage: args.storage } },
  };
  const snapshot =
    snapshotHandle === undefined ? undefined : restoredSnapshot(`${name}-snapshot`, { snapshotHandle, metadata }, opts);
  const volumeName = adoptDisk && `${set.namespace}-${metadata.name}-${adoptDisk.volumeId}`;
  const volume =
    adoptDisk &&
    new kubernetes.core.v1.PersistentVolume(
      `${name}-data`,
      {
        // The driver deletes only what it is said to have made.
        metadata: { name: volumeName, annotations: { "pv.kubernetes.io/provisioned-by": csiDrivers.ebs.driverName } },
        spec: {
          accessModes: spec.accessModes,
          storageClassName,
          capacity: { storage: adoptedDisk!.size },
          persistentVolumeReclaimPolicy: reclaimPolicyOf(retention),
          claimRef: { namespace: set.namespace, name: metadata.name },
          csi: { driver: csiDrivers.ebs.driverName, volumeHandle: adoptedDisk!.volumeHandle, fsType: "ext4" },
          nodeAffinity: inZone(adoptDisk.zone),
        },
      },
      // The driver writes there what the disk has once it has grown.
      { ...opts, ...protectAndRetain(retention), ignoreChanges: ["spec.capacity"] },
    );
  const source = volume ?? snapshot;
  return new kubernetes.core.v1.PersistentVolumeClaim(
    `${name}-data`,
    {
      // The class waits for the pod, and the pod for its set, so the engine must not wait for the claim here.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        ...spec,
        volumeName,
        ...(snapshot
          ? { dataSource: { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: metadata.name } }
          : {}),
      },
    },
    {
      ...opts,
      ...protectAndRetain(retention),
      transforms: [
        keepsItsDisk(opts.parent!, { ...metadata, hasSource: source !== undefined }, retention, adoptDisk?.volumeId),
        ...(args.mustStay ? [args.mustStay] : []),
      ],
      ...(source ? { dependsOn: [source] } : {}),
      // Set when a disk is adopted; a change would be another, empty disk. A restored claim is another one by its
      // name, and must not be given the volume of the one before.
      ignoreChanges: snapshot ? [] : ["spec.volumeName"],
    },
  );
}

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#node-affinity */
function inZone(zone: string): kubernetes.types.input.core.v1.VolumeNodeAffinity {
  const inIt = { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] };
  return { required: { nodeSelectorTerms: [{ matchExpressions: [inIt] }] } };
}
