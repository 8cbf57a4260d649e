import type { KubernetesApi, KubernetesObject } from "../kubernetes/client";
import { quantity } from "../plugins/kubernetes/inputs";
import { accessPointFor } from "./accessPoint";
import { deleteDisk, growDisk, keyOfDisk, makeDisk, mayUse } from "./disks";
import { DRIVERS, type World } from "./csiDrivers";
import { warn } from "./events";
import { sourceOf } from "./snapshotter";

// What a CSI driver's controller pods do, by the protocol that the API server's own controllers expect of them.
// https://kubernetes-csi.github.io/docs/sidecar-containers.html

/** Keeps a volume until its disk is deleted. */
const PROVISIONER = "external-provisioner.volume.kubernetes.io/finalizer";
const ATTACHER = "external-attacher/ebs-csi-aws-com";
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const ZONE = "topology.kubernetes.io/zone";
const GIB = 1024 ** 3;

const begun = new Map<string, number>();

/** Whether a driver has worked on something as long as EKS_STORAGE_DRIVER_DELAY says, in seconds. Default: 0. */
export function isDone(what: string): boolean {
  const since = begun.get(what) ?? Date.now();
  begun.set(what, since);
  return Date.now() - since >= Number(process.env.EKS_STORAGE_DRIVER_DELAY ?? 0) * 1000;
}

const volumeReference = (name: string) => ({ apiVersion: "v1", kind: "PersistentVolume", name });

const driverOf = (volume: KubernetesObject) => volume.metadata.annotations?.[PROVISIONED_BY] ?? "";

/** Does one thing, and tells of it in one line. */
export type Act = (what: string, action: () => Promise<unknown>) => Promise<void>;

export async function runControllers(api: KubernetesApi, world: World, working: string[], act: Act): Promise<void> {
  for (const claim of world.claims) await provision(api, world, claim, working, act);
  for (const claim of world.claims) await grow(api, world, claim, working, act);
  for (const volume of world.volumes) {
    if (working.includes(driverOf(volume))) await reclaim(api, world, volume, act);
    if (working.includes(volume.spec?.csi?.driver as string)) await letGo(api, world, volume, act);
  }
  for (const attachment of world.attachments) {
    const attacher = attachment.spec?.attacher as string;
    if (!DRIVERS[attacher]) continue;
    if (!DRIVERS[attacher].attaches) await forget(api, attachment);
    else if (working.includes(attacher)) await attach(api, world, attachment, act);
  }
}

/**
 * A pod that was there a moment before its driver's CSIDriver object counts as one whose volume must be attached, and a
 * controller-manager that is restarted then forgets about it. On AWS the object is there before the add-on is active.
 */
async function forget(api: KubernetesApi, { metadata: { name } }: KubernetesObject): Promise<void> {
  await api.delete({ apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment", name });
}

/** The controller-manager names the driver once it may begin: for a claim that waits, when its pod has a node. */
async function provision(api: KubernetesApi, world: World, claim: KubernetesObject, working: string[], act: Act) {
  const { namespace, name, uid, annotations = {} } = claim.metadata;
  const driverName = annotations["volume.kubernetes.io/storage-provisioner"] ?? "";
  const driver = DRIVERS[driverName];
  const storageClass = world.classes.find(({ metadata }) => metadata.name === claim.spec?.storageClassName);
  const disk = driver?.provisioner?.disk;
  if (!disk || !storageClass || !working.includes(driverName)) return;
  if (claim.spec?.volumeName || claim.metadata.deletionTimestamp) return;
  const volume = `pvc-${uid}`;
  if (world.volumes.some(({ metadata }) => metadata.name === volume)) return;
  const selected = annotations["volume.kubernetes.io/selected-node"];
  const node = world.nodes.find(({ metadata }) => !selected || metadata.name === selected);
  const zone = node?.metadata.labels?.[ZONE];
  if ((driver.attaches && !zone) || !isDone(`make ${volume}`)) return;

  const parameters = (storageClass.parameters ?? {}) as Record<string, string>;
  const asked = claim.spec?.resources?.requests?.storage as string;
  const size = Math.max(1, Math.ceil(quantity(asked) / GIB));
  const source = sourceOf(claim, world, size);
  if (source === "pending") return;
  if (source?.failed) {
    await warn(api, claim, { component: driverName }, { reason: "ProvisioningFailed", message: source.failed }, act);
    return;
  }
  const retention = (storageClass.reclaimPolicy as string | undefined) ?? "Delete";
  await act(`makes a ${disk} for claim ${namespace}/${name}`, async () => {
    const id = makeDisk(
      disk,
      volume,
      driver.attaches
        ? { size, availabilityZone: zone, ...source, ...parameters }
        : accessPointFor(parameters, { namespace: namespace ?? "", claim: name, volume, uid: uid ?? "" }),
    );
    const handle = driver.attaches ? id : `${parameters.fileSystemId}::${id}`;
    const expressions = [{ key: ZONE, operator: "In", values: [zone] }];
    await api.create({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name: volume,
        annotations: { [PROVISIONED_BY]: driverName },
        finalizers: retention === "Delete" ? [PROVISIONER] : [],
      },
      spec: {
        accessModes: claim.spec?.accessModes,
        capacity: { storage: driver.attaches ? `${size}Gi` : asked },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
        csi: { driver: driverName, volumeHandle: handle, ...(driver.attaches && { fsType: "ext4" }) },
        mountOptions: storageClass.mountOptions,
        persistentVolumeReclaimPolicy: retention,
        storageClassName: storageClass.metadata.name,
        volumeMode: claim.spec?.volumeMode,
        ...(driver.attaches && {
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: expressions }] } },
        }),
      },
    });
  });
}

