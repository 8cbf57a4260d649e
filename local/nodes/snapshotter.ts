import type { Fields, KubernetesApi, KubernetesObject } from "../kubernetes/client";
import { deleteDisk, findSnapshot, makeSnapshot, mayUse } from "./disks";
import type { World } from "./csiDrivers";
import { type Act, isDone } from "./provisioner";
import { SNAPSHOTS } from "./snapshotDefinitions";

// What the snapshot controller and the driver's own snapshotter do.
// https://kubernetes-csi.github.io/docs/snapshot-controller.html

const CONTENT_IN_USE = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";
const SNAPSHOT_IN_USE = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";

const referenceTo = ({ kind, metadata: { namespace, name } }: KubernetesObject) => ({
  ...{ apiVersion: SNAPSHOTS, kind, namespace, name },
});

/** @param bound whether the controller runs, which binds snapshots. @param working drivers that can take them. */
export async function runSnapshots(api: KubernetesApi, world: World, bound: boolean, working: string[], act: Act) {
  if (bound) for (const snapshot of world.snapshots) await bind(api, world, snapshot, act);
  for (const content of world.contents) {
    if (!working.includes(content.spec?.driver as string)) continue;
    if (content.metadata.deletionTimestamp) await drop(api, world, content, act);
    else if (!content.status?.readyToUse) await take(api, content, act);
  }
}

const contentOf = (world: World, snapshot: KubernetesObject) => {
  const { source } = snapshot.spec as Fields;
  const name = source.volumeSnapshotContentName ?? `snapcontent-${snapshot.metadata.uid}`;
  return world.contents.find(({ metadata }) => metadata.name === name);
};

/** Gives a snapshot its content, and tells it what the content says; lets it go when it is deleted. */
async function bind(api: KubernetesApi, world: World, snapshot: KubernetesObject, act: Act): Promise<void> {
  const { namespace, name, uid, deletionTimestamp, finalizers = [] } = snapshot.metadata;
  const content = contentOf(world, snapshot);
  const what = `snapshot ${namespace}/${name}`;
  if (deletionTimestamp) {
    if (content?.spec?.deletionPolicy === "Delete") {
      if (!content.metadata.deletionTimestamp)
        await act(`deletes the content of ${what}`, () => api.delete(referenceTo(content)));
    } else if (finalizers.length > 0) {
      await act(`lets ${what} go`, () => api.merge(referenceTo(snapshot), { metadata: { finalizers: null } }));
    }
    return;
  }
  if (!content) return create(api, world, snapshot, act);
  const reference = content.spec?.volumeSnapshotRef as Fields;
  if (reference.namespace !== namespace || reference.name !== name) return;
  const { readyToUse = false, restoreSize, error } = content.status ?? {};
  const status = { boundVolumeSnapshotContentName: content.metadata.name, readyToUse, restoreSize, error };
  const { boundVolumeSnapshotContentName, readyToUse: wasReady, error: before } = snapshot.status ?? {};
  if (boundVolumeSnapshotContentName && wasReady === readyToUse && before?.message === error?.message) return;
  await act(`${what} ${readyToUse ? "is ready" : (error?.message ?? "is bound")}`, async () => {
    await api.merge(referenceTo(snapshot), { metadata: { finalizers: [SNAPSHOT_IN_USE] } });
    await api.merge(referenceTo(content), {
      metadata: { finalizers: [CONTENT_IN_USE] },
      spec: { volumeSnapshotRef: { uid } },
    });
    await api.merge(referenceTo(snapshot), { status }, "status");
  });
}

