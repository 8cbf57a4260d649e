import type { Fields, KubernetesApi, KubernetesObject } from "../kubernetes/client";
import { whyNotMountable } from "./disks";
import { DRIVERS, volumesOf, type World } from "./csiDrivers";
import { warn } from "./events";
import { seedBuckets, whyNotMountedFromS3 } from "./mountpoint";
import type { Act } from "./provisioner";

/** The annotation that kwok's stage for pods waits for (stages.yaml). */
const STARTED = "eks-storage.local/started";

/** What keeps a pod from starting, as the event that a kubelet would write. */
type Obstacle = { reason: "FailedMount" | "Failed"; message: string } | "silent";

/** Starts each pod that has a node and all that it needs; writes of the others what they lack. */
export async function startPods(api: KubernetesApi, world: World, running: string[], act: Act): Promise<void> {
  for (const pod of world.pods) {
    const { namespace, name, annotations, deletionTimestamp } = pod.metadata;
    if (!pod.spec?.nodeName || annotations?.[STARTED] || deletionTimestamp) continue;
    const obstacle = volumeObstacle(pod, world, running) ?? (await referenceObstacle(api, pod));
    if (obstacle === "silent") continue;
    if (obstacle) await warn(api, pod, { component: "kubelet", host: pod.spec.nodeName as string }, obstacle, act);
    else {
      const reference = { apiVersion: "v1", kind: "Pod", namespace, name };
      const patch = { metadata: { annotations: { [STARTED]: "true" } } };
      await act(`starts pod ${namespace}/${name}`, () => api.merge(reference, patch));
      seedBuckets(pod, world);
    }
  }
}

const isAttached = (volume: KubernetesObject, pod: KubernetesObject, { attachments }: World) =>
  attachments.some(
    ({ spec, status }) =>
      spec?.nodeName === pod.spec?.nodeName &&
      spec?.source?.persistentVolumeName === volume.metadata.name &&
      status?.attached,
  );

function volumeObstacle(pod: KubernetesObject, world: World, running: string[]): Obstacle | undefined {
  const node = world.nodes.find(({ metadata }) => metadata.name === pod.spec?.nodeName);
  const zone = node?.metadata.labels?.["topology.kubernetes.io/zone"] ?? "";
  for (const volume of volumesOf(pod, world)) {
    const driver = volume.spec?.csi?.driver as string | undefined;
    if (!driver) continue;
    const reason = mountObstacle(volume, driver, zone, running) ?? whyNotMountedFromS3(volume, pod, world);
    const doing = `MountVolume.SetUp failed for volume "${volume.metadata.name}" : `;
    if (reason) return { reason: "FailedMount", message: doing + reason };
    // Of a disk that can't be attached the controller-manager itself tells, after two minutes.
    if (DRIVERS[driver]?.attaches && !isAttached(volume, pod, world)) return "silent";
  }
  return undefined;
}

function mountObstacle(volume: KubernetesObject, driver: string, zone: string, running: string[]): string | undefined {
  if (DRIVERS[driver] && !running.includes(driver)) {
    return `driver name ${driver} not found in the list of registered CSI drivers`;
  }
  if (driver !== "efs.csi.aws.com") return undefined;
  const { volumeHandle, volumeAttributes } = volume.spec?.csi as Fields;
  const [fileSystem = "", accessPoint] = (volumeHandle as string).split("::");
  const iam = ((volume.spec?.mountOptions ?? []) as string[]).includes("iam");
  const encrypted = volumeAttributes?.encryptInTransit !== "false";
  return whyNotMountable({ fileSystem, accessPoint, iam, encrypted }, zone);
}

/** ConfigMaps and Secrets that the pod names and that must exist. */
function references(pod: KubernetesObject): { kind: "ConfigMap" | "Secret"; name: string; mounted: boolean }[] {
  const { volumes = [], containers = [], initContainers = [] } = (pod.spec ?? {}) as Record<string, Fields[]>;
  const sources = volumes.flatMap((volume) => [volume, ...((volume.projected?.sources ?? []) as Fields[])]);
  const environment = [...initContainers, ...containers].flatMap(({ env = [], envFrom = [] }) => [
    ...(envFrom as Fields[]),
    ...(env as Fields[]).map(({ valueFrom = {} }) => valueFrom as Fields),
  ]);
  const of = (kind: "ConfigMap" | "Secret", named: Fields | undefined, mounted: boolean) =>
    named && !named.optional ? [{ kind, name: (named.secretName ?? named.name) as string, mounted }] : [];
  return [
    ...sources.flatMap(({ configMap, secret }) => [...of("ConfigMap", configMap, true), ...of("Secret", secret, true)]),
    ...environment.flatMap(({ configMapRef, configMapKeyRef, secretRef, secretKeyRef }) => [
      ...of("ConfigMap", configMapRef ?? configMapKeyRef, false),
      ...of("Secret", secretRef ?? secretKeyRef, false),
    ]),
  ];
}

async function referenceObstacle(api: KubernetesApi, pod: KubernetesObject): Promise<Obstacle | undefined> {
  const { namespace } = pod.metadata;
  for (const { kind, name, mounted } of references(pod)) {
    if (await api.find({ apiVersion: "v1", kind, namespace, name })) continue;
    const lacking = `${kind.toLowerCase()} "${name}" not found`;
    if (!mounted) return { reason: "Failed", message: `Error: ${lacking}` };
    return { reason: "FailedMount", message: `MountVolume.SetUp failed for volume "${name}" : ${lacking}` };
  }
  return undefined;
}
