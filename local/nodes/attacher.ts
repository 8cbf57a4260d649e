import type { KubernetesApi, KubernetesObject } from "../kubernetes/client";
import type { Attempt } from "./attempt";
import type { ClusterState } from "./clusterState";
import { DRIVERS } from "./csiDrivers";
import { keyOfDisk, mayUse } from "./disks";

// What the attacher beside a CSI driver's controller does.
// https://kubernetes-csi.github.io/docs/external-attacher.html

const FINALIZER = "external-attacher/ebs-csi-aws-com";

/** Whether a node has the disk: EC2 refuses to delete it then (VolumeInUse). */
export const isAttached = ({ metadata }: KubernetesObject, { attachments }: ClusterState) =>
  attachments.some(({ spec }) => spec?.source?.persistentVolumeName === metadata.name);

/** @param working the drivers whose controller works. */
export async function runAttacher(api: KubernetesApi, cluster: ClusterState, working: string[], attempt: Attempt) {
  for (const volume of cluster.volumes) {
    if (working.includes(volume.spec?.csi?.driver as string)) await releaseVolume(api, cluster, volume, attempt);
  }
  for (const attachment of cluster.attachments) {
    const attacher = attachment.spec?.attacher as string;
    if (!DRIVERS[attacher]) continue;
    if (!DRIVERS[attacher].attaches) await deleteStale(api, attachment);
    else if (!working.includes(attacher)) continue;
    else if (attachment.metadata.deletionTimestamp) await detach(api, attachment, attempt);
    else if (!attachment.status?.attached) await attach(api, cluster, attachment, attempt);
  }
}

/**
 * A pod that was there a moment before its driver's CSIDriver object counts as one whose volume must be attached, and a
 * controller-manager that is restarted then forgets about it. On AWS the object is there before the add-on is active.
 */
async function deleteStale(api: KubernetesApi, attachment: KubernetesObject): Promise<void> {
  await api.delete(referenceTo(attachment));
}

const referenceTo = ({ metadata: { name } }: KubernetesObject) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "VolumeAttachment",
  name,
});

const titleOf = ({ spec }: KubernetesObject) => `${spec?.source?.persistentVolumeName} and ${spec?.nodeName}`;

/** A volume that was ever attached is kept until it is deleted and no node has it: csi_handler.go there. */
async function releaseVolume(api: KubernetesApi, cluster: ClusterState, volume: KubernetesObject, attempt: Attempt) {
  const { name, deletionTimestamp, finalizers = [] } = volume.metadata;
  if (!deletionTimestamp || !finalizers.includes(FINALIZER) || isAttached(volume, cluster)) return;
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  await attempt(`releases volume ${name}`, () =>
    api.merge({ apiVersion: "v1", kind: "PersistentVolume", name }, { metadata: { finalizers: others } }),
  );
}

async function detach(api: KubernetesApi, attachment: KubernetesObject, attempt: Attempt): Promise<void> {
  if (!attachment.metadata.finalizers?.includes(FINALIZER)) return;
  await attempt(`detaches ${titleOf(attachment)}`, () =>
    api.merge(referenceTo(attachment), { metadata: { finalizers: null } }),
  );
}

async function attach(api: KubernetesApi, cluster: ClusterState, attachment: KubernetesObject, attempt: Attempt) {
  const volume = cluster.volumes.find(
    ({ metadata }) => metadata.name === attachment.spec?.source?.persistentVolumeName,
  );
  if (!volume || volume.metadata.deletionTimestamp) return;
  // EC2 decrypts the disk's key for the node in the driver's name.
  if (!mayUse(keyOfDisk(volume.spec?.csi.volumeHandle as string))) return;
  const { name, finalizers = [] } = volume.metadata;
  await attempt(`attaches ${titleOf(attachment)}`, async () => {
    if (!finalizers.includes(FINALIZER)) {
      const metadata = { finalizers: [...finalizers, FINALIZER] };
      await api.merge({ apiVersion: "v1", kind: "PersistentVolume", name }, { metadata });
    }
    await api.merge(referenceTo(attachment), { metadata: { finalizers: [FINALIZER] } });
    await api.merge(referenceTo(attachment), { status: { attached: true } }, "status");
  });
}
