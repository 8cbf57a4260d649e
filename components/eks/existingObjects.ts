import { clusterApi } from "../clusterApi/clusterApi";
import type { Violation } from "../checks/violations";
import type { OwnResource } from "../retention/ownState";
import { typeTokens } from "../typeTokens";

/** Names of objects that belong to no namespace, by kind. Plain. */
export interface ClusterWideNames {
  namespaces?: string[];
  storageClasses?: string[];
  volumeSnapshotClasses?: string[];
  persistentVolumes?: string[];
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
  persistentVolumes: {
    noun: "volume",
    path: "/api/v1/persistentvolumes",
    type: "kubernetes:core/v1:PersistentVolume",
  },
};

interface Named {
  metadata?: { name?: string };
}

/** What a cluster has by names that are to be made in it. */
export interface NamesTaken {
  violations: Violation[];
  /** Why some kinds, or all, couldn't be asked for. */
  trouble?: string;
}

/**
 * What of the names is in the cluster, and isn't the stack's own there. Pulumi's Kubernetes plugin creates by server-side
 * apply, which takes an object over that is there, and a destroy deletes it, with all that is in a namespace:
 * https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/await/await.go (Creation: "we currently always upsert")
 */
export async function namesTaken(
  clusterName: string,
  kubeconfig: string,
  names: ClusterWideNames,
  state: OwnResource[],
): Promise<NamesTaken> {
  const api = clusterApi(kubeconfig, { signIn: 15, request: 5 });
  // What the state has of another cluster isn't here.
  const isHere = state.some(
    ({ type, outputs }) => type === typeTokens.ExistingCluster && outputs["clusterName"] === clusterName,
  );
  const taken: string[] = [];
  const troubles = new Set<string>();
  for (const kind of Object.keys(KINDS) as (keyof ClusterWideNames)[]) {
    const { noun, path, type, definition } = KINDS[kind];
    const own = isHere ? state.filter((it) => it.type === type) : [];
    const ownNames = own.map(({ outputs }) => (outputs as Named).metadata?.name);
    const wanted = (names[kind] ?? []).filter((name) => !ownNames.includes(name));
    if (wanted.length === 0) continue;
    try {
      if (definition && (await api.list(definition))?.length === 0) continue;
      const there = ((await api.list<Named>(path)) ?? []).map(({ metadata }) => metadata?.name);
      taken.push(...wanted.filter((name) => there.includes(name)).map((name) => `${noun} ${name}`));
    } catch (error) {
      troubles.add((error as Error).message);
    }
  }
  const violation: Violation = {
    argument: "clusterName",
    expected: `a cluster without a ${taken.join(", a ")}`,
    actual: clusterName,
    fix:
      "This stack's state has none of them: pulumi up would take them over, and a destroy delete them with what is in them. " +
      "Use another cluster. What an interrupted pulumi up of this stack made, take into the state with pulumi import. For what " +
      'an earlier stack kept, see docs/existing.md, "What stays after a destroy". Anything else: look what is in it before you delete it.',
  };
  return {
    violations: taken.length > 0 ? [violation] : [],
    trouble: troubles.size > 0 ? [...troubles].join("\n") : undefined,
  };
}
