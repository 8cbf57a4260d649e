import { readRecords } from "../aws/records";
import { controlPlaneApi, type Fields, type KubernetesObject } from "../kubernetes/client";
import { hasControlPlane } from "../stack/controlPlane";
import { readControlPlane } from "../stack/directory";

/** One resource or object that exists. */
export interface Item {
  /** Such as `efs/fileSystem` or `PersistentVolume`. */
  type: string;
  /** AWS's id; in Kubernetes the name, with its namespace where it has one. */
  id: string;
  /** What tells a reader more: an AWS name, a claim's size, what a volume is for. May be empty. */
  note: string;
}

/** What exists in a local cloud: Pulumi's state is not asked. */
export interface Inventory {
  aws: Item[];
  /** Nodes, storage, workloads and namespaces, without the system's own. */
  kubernetes: Item[];
}

const isSystem = (namespace: string) => namespace === "default" || namespace.startsWith("kube-");

const zoneOf = ({ metadata }: KubernetesObject) => metadata.labels?.["topology.kubernetes.io/zone"] ?? "";

const claimOf = ({ spec }: KubernetesObject) =>
  spec?.claimRef ? ` for ${spec.claimRef.namespace}/${spec.claimRef.name}` : "";

const ready = ({ spec, status }: KubernetesObject) => `${status?.readyReplicas ?? 0} of ${spec?.replicas} ready`;

/** Every kind that is listed: its API, and what to note. */
const KINDS: [string, string, (live: KubernetesObject) => string][] = [
  ["v1", "Namespace", () => ""],
  ["v1", "Node", zoneOf],
  ["apps/v1", "Deployment", ready],
  ["apps/v1", "StatefulSet", ready],
  ["v1", "PersistentVolumeClaim", ({ spec, status }) => `${status?.phase}, ${spec?.resources?.requests?.storage}`],
  ["v1", "PersistentVolume", (live) => `${live.spec?.persistentVolumeReclaimPolicy}${claimOf(live)}`],
  ["storage.k8s.io/v1", "StorageClass", ({ reclaimPolicy }) => String(reclaimPolicy)],
  ["storage.k8s.io/v1", "VolumeAttachment", ({ spec }) => `${spec?.source?.persistentVolumeName}`],
];

/** @param cloud the stack's local cloud; its control plane, if it has one, must run. */
export async function inventory(cloud: string): Promise<Inventory> {
  const aws = readRecords(cloud).map(({ type, id, properties }) => {
    const { Name, CSIVolumeName } = (properties.tags ?? {}) as Record<string, string>;
    return { type: type.split(":")[1]!, id, note: Name ?? CSIVolumeName ?? "" };
  });
  return { aws: sorted(aws), kubernetes: hasControlPlane(cloud) ? await inKubernetes(cloud) : [] };
}

async function inKubernetes(cloud: string): Promise<Item[]> {
  const api = controlPlaneApi(readControlPlane(cloud));
  const lists = await Promise.all(
    KINDS.map(async ([apiVersion, kind, note]) => {
      const found = await api.list({ apiVersion, kind });
      const own = found.filter(({ metadata: { name, namespace } }) => {
        return !isSystem(kind === "Namespace" ? name : (namespace ?? ""));
      });
      return sorted(own.map((live) => ({ type: kind, id: idOf(live), note: note(live) })));
    }),
  );
  return lists.flat();
}

const idOf = ({ metadata: { namespace, name } }: Fields) => (namespace ? `${namespace}/${name}` : name) as string;

const sorted = (items: Item[]) => items.sort((a, b) => `${a.type} ${a.id}`.localeCompare(`${b.type} ${b.id}`));

/** Ids that end in an ARN differ at both ends: the middle is what a reader can spare. */
const shortened = (text: string, width: number) =>
  text.length <= width ? text : `${text.slice(0, Math.floor(width / 2))}…${text.slice(-Math.ceil(width / 2) + 1)}`;

/** The inventory for a reader: 80 columns. */
export function inventoryText({ aws, kubernetes }: Inventory): string {
  const part = (title: string, items: Item[]) => {
    const types = [...new Set(items.map(({ type }) => type))];
    const lines = types.flatMap((type) => [
      `  ${type}`,
      ...items
        .filter((item) => item.type === type)
        .map(({ id, note }) => shortened(`    ${id}${note && `  ${note}`}`, 80)),
    ]);
    return [`${title}: ${items.length || "nothing"}`, ...lines].join("\n");
  };
  return `${part("AWS", aws)}\n\n${part("Kubernetes", kubernetes)}`;
}
