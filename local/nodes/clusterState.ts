import { type Fields, type KubernetesApi, type KubernetesObject, unlessGone } from "../kubernetes/client";
import { SNAPSHOTS } from "./snapshotDefinitions";

/** What the agent sees of the cluster at one moment. */
export interface ClusterState {
  claims: KubernetesObject[];
  volumes: KubernetesObject[];
  classes: KubernetesObject[];
  nodes: KubernetesObject[];
  pods: KubernetesObject[];
  attachments: KubernetesObject[];
  drivers: KubernetesObject[];
  snapshots: KubernetesObject[];
  contents: KubernetesObject[];
  snapshotClasses: KubernetesObject[];
}

export async function readCluster(api: KubernetesApi): Promise<ClusterState> {
  const core = (kind: string) => api.list({ apiVersion: "v1", kind });
  const storage = (kind: string) => api.list({ apiVersion: "storage.k8s.io/v1", kind });
  // Their kinds come with an add-on.
  const ofSnapshots = async (kind: string) => (await api.list({ apiVersion: SNAPSHOTS, kind }).catch(unlessGone)) ?? [];
  const reads: Record<keyof ClusterState, Promise<KubernetesObject[]>> = {
    claims: core("PersistentVolumeClaim"),
    volumes: core("PersistentVolume"),
    nodes: core("Node"),
    pods: core("Pod"),
    classes: storage("StorageClass"),
    attachments: storage("VolumeAttachment"),
    drivers: storage("CSIDriver"),
    snapshots: ofSnapshots("VolumeSnapshot"),
    contents: ofSnapshots("VolumeSnapshotContent"),
    snapshotClasses: ofSnapshots("VolumeSnapshotClass"),
  };
  const lists = await Promise.all(Object.values(reads));
  return Object.fromEntries(Object.keys(reads).map((key, index) => [key, lists[index]])) as unknown as ClusterState;
}

/** The volumes of a pod's claims, in its order, as far as they are bound. */
export function volumesOf(pod: KubernetesObject, { claims, volumes }: ClusterState): KubernetesObject[] {
  return ((pod.spec?.volumes ?? []) as Fields[]).flatMap(({ persistentVolumeClaim }) => {
    const claim = claims.find(
      ({ metadata }) =>
        metadata.namespace === pod.metadata.namespace && metadata.name === persistentVolumeClaim?.claimName,
    );
    return volumes.filter(({ metadata }) => metadata.name === claim?.spec?.volumeName);
  });
}