/** The API server refuses to let a claim grow whose class doesn't allow it, so whatever asks may. */
async function grow(api: KubernetesApi, world: World, claim: KubernetesObject, working: string[], act: Act) {
  const { namespace, name } = claim.metadata;
  const volume = world.volumes.find(({ metadata }) => metadata.name === claim.spec?.volumeName);
  const asked = claim.spec?.resources?.requests?.storage as string;
  if (!volume || claim.status?.phase !== "Bound" || !working.includes(driverOf(volume))) return;
  if (!DRIVERS[driverOf(volume)]?.attaches || quantity(asked) <= quantity(claim.status.capacity?.storage)) return;
  const size = Math.ceil(quantity(asked) / GIB);
  const capacity = { storage: `${size}Gi` };
  await act(`grows the disk of claim ${namespace}/${name} to ${capacity.storage}`, async () => {
    growDisk(volume.spec?.csi.volumeHandle as string, size);
    await api.merge(volumeReference(volume.metadata.name), { spec: { capacity } });
    const claimReference = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name };
    await api.merge(claimReference, { status: { capacity } }, "status");
  });
}

/** Deletes the disk of a released volume where the policy says so, and only then lets the volume go. */
async function reclaim(api: KubernetesApi, world: World, volume: KubernetesObject, act: Act): Promise<void> {
  const { name, finalizers = [] } = volume.metadata;
  const isDeleted = volume.spec?.persistentVolumeReclaimPolicy === "Delete";
  const others = finalizers.filter((finalizer) => finalizer !== PROVISIONER);
  const keep = (list: string[]) => api.merge(volumeReference(name), { metadata: { finalizers: list } });
  if (isDeleted !== finalizers.includes(PROVISIONER) && !volume.metadata.deletionTimestamp) {
    await act(`${isDeleted ? "guards" : "no longer guards"} volume ${name}, whose policy changed`, () =>
      keep(isDeleted ? [...others, PROVISIONER] : others),
    );
  } else if (
    isDeleted &&
    volume.status?.phase === "Released" &&
    !isAttached(volume, world) &&
    isDone(`delete ${name}`)
  ) {
    await act(`deletes the disk of volume ${name}`, async () => {
      deleteDisk((volume.spec?.csi.volumeHandle as string).split("::").pop() as string);
      await keep(others);
      await api.delete(volumeReference(name));
    });
  }
}

/** Whether a node has the disk: EC2 refuses to delete it then (VolumeInUse). */
const isAttached = ({ metadata }: KubernetesObject, { attachments }: World) =>
  attachments.some(({ spec }) => spec?.source?.persistentVolumeName === metadata.name);

/** The attacher keeps a volume that was ever attached until it is deleted and no node has it: csi_handler.go there. */
async function letGo(api: KubernetesApi, world: World, volume: KubernetesObject, act: Act): Promise<void> {
  const { name, deletionTimestamp, finalizers = [] } = volume.metadata;
  if (!deletionTimestamp || !finalizers.includes(ATTACHER) || isAttached(volume, world)) return;
  const others = finalizers.filter((finalizer) => finalizer !== ATTACHER);
  await act(`lets volume ${name} go`, () => api.merge(volumeReference(name), { metadata: { finalizers: others } }));
}

async function attach(api: KubernetesApi, world: World, attachment: KubernetesObject, act: Act): Promise<void> {
  const { name, deletionTimestamp, finalizers = [] } = attachment.metadata;
  const reference = { apiVersion: "storage.k8s.io/v1", kind: "VolumeAttachment", name };
  const what = `${attachment.spec?.source?.persistentVolumeName} and ${attachment.spec?.nodeName}`;
  if (deletionTimestamp) {
    if (finalizers.includes(ATTACHER)) {
      await act(`detaches ${what}`, () => api.merge(reference, { metadata: { finalizers: null } }));
    }
  } else if (!attachment.status?.attached) {
    const volume = world.volumes.find(
      ({ metadata }) => metadata.name === attachment.spec?.source?.persistentVolumeName,
    );
    if (!volume || volume.metadata.deletionTimestamp) return;
    // EC2 decrypts the disk's key for the node in the driver's name.
    if (!mayUse(keyOfDisk(volume.spec?.csi.volumeHandle as string))) return;
    const kept = volume.metadata.finalizers ?? [];
    await act(`attaches ${what}`, async () => {
      if (!kept.includes(ATTACHER)) {
        const metadata = { finalizers: [...kept, ATTACHER] };
        await api.merge(volumeReference(volume.metadata.name), { metadata });
      }
      await api.merge(reference, { metadata: { finalizers: [ATTACHER] } });
      await api.merge(reference, { status: { attached: true } }, "status");
    });
  }
}
