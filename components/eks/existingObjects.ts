import type { ClusterApi } from "../clusterApi/clusterApi";
import type { ClusterApiError } from "../clusterApi/clusterApiError";
import type { Violation } from "../checks/violations";
import type { OwnResource } from "../retention/ownState";
import { typeTokens } from "../typeTokens";

/** Names of objects that belong to no namespace, by kind. Plain. */
export interface ClusterWideNames {
  /** Names of namespaces. Plain. Default: none. */
  namespaces?: string[];
  /** Names of StorageClasses. Plain. Default: none. */
  storageClasses?: string[];
  /** Names of VolumeSnapshotClasses. Plain. Default: none. */
  volumeSnapshotClasses?: string[];
  /** Names of PersistentVolumes. Plain. Default: none. */
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

const TRIES = 5;

/** Asks again, after a second, while an API server answers with something else: it may just learn a kind, or be busy. */
async function listed(api: ClusterApi, path: string): Promise<Identified[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return (await api.list<Identified>(path)) ?? [];
    } catch (error) {
      if ((error as ClusterApiError).kind !== "answer" || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

interface Identified {
  metadata?: { name?: string; uid?: string };
}

/** What a cluster has by names that are to be made in it. */
export interface NamesTaken {
  violations: Violation[];
  /** Why some kinds, or all, couldn't be asked for. */
  trouble?: string;
  /** Whether the state has every name that couldn't be asked for, in a cluster of this name: nothing is made then. */
  isInState: boolean;
}

/**
 * What of the names is in the cluster, and isn't the stack's own there. Pulumi's Kubernetes plugin creates by server-side
 * apply, which takes an object over that is there, and a destroy deletes it, with all that is in a namespace:
 * https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/await/await.go (Creation: "we currently always upsert")
 */
export async function namesTaken(
  clusterName: string,
  api: ClusterApi,
  names: ClusterWideNames,
  state: OwnResource[],
): Promise<NamesTaken> {
  let isInState = state.some(
    ({ type, outputs }) => type === typeTokens.ExistingCluster && outputs["clusterName"] === clusterName,
  );
  const taken: string[] = [];
  const troubles = new Set<string>();
  for (const kind of Object.keys(KINDS) as (keyof ClusterWideNames)[]) {
    const { noun, path, type, definition } = KINDS[kind];
    const wanted = names[kind] ?? [];
    if (wanted.length === 0) continue;
    const own = state.filter((it) => it.type === type).map(({ outputs }) => (outputs as Identified).metadata);
    try {
      if (definition && (await listed(api, definition)).length === 0) continue;
      const there = (await listed(api, path)).map(({ metadata }) => metadata);
      // By its uid: what the state has may be of another cluster, or of before somebody made it anew.
      const isOwn = (uid: string | undefined) => own.some((it) => it?.uid === uid);
      const others = there.filter((it) => wanted.includes(it?.name ?? "") && !isOwn(it?.uid));
      taken.push(...others.map((it) => `${noun} ${it?.name}`));
    } catch (error) {
      troubles.add((error as Error).message.replaceAll(/\?fieldSelector=\S+/g, ""));
      isInState &&= wanted.every((name) => own.some((it) => it?.name === name));
    }
  }
  taken.sort();
  const violation: Violation = {
    argument: "clusterName",
    expected: `a cluster without a ${taken.join(", a ")}`,
    actual: clusterName,
    fix:
      "This stack's state has none of them: pulumi up would take them over, and a destroy delete them with what is in them. " +
      "Use another cluster. If they were this stack's, and somebody made them anew: pulumi refresh. If an interrupted pulumi " +
      "up of this stack made them, and nothing is in them yet: kubectl delete. If an earlier stack kept them: " +
      'docs/existing.md, "What stays after a destroy". Anything else: look what is in it before you delete it.',
  };
  return {
    violations: taken.length > 0 ? [violation] : [],
    trouble: troubles.size > 0 ? [...troubles].join("\n") : undefined,
    isInState,
  };
}
