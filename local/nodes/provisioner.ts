import { createHash } from "node:crypto";
import type { KubernetesApi, KubernetesObject } from "../kubernetes/client";
import { quantity } from "../kubernetes/quantity";
import { accessPointFor } from "./accessPoint";
import { isAttached } from "./attacher";
import { type Attempt, isDone } from "./attempt";
import type { ClusterState } from "./clusterState";
import { DRIVERS } from "./csiDrivers";
import { createDisk, deleteDisk, growDisk, keyOfNewDisk, mayMake } from "./disks";
import { writeWarning } from "./events";
import { snapshotSource } from "./snapshotSource";

// What the provisioner and the resizer beside a CSI driver's controller do.
// https://kubernetes-csi.github.io/docs/sidecar-containers.html

/** Keeps a volume until its disk is deleted. */
const FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
const ZONE = "topology.kubernetes.io/zone";
const GIB = 1024 ** 3;

const volumeReference = (name: string) => ({ apiVersion: "v1", kind: "PersistentVolume", name });

const driverOf = (volume: KubernetesObject) => volume.metadata.annotations?.[PROVISIONED_BY] ?? "";

/** @param working the drivers whose controller works. */
export async function runProvisioner(api: KubernetesApi, cluster: ClusterState, working: string[], attempt: Attempt) {
  for (const claim of cluster.claims) await provision(api, cluster, claim, working, attempt);
  for (const claim of cluster.claims) await grow(api, cluster, claim, working, attempt);
  for (const volume of cluster.volumes) {
    if (working.includes(driverOf(volume))) await reclaim(api, cluster, volume, attempt);
  }
}

/** The controller-manager names the driver once it may begin: for a claim that waits, when its pod has a node. */
async function provision(
  api: KubernetesApi,
  cluster: ClusterState,
  claim: KubernetesObject,
  working: string[],
  attempt: Attempt,
): Promise<void> {
  const { namespace, name, uid, annotations = {} } = claim.metadata;
  const driverName = annotations["volume.kubernetes.io/storage-provisioner"] ?? "";
  const driver = DRIVERS[driverName];
  const storageClass = cluster.classes.find(({ metadata }) => metadata.name === claim.spec?.storageClassName);
  const disk = driver?.provisioner?.disk;
  if (!disk || !storageClass || !working.includes(driverName)) return;
  if (claim.spec?.volumeName || claim.metadata.deletionTimestamp) return;
  const volume = `pvc-${uid}`;
  if (cluster.volumes.some(({ metadata }) => metadata.name === volume)) return;
  const selected = annotations["volume.kubernetes.io/selected-node"];
  const node = cluster.nodes.find(({ metadata }) => !selected || metadata.name === selected);
  const zone = node?.metadata.labels?.[ZONE];
  if ((driver.attaches && !zone) || !isDone(`create ${volume}`)) return;

  const parameters = (storageClass.parameters ?? {}) as Record<string, string>;
  const asked = claim.spec?.resources?.requests?.storage as string;
  const size = Math.max(1, Math.ceil(quantity(asked) / GIB));
  const source = snapshotSource(claim, cluster, size);
  if (source === "pending") return;
  if (source?.failed) {
    const warning = { reason: "ProvisioningFailed", message: source.failed };
    return writeWarning(api, claim, { component: driverName }, warning, attempt);
  }
  const kmsKeyId = driver.attaches ? keyOfNewDisk(parameters.kmsKeyId ?? source?.kmsKeyId, zone!) : undefined;
  if (!mayMake(kmsKeyId)) {
    const warning = { reason: "ProvisioningFailed", message: rolledBack(storageClass, volume) };
    return writeWarning(api, claim, { component: driverName }, warning, attempt);
  }
  const reclaimPolicy = (storageClass.reclaimPolicy as string | undefined) ?? "Delete";
  await attempt(`creates a ${disk} for claim ${namespace}/${name}`, async () => {
    const id = createDisk(
      disk,
      volume,
      driver.attaches
        ? { size, availabilityZone: zone, ...source, ...parameters, kmsKeyId }
        : accessPointFor(parameters, { namespace: namespace ?? "", claim: name, volume, uid: uid ?? "" }),
      { namespace: namespace ?? "", name },
    );
    const handle = driver.attaches ? id : `${parameters.fileSystemId}::${id}`;
    const expressions = [{ key: ZONE, operator: "In", values: [zone] }];
    await api.create({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name: volume,
        annotations: { [PROVISIONED_BY]: driverName },
        finalizers: reclaimPolicy === "Delete" ? [FINALIZER] : [],
      },
      spec: {
        accessModes: claim.spec?.accessModes,
        capacity: { storage: driver.attaches ? `${size}Gi` : asked },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
        csi: { driver: driverName, volumeHandle: handle, ...(driver.attaches && { fsType: "ext4" }) },
        mountOptions: storageClass.mountOptions,
        persistentVolumeReclaimPolicy: reclaimPolicy,
        storageClassName: storageClass.metadata.name,
        volumeMode: claim.spec?.volumeMode,
        ...(driver.attaches && {
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: expressions }] } },
        }),
      },
    });
  });
}

