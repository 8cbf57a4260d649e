import type { Fields, KubernetesApi, KubernetesObject } from "../kubernetes/client";
import type { Attempt } from "./attempt";
import { type ClusterState, volumesOf } from "./clusterState";
import { DRIVERS } from "./csiDrivers";
import { efsMountError, mountOf } from "./efsMount";
import { writeWarning } from "./events";
import { s3MountError, seedBuckets } from "./mountpoint";
import { isSimulated } from "./simulated";

/** The annotation that kwok's stage for pods waits for (stages.yaml). */
const STARTED = "eks-storage.local/started";

/** What keeps a pod from starting: the event that a kubelet would write, or `silent` if it would write none. */
type StartError = { reason: "FailedMount" | "Failed"; message: string } | "silent";

/** Starts each pod that has a simulated node and all that it needs; writes events about the others. */
export async function startPods(
  api: KubernetesApi,
  cluster: ClusterState,
  running: string[],
  attempt: Attempt,
): Promise<void> {
  for (const pod of cluster.pods) {
    const { namespace, name, annotations, deletionTimestamp } = pod.metadata;
    if (!pod.spec?.nodeName || annotations?.[STARTED] || deletionTimestamp) continue;
    // A real node has a kubelet. One that isn't known yet may be a real one: it is looked at again.
    const node = cluster.nodes.find(({ metadata }) => metadata.name === pod.spec?.nodeName);
    if (!node || !isSimulated(node)) continue;
    const error = volumeError(pod, cluster, running) ?? (await referenceError(api, pod));
    if (error === "silent") continue;
    if (error)
      await writeWarning(api, pod, { component: "kubelet", host: pod.spec.nodeName as string }, error, attempt);
    else {
      const reference = { apiVersion: "v1", kind: "Pod", namespace, name };
      const patch = { metadata: { annotations: { [STARTED]: "true" } } };
      await attempt(`starts pod ${namespace}/${name}`, () => api.merge(reference, patch));
      seedBuckets(pod, cluster);
    }
  }
}

const isAttached = (volume: KubernetesObject, pod: KubernetesObject, { attachments }: ClusterState) =>
  attachments.some(
    ({ spec, status }) =>
      spec?.nodeName === pod.spec?.nodeName &&
      spec?.source?.persistentVolumeName === volume.metadata.name &&
      status?.attached,
  );

function volumeError(pod: KubernetesObject, cluster: ClusterState, running: string[]): StartError | undefined {
  const node = cluster.nodes.find(({ metadata }) => metadata.name === pod.spec?.nodeName);
  const zone = node?.metadata.labels?.["topology.kubernetes.io/zone"] ?? "";
  for (const volume of volumesOf(pod, cluster)) {
    const driver = volume.spec?.csi?.driver as string | undefined;
    if (!driver) continue;
    const reason = mountError(volume, driver, zone, running) ?? s3MountError(volume, pod, cluster);
    const prefix = `MountVolume.SetUp failed for volume "${volume.metadata.name}" : `;
    if (reason) return { reason: "FailedMount", message: prefix + reason };
    // Of a disk that can't be attached the controller-manager itself tells, after two minutes.
    if (DRIVERS[driver]?.attaches && !isAttached(volume, pod, cluster)) return "silent";
  }
  return undefined;
}

function mountError(volume: KubernetesObject, driver: string, zone: string, running: string[]): string | undefined {
  if (DRIVERS[driver] && !running.includes(driver)) {
    return `driver name ${driver} not found in the list of registered CSI drivers`;
  }
  return driver === "efs.csi.aws.com" ? efsMountError(mountOf(volume), zone) : undefined;
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

async function referenceError(api: KubernetesApi, pod: KubernetesObject): Promise<StartError | undefined> {
  const { namespace } = pod.metadata;
  for (const { kind, name, mounted } of references(pod)) {
    if (await api.find({ apiVersion: "v1", kind, namespace, name })) continue;
    const missing = `${kind.toLowerCase()} "${name}" not found`;
    if (!mounted) return { reason: "Failed", message: `Error: ${missing}` };
    return { reason: "FailedMount", message: `MountVolume.SetUp failed for volume "${name}" : ${missing}` };
  }
  return undefined;
}
