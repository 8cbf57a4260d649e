import type { ClusterApi } from "../clusterApi/clusterApi";
import type { Volume } from "./clusterObjects";

/** The disk of a claim, as its volume has it. */
export interface ClaimedDisk {
  /** The PersistentVolume's name. */
  volumeName: string;
  /** The EBS volume's id. */
  volumeId: string;
  zone: string;
  reclaimPolicy: string;
}

/** The claim's disk; `undefined` where the cluster has none. Serialized with the notice, so it needs no module. */
export async function claimedDisk(
  api: ClusterApi,
  claim: { namespace: string; name: string },
): Promise<ClaimedDisk | undefined> {
  return diskOf((await api.list<Volume>("/api/v1/persistentvolumes")) ?? [], claim);
}

/** The claim's disk among the volumes that a cluster has. */
export function diskOf(volumes: Volume[], claim: { namespace: string; name: string }): ClaimedDisk | undefined {
  const ofClaim = volumes.filter(
    ({ spec: { claimRef } }) => claimRef?.name === claim.name && claimRef.namespace === claim.namespace,
  );
  // A volume that an earlier claim of the same name released names it, too.
  const volume = ofClaim.find(({ status }) => status?.phase === "Bound") ?? ofClaim[0];
  const zone = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms
    .flatMap((term) => term.matchExpressions ?? [])
    .find(({ key }) => key.endsWith("/zone"))?.values?.[0];
  if (!volume?.spec.csi || !zone) return undefined;
  const { csi, persistentVolumeReclaimPolicy: reclaimPolicy } = volume.spec;
  return { volumeName: volume.metadata.name, volumeId: csi.volumeHandle, zone, reclaimPolicy };
}