/**
 * EC2 makes a disk whose key it may not use for the driver, and deletes it at once. All that the driver sees is that it is
 * gone: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/1140, …/issues/3010
 */
function rolledBack({ metadata: { name } }: KubernetesObject, volume: string): string {
  const id = `vol-${createHash("sha1").update(volume).digest("hex").slice(0, 17)}`;
  return (
    `failed to provision volume with StorageClass "${name}": rpc error: code = Internal desc = Could not create volume ` +
    `"${volume}": failed to get an available volume in EC2: InvalidVolume.NotFound: The volume '${id}' does not exist.`
  );
}

/** The API server refuses to let a claim grow whose class doesn't allow it, so whatever asks may. */
async function grow(
  api: KubernetesApi,
  cluster: ClusterState,
  claim: KubernetesObject,
  working: string[],
  attempt: Attempt,
): Promise<void> {
  const { namespace, name } = claim.metadata;
  const volume = cluster.volumes.find(({ metadata }) => metadata.name === claim.spec?.volumeName);
  const asked = claim.spec?.resources?.requests?.storage as string;
  if (!volume || claim.status?.phase !== "Bound" || !working.includes(driverOf(volume))) return;
  if (!DRIVERS[driverOf(volume)]?.attaches || quantity(asked) <= quantity(claim.status.capacity?.storage)) return;
  const size = Math.ceil(quantity(asked) / GIB);
  const capacity = { storage: `${size}Gi` };
  const disk = volume.spec?.csi.volumeHandle as string;
  const refused = growDisk(disk, size);
  if (refused !== undefined) {
    // https://github.com/kubernetes/kubernetes/issues/131397
    const why =
      `resize volume "${volume.metadata.name}" by resizer "ebs.csi.aws.com" failed: rpc error: code = Internal desc = Could ` +
      `not resize volume "${disk}": Could not modify volume "${disk}": operation error EC2: ModifyVolume, api error ${refused}`;
    const source = { component: "external-resizer ebs.csi.aws.com" };
    return writeWarning(api, claim, source, { reason: "VolumeResizeFailed", message: why }, attempt);
  }
  await attempt(`grows the disk of claim ${namespace}/${name} to ${capacity.storage}`, async () => {
    await api.merge(volumeReference(volume.metadata.name), { spec: { capacity } });
    const claimReference = { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name };
    await api.merge(claimReference, { status: { capacity } }, "status");
  });
}

/** Deletes the disk of a released volume where the policy says so, and only then the volume. */
async function reclaim(api: KubernetesApi, cluster: ClusterState, volume: KubernetesObject, attempt: Attempt) {
  const { name, finalizers = [], deletionTimestamp } = volume.metadata;
  const isDeleted = volume.spec?.persistentVolumeReclaimPolicy === "Delete";
  const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
  const setFinalizers = (list: string[]) => api.merge(volumeReference(name), { metadata: { finalizers: list } });
  if (isDeleted !== finalizers.includes(FINALIZER) && !deletionTimestamp) {
    await attempt(`${isDeleted ? "guards" : "no longer guards"} volume ${name}, whose policy changed`, () =>
      setFinalizers(isDeleted ? [...others, FINALIZER] : others),
    );
    return;
  }
  const isReleased = isDeleted && volume.status?.phase === "Released" && !isAttached(volume, cluster);
  if (!isReleased || !isDone(`delete ${name}`)) return;
  await attempt(`deletes the disk of volume ${name}`, async () => {
    deleteDisk((volume.spec?.csi.volumeHandle as string).split("::").pop() as string);
    await setFinalizers(others);
    await api.delete(volumeReference(name));
  });
}
