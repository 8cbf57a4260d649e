import type { Fields, KubernetesApi, KubernetesObject } from "../kubernetes/client";
import { type Attempt, isDone } from "./attempt";
import type { ClusterState } from "./clusterState";
import { createSnapshot, deleteDisk, findSnapshot, snapshotNotFound } from "./disks";
import { SNAPSHOTS } from "./snapshotDefinitions";
import { contentOf } from "./snapshotSource";

// What the snapshot controller and the driver's own snapshotter do.
// https://kubernetes-csi.github.io/docs/snapshot-controller.html

const CONTENT_IN_USE = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";
const SNAPSHOT_IN_USE = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";

const referenceTo = ({ kind, metadata: { namespace, name } }: KubernetesObject) => ({
  ...{ apiVersion: SNAPSHOTS, kind, namespace, name },
});

/** @param bound whether the controller runs, which binds snapshots. @param working drivers that can take them. */
export async function runSnapshots(
  api: KubernetesApi,
  cluster: ClusterState,
  bound: boolean,
  working: string[],
  attempt: Attempt,
) {
  if (bound) for (const snapshot of cluster.snapshots) await bind(api, cluster, snapshot, attempt);
  for (const content of cluster.contents) {
    if (!working.includes(content.spec?.driver as string)) continue;
    if (content.metadata.deletionTimestamp) await deleteContent(api, cluster, content, attempt);
    else if (!content.status?.readyToUse) await take(api, content, attempt);
  }
}

/** Gives a snapshot its content, and tells it what the content says; removes its finalizers when it is deleted. */
async function bind(
  api: KubernetesApi,
  cluster: ClusterState,
  snapshot: KubernetesObject,
  attempt: Attempt,
): Promise<void> {
  const { namespace, name, uid, deletionTimestamp, finalizers = [] } = snapshot.metadata;
  const content = contentOf(cluster, snapshot);
  const what = `snapshot ${namespace}/${name}`;
  if (deletionTimestamp) {
    if (content?.spec?.deletionPolicy === "Delete") {
      if (!content.metadata.deletionTimestamp)
        await attempt(`deletes the content of ${what}`, () => api.delete(referenceTo(content)));
    } else if (finalizers.length > 0) {
      await attempt(`releases ${what}`, () => api.merge(referenceTo(snapshot), { metadata: { finalizers: null } }));
    }
    return;
  }
  if (!content) return createContent(api, cluster, snapshot, attempt);
  const reference = content.spec?.volumeSnapshotRef as Fields;
  if (reference.namespace !== namespace || reference.name !== name) return;
  const { readyToUse = false, restoreSize, error } = content.status ?? {};
  const status = { boundVolumeSnapshotContentName: content.metadata.name, readyToUse, restoreSize, error };
  const { boundVolumeSnapshotContentName, readyToUse: wasReady, error: before } = snapshot.status ?? {};
  if (boundVolumeSnapshotContentName && wasReady === readyToUse && before?.message === error?.message) return;
  await attempt(`${what} ${readyToUse ? "is ready" : (error?.message ?? "is bound")}`, async () => {
    await api.merge(referenceTo(snapshot), { metadata: { finalizers: [SNAPSHOT_IN_USE] } });
    await api.merge(referenceTo(content), {
      metadata: { finalizers: [CONTENT_IN_USE] },
      spec: { volumeSnapshotRef: { uid } },
    });
    await api.merge(referenceTo(snapshot), { status }, "status");
  });
}

/** The content of a snapshot of a claim's disk. */
async function createContent(
  api: KubernetesApi,
  cluster: ClusterState,
  snapshot: KubernetesObject,
  attempt: Attempt,
): Promise<void> {
  const { namespace, name, uid } = snapshot.metadata;
  const { source, volumeSnapshotClassName } = snapshot.spec as Fields;
  const isDefault = "snapshot.storage.kubernetes.io/is-default-class";
  const snapshotClass = cluster.snapshotClasses.find(({ metadata }) =>
    volumeSnapshotClassName ? metadata.name === volumeSnapshotClassName : metadata.annotations?.[isDefault] === "true",
  );
  const claim = cluster.claims.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === source.persistentVolumeClaimName,
  );
  const volume = cluster.volumes.find(({ metadata }) => metadata.name === claim?.spec?.volumeName);
  if (!snapshotClass || !volume) return;
  await attempt(`creates the content of snapshot ${namespace}/${name}`, () =>
    api.create({
      apiVersion: SNAPSHOTS,
      kind: "VolumeSnapshotContent",
      metadata: { name: `snapcontent-${uid}`, finalizers: [CONTENT_IN_USE] },
      spec: {
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: snapshotClass.driver,
        source: { volumeHandle: volume.spec?.csi.volumeHandle as string },
        volumeSnapshotClassName: snapshotClass.metadata.name,
        volumeSnapshotRef: { apiVersion: SNAPSHOTS, kind: "VolumeSnapshot", namespace, name, uid },
      },
    }),
  );
}

/** Takes the snapshot in EC2, or looks up the one that is there already. */
async function take(api: KubernetesApi, content: KubernetesObject, attempt: Attempt): Promise<void> {
  const { name } = content.metadata;
  const { volumeHandle, snapshotHandle } = content.spec?.source as Record<string, string | undefined>;
  if (volumeHandle && !isDone(`snapshot ${name}`)) return;
  const found = volumeHandle ? createSnapshot(name, volumeHandle) : findSnapshot(snapshotHandle ?? "");
  const message = snapshotNotFound(snapshotHandle);
  const status = found
    ? { snapshotHandle: found.id, readyToUse: true, restoreSize: found.size * 1024 ** 3 }
    : { readyToUse: false, error: { message } };
  if (!found && content.status?.error?.message === message) return;
  await attempt(found ? `snapshot ${found.id} is taken` : message, () =>
    api.merge(referenceTo(content), { status }, "status"),
  );
}

/** Deletes what the policy says, and only then the content. */
async function deleteContent(
  api: KubernetesApi,
  cluster: ClusterState,
  content: KubernetesObject,
  attempt: Attempt,
): Promise<void> {
  const { name, finalizers = [] } = content.metadata;
  const isDeleted = content.spec?.deletionPolicy === "Delete";
  const { namespace, name: of } = content.spec?.volumeSnapshotRef as Fields;
  const snapshot = cluster.snapshots.find(({ metadata }) => metadata.namespace === namespace && metadata.name === of);
  if (finalizers.length === 0 || (snapshot && !snapshot.metadata.deletionTimestamp)) return;
  if (isDeleted && !isDone(`delete ${name}`)) return;
  await attempt(`releases snapshot content ${name}`, async () => {
    if (isDeleted && content.status?.snapshotHandle) deleteDisk(content.status.snapshotHandle as string);
    await api.merge(referenceTo(content), { metadata: { finalizers: null } });
  });
}
