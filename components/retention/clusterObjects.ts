import type { ClusterApi } from "../clusterApi/clusterApi";
import { clusterApiError } from "../clusterApi/clusterApiError";

/** A PersistentVolume, as far as it is read here. */
export interface Volume {
  metadata: { name: string; creationTimestamp?: string };
  spec: {
    csi?: { volumeHandle: string };
    claimRef?: { namespace: string; name: string; uid?: string };
    persistentVolumeReclaimPolicy: string;
    nodeAffinity?: {
      required?: { nodeSelectorTerms: { matchExpressions?: { key: string; values?: string[] }[] }[] };
    };
  };
  status?: { phase?: string };
}

/** A PersistentVolumeClaim, as far as it is read here. */
export interface Claim {
  metadata: { namespace: string; name: string; deletionTimestamp?: string };
  spec?: { volumeName?: string };
  status?: { phase?: string };
}

/** What a cluster has of volumes and claims. */
export interface ClusterObjects {
  volumes: Volume[];
  claims: Claim[];
}

/** @throws ClusterApiError */
export async function clusterObjects(api: ClusterApi): Promise<ClusterObjects> {
  // One after the other: a cluster that doesn't answer costs one time limit, and one sign-in does for both.
  const volumes = await api.list<Volume>("/api/v1/persistentvolumes");
  const claims = await api.list<Claim>("/api/v1/persistentvolumeclaims");
  if (!volumes || !claims)
    throw clusterApiError("answer", "It has no volumes or no claims, so it isn't a Kubernetes cluster.");
  return { volumes, claims };
}
