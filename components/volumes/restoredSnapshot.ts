import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { csiDrivers } from "../csi/csiDriverData";
import { snapshotKind } from "../csi/ebsSnapshotClass";

/**
 * An EBS snapshot that is there already, as a VolumeSnapshot that a claim can be made from. Both objects go with the
 * stack; the snapshot in EC2 stays in any case, since this stack didn't make it.
 * https://kubernetes.io/docs/concepts/storage/volume-snapshots/#static
 */
export function restoredSnapshot(
  name: string,
  snapshot: { snapshotHandle: pulumi.Input<string>; metadata: { name: string; namespace: string } },
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  const { snapshotHandle, metadata } = snapshot;
  const contentName = `${metadata.namespace}-${metadata.name}`;
  const content = new kubernetes.apiextensions.CustomResource(
    `${name}-content`,
    {
      ...snapshotKind("VolumeSnapshotContent"),
      metadata: { name: contentName },
      spec: {
        driver: csiDrivers.ebs.driverName,
        deletionPolicy: "Retain",
        source: { snapshotHandle },
        sourceVolumeMode: "Filesystem",
        volumeSnapshotRef: { ...metadata },
      },
    },
    opts,
  );
  return new kubernetes.apiextensions.CustomResource(
    name,
    {
      ...snapshotKind("VolumeSnapshot"),
      metadata: {
        ...metadata,
        // A snapshot that isn't there is found out before anything depends on it.
        annotations: { "pulumi.com/waitFor": "jsonpath={.status.readyToUse}=true" },
      },
      spec: { source: { volumeSnapshotContentName: contentName } },
    },
    { ...opts, dependsOn: [content] },
  );
}
