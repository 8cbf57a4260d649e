import type { Fields, KubernetesObject } from "../kubernetes/client";
import type { ClusterState } from "./clusterState";
import { findSnapshot, mayUse, snapshotNotFound } from "./disks";

export const contentOf = ({ contents }: ClusterState, snapshot: KubernetesObject) => {
  const { source } = snapshot.spec as Fields;
  const name = source.volumeSnapshotContentName ?? `snapcontent-${snapshot.metadata.uid}`;
  return contents.find(({ metadata }) => metadata.name === name);
};

/** The snapshot that a claim asks for; undefined: none; `pending`: not there yet; else its id, or why it can't be used. */
export function snapshotSource(claim: KubernetesObject, cluster: ClusterState, size: number) {
  const source = claim.spec?.dataSource as Fields | undefined;
  if (source?.kind !== "VolumeSnapshot") return undefined;
  const snapshot = cluster.snapshots.find(
    ({ metadata }) => metadata.namespace === claim.metadata.namespace && metadata.name === source.name,
  );
  const content = snapshot?.status?.readyToUse ? contentOf(cluster, snapshot) : undefined;
  if (!content) return "pending";
  const id = content.status?.snapshotHandle as string;
  const found = findSnapshot(id);
  const failed = "failed to provision volume: rpc error: ";
  if (!found) return { failed: failed + snapshotNotFound(id) };
  if (!found.isUsable) {
    return {
      failed:
        `${failed}UnauthorizedOperation: You are not authorized to perform: ec2:CreateVolume on resource: snapshot/${id} ` +
        "(AWS's policy for the driver wants the tag ebs.csi.aws.com/cluster=true)",
    };
  }
  if (found.size > size) {
    return {
      failed: `requested volume size ${size}Gi is less than the size ${found.size}Gi for the source snapshot ${id}`,
    };
  }
  // EC2 creates the disk, then fails to decrypt, and deletes it: the driver finds it gone.
  if (!mayUse(found.kmsKeyId)) {
    return { failed: `${failed}InvalidVolume.NotFound: The volume does not exist (no right to ${found.kmsKeyId})` };
  }
  return { snapshotId: id, kmsKeyId: found.kmsKeyId };
}
