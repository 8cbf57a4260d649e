import { clusterApi } from "../clusterApi/clusterApi";
import type { Violation } from "../checks/violations";
import type { OwnResource } from "../retention/ownState";

/** Names of objects that belong to no namespace, by kind. Plain. */
export interface ClusterWideNames {
  namespaces?: string[];
  storageClasses?: string[];
  volumeSnapshotClasses?: string[];
}

interface Kind {
  noun: string;
  path: string;
  type: string;
  /** Lists what defines the kind, where that may be missing: its path then leads nowhere. */
  definition?: string;
}

const KINDS: Record<keyof ClusterWideNames, Kind> = {
  namespaces: { noun: "namespace", path: "/api/v1/namespaces", type: "kubernetes:core/v1:Namespace" },
  storageClasses: {
    noun: "storage class",
    path: "/apis/storage.k8s.io/v1/storageclasses",
    type: "kubernetes:storage.k8s.io/v1:StorageClass",
  },
  volumeSnapshotClasses: {
    noun: "snapshot class",
    path: "/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses",
    type: "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
    definition:
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions?fieldSelector=metadata.name=volumesnapshotclasses.snapshot.storage.k8s.io",
  },
};

interface Named {
  metadata?: { name?: string };
}

/**
 * What of the names is in the cluster, and isn't the stack's own. Pulumi's Kubernetes plugin creates by server-side apply,
 * which takes an object over that is there, and a destroy deletes it, with all that is in a namespace:
 * https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/await/await.go (Creation: "we currently always upsert")
 *
 * @throws ClusterApiError
 */
export async function namesTaken(
  clusterName: string,
  kubeconfig: string,
  names: ClusterWideNames,
  state: OwnResource[],
): Promise<Violation[]> {
  const api = clusterApi(kubeconfig, { signIn: 15, request: 5 });
  const taken: string[] = [];
  for (const kind of Object.keys(KINDS) as (keyof ClusterWideNames)[]) {
    const { noun, path, type, definition } = KINDS[kind];
    const own = state.filter((it) => it.type === type).map(({ outputs }) => (outputs as Named).metadata?.name);
    const wanted = (names[kind] ?? []).filter((name) => !own.includes(name));
    if (wanted.length === 0) continue;
    if (definition && (await api.list(definition))?.length === 0) continue;
    const there = ((await api.list<Named>(path)) ?? []).map(({ metadata }) => metadata?.name);
    taken.push(...wanted.filter((name) => there.includes(name)).map((name) => `${noun} ${name}`));
  }
  if (taken.length === 0) return [];
  return [
    {
      argument: "clusterName",
      expected: `a cluster without ${taken.map((it) => `a ${it}`).join(", ")}`,
      actual: clusterName,
      fix:
        "They aren't this stack's: it would take them over, and a destroy would delete them with what is in them. Use " +
        'another cluster, or delete them first. For what an earlier stack kept: docs/existing.md, "What stays after a destroy".',
    },
  ];
}