/** The content of a snapshot of a claim's disk. */
async function create(api: KubernetesApi, world: World, snapshot: KubernetesObject, act: Act): Promise<void> {
  const { namespace, name, uid } = snapshot.metadata;
  const { source, volumeSnapshotClassName } = snapshot.spec as Fields;
  const isDefault = "snapshot.storage.kubernetes.io/is-default-class";
  const snapshotClass = world.snapshotClasses.find(({ metadata }) =>
    volumeSnapshotClassName ? metadata.name === volumeSnapshotClassName : metadata.annotations?.[isDefault] === "true",
  );
  const claim = world.claims.find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === source.persistentVolumeClaimName,
  );
  const volume = world.volumes.find(({ metadata }) => metadata.name === claim?.spec?.volumeName);
  if (!snapshotClass || !volume) return;
  await act(`makes the content of snapshot ${namespace}/${name}`, () =>
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
async function take(api: KubernetesApi, content: KubernetesObject, act: Act): Promise<void> {
  const { name } = content.metadata;
  const { volumeHandle, snapshotHandle } = content.spec?.source as Record<string, string | undefined>;
  if (volumeHandle && !isDone(`snapshot ${name}`)) return;
  const found = volumeHandle ? makeSnapshot(name, volumeHandle) : findSnapshot(snapshotHandle ?? "");
  const message = `InvalidSnapshot.NotFound: The snapshot '${snapshotHandle}' does not exist.`;
  const status = found
    ? { snapshotHandle: found.id, readyToUse: true, restoreSize: found.size * 1024 ** 3 }
    : { readyToUse: false, error: { message } };
  if (!found && content.status?.error?.message === message) return;
  await act(found ? `snapshot ${found.id} is taken` : message, () =>
    api.merge(referenceTo(content), { status }, "status"),
  );
}

/** Deletes what the policy says, and only then lets the content go. */
async function drop(api: KubernetesApi, world: World, content: KubernetesObject, act: Act): Promise<void> {
  const { name, finalizers = [] } = content.metadata;
  const isDeleted = content.spec?.deletionPolicy === "Delete";
  const { namespace, name: of } = content.spec?.volumeSnapshotRef as Fields;
  const holder = world.snapshots.find(({ metadata }) => metadata.namespace === namespace && metadata.name === of);
  if (finalizers.length === 0 || (holder && !holder.metadata.deletionTimestamp)) return;
  if (isDeleted && !isDone(`delete ${name}`)) return;
  await act(`lets snapshot content ${name} go`, async () => {
    if (isDeleted && content.status?.snapshotHandle) deleteDisk(content.status.snapshotHandle as string);
    await api.merge(referenceTo(content), { metadata: { finalizers: null } });
  });
}

/** The snapshot that a claim asks for; `undefined`: none, `pending`: not there yet, else what keeps it from being used. */
export function sourceOf(claim: KubernetesObject, world: World, size: number) {
  const source = claim.spec?.dataSource as Fields | undefined;
  if (source?.kind !== "VolumeSnapshot") return undefined;
  const snapshot = world.snapshots.find(
    ({ metadata }) => metadata.namespace === claim.metadata.namespace && metadata.name === source.name,
  );
  const content = snapshot?.status?.readyToUse ? contentOf(world, snapshot) : undefined;
  if (!content) return "pending";
  const id = content.status?.snapshotHandle as string;
  const found = findSnapshot(id);
  const failed = "failed to provision volume: rpc error: ";
  if (!found) return { failed: `${failed}InvalidSnapshot.NotFound: The snapshot '${id}' does not exist.` };
  if (!found.isManaged) {
    return {
      failed:
        `${failed}UnauthorizedOperation: You are not authorized to perform: ec2:CreateVolume on resource: snapshot/${id} ` +
        "(the driver's policy wants the tag ebs.csi.aws.com/cluster=true)",
    };
  }
  if (found.size > size) {
    return {
      failed: `requested volume size ${size}Gi is less than the size ${found.size}Gi for the source snapshot ${id}`,
    };
  }
  // EC2 makes the disk, then fails to decrypt, and deletes it: the driver finds it gone.
  if (!mayUse(found.kmsKeyId)) {
    return { failed: `${failed}InvalidVolume.NotFound: The volume does not exist (no right to ${found.kmsKeyId})` };
  }
  return { snapshotId: id, kmsKeyId: found.kmsKeyId };
}
