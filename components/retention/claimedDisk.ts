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

/** The claim's disk among the volumes that a cluster has; `undefined` where there is none. Serialized with the notice, so it needs no module. */
export function diskOf(volumes: Volume[], claim: { namespace: string; name: string }): ClaimedDisk | undefined {
  const ofClaim = volumesOf(volumes, claim);
  // A volume that an earlier claim of the same name released names it, too.
  return described(ofClaim.find(({ status }) => status?.phase === "Bound") ?? ofClaim[0]);
}

/**
 * The disk that an earlier claim of the same name had, where that claim was deleted and its volume is still there; of
 * several the oldest, since what followed began empty.
 */
export function releasedDisk(volumes: Volume[], claim: { namespace: string; name: string }): ClaimedDisk | undefined {
  const made = ({ metadata }: Volume) => metadata.creationTimestamp ?? "";
  const released = volumesOf(volumes, claim).filter(({ status }) => status?.phase === "Released");
  return described(released.sort((one, other) => made(one).localeCompare(made(other)))[0]);
}

const volumesOf = (volumes: Volume[], claim: { namespace: string; name: string }) =>
  volumes.filter(({ spec: { claimRef } }) => claimRef?.name === claim.name && claimRef.namespace === claim.namespace);

function described(volume: Volume | undefined): ClaimedDisk | undefined {
  const zone = volume?.spec.nodeAffinity?.required?.nodeSelectorTerms
    .flatMap((term) => term.matchExpressions ?? [])
    .find(({ key }) => key.endsWith("/zone"))?.values?.[0];
  if (!volume?.spec.csi || !zone) return undefined;
  const { csi, persistentVolumeReclaimPolicy: reclaimPolicy } = volume.spec;
  return { volumeName: volume.metadata.name, volumeId: csi.volumeHandle, zone, reclaimPolicy };
}

/** The command that has a volume keep its disk, or let it go, when its claim goes. */
export const policyCommand = (volumeName: string, policy: "Retain" | "Delete"): string =>
  `kubectl patch pv ${volumeName} -p '{"spec":{"persistentVolumeReclaimPolicy":"${policy}"}}'`;
