import type { Fields, KubernetesApi, KubernetesObject, Query, Reference } from "../../kubernetes/client";
import { valueAt } from "../properties";
import { annotation } from "./inputs";

/** When an object of a kind counts as ready, as the real plugin's documentation of the kind says. */
interface Wait {
  /** Seconds that the real plugin waits unless told otherwise. */
  seconds: number;
  /** Other objects that the answer needs. */
  needs?(live: KubernetesObject): { reference: Reference; query?: Query } | undefined;
  /** What is still missing, in words; undefined: it is ready. */
  missing(live: KubernetesObject, needed: KubernetesObject[], created: boolean): string | undefined;
}

const condition = (live: KubernetesObject, type: string): Fields | undefined =>
  (live.status?.conditions as Fields[] | undefined)?.find((found) => found.type === type);

const isObserved = (live: KubernetesObject) =>
  ((live.status?.observedGeneration as number | undefined) ?? 0) >= (live.metadata.generation ?? 0);

const replicasOf = (live: KubernetesObject) => (live.spec?.replicas as number | undefined) ?? 1;

const phase = (live: KubernetesObject) => (live.status?.phase as string | undefined) ?? "unknown";

const WAITS: Record<string, Wait> = {
  "apps/v1/Deployment": {
    seconds: 600,
    missing(live) {
      const { updatedReplicas = 0, availableReplicas = 0 } = live.status ?? {};
      const isDone = condition(live, "Progressing")?.reason === "NewReplicaSetAvailable";
      if (
        isObserved(live) &&
        isDone &&
        updatedReplicas === replicasOf(live) &&
        condition(live, "Available")?.status === "True"
      ) {
        return undefined;
      }
      return `${updatedReplicas} of ${replicasOf(live)} replicas updated, ${availableReplicas} available`;
    },
  },
  "apps/v1/StatefulSet": {
    seconds: 600,
    missing(live) {
      const { readyReplicas = 0, updatedReplicas = 0 } = live.status ?? {};
      const isUpdated = live.spec?.updateStrategy?.type === "OnDelete" || updatedReplicas === replicasOf(live);
      if (isObserved(live) && isUpdated && readyReplicas === replicasOf(live)) return undefined;
      return `${updatedReplicas} of ${replicasOf(live)} replicas updated, ${readyReplicas} ready`;
    },
  },
  "batch/v1/Job": {
    seconds: 600,
    missing: (live) => (condition(live, "Complete")?.status === "True" ? undefined : "the job has not completed"),
  },
  "v1/PersistentVolume": {
    seconds: 300,
    missing: (live) => (["Available", "Bound"].includes(phase(live)) ? undefined : `the volume is ${phase(live)}`),
  },
  "v1/PersistentVolumeClaim": {
    seconds: 300,
    needs({ spec }) {
      const name = spec?.storageClassName as string | undefined;
      return name ? { reference: { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name } } : undefined;
    },
    missing(live, [storageClass], created) {
      // One that waits for its first pod must be taken as Pending, or the pod would never come. The real plugin takes
      // it as nothing else: a bound one that is created again, over itself, times out (pulumi-kubernetes pull 4181).
      const waits = created && storageClass?.volumeBindingMode === "WaitForFirstConsumer";
      const wanted = waits ? "Pending" : "Bound";
      return phase(live) === wanted ? undefined : `the claim is ${phase(live)}, not ${wanted}`;
    },
  },
  "v1/Pod": {
    seconds: 300,
    missing: (live) =>
      condition(live, "Ready")?.status === "True" || phase(live) === "Succeeded" ? undefined : `it is ${phase(live)}`,
  },
  "v1/Service": {
    seconds: 600,
    needs({ metadata, spec }) {
      if (spec?.clusterIP === "None" || spec?.type === "ExternalName" || !spec?.selector) return undefined;
      const labelSelector = `kubernetes.io/service-name=${metadata.name}`;
      const reference = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace: metadata.namespace };
      return { reference, query: { labelSelector } };
    },
    missing(live, slices) {
      const hasPods = slices.some((slice) =>
        (slice.endpoints as Fields[] | null)?.some((end) => end.conditions?.ready),
      );
      return !this.needs?.(live) || hasPods ? undefined : "Service does not target any ready Pods";
    },
  },
};

/** Waits that a user asks for: `condition=Type`, `condition=Type=Status`, `jsonpath={.path}=value`, or several in JSON. */
export function waitFor(live: KubernetesObject, expression: string): string | undefined {
  if (expression.startsWith("[")) {
    return (JSON.parse(expression) as string[]).map((one) => waitFor(live, one)).find((missing) => missing);
  }
  const [, form, subject = "", wanted] = /^(condition|jsonpath)=\{?\.?([^}=]+)\}?(?:=(.+))?$/.exec(expression) ?? [];
  const path = valueAt(live, subject);
  const found = form === "condition" ? condition(live, subject)?.status : path;
  // As text, as kubectl compares them: what is true in the object is "true" in the expression.
  const isMet = found !== undefined && (form === "jsonpath" && !wanted ? true : String(found) === (wanted ?? "True"));
  return isMet ? undefined : `${expression} isn't met yet`;
}

/** What keeps the object from being ready, in words; undefined when it is, or when its kind isn't waited for. */
export async function missing(api: KubernetesApi, live: KubernetesObject, created: boolean) {
  if (annotation(live, "pulumi.com/skipAwait") === "true") return undefined;
  const asked = annotation(live, "pulumi.com/waitFor");
  if (asked) return waitFor(live, asked);
  const wait = WAITS[`${live.apiVersion}/${live.kind}`];
  const needs = wait?.needs?.(live);
  const needed = !needs
    ? []
    : needs.reference.name
      ? [await api.find(needs.reference)].filter((found) => found !== undefined)
      : await api.list(needs.reference, needs.query);
  return wait?.missing(live, needed, created);
}

/** Seconds to wait: the resource's `customTimeouts`, else its annotation, else the real plugin's default for the kind. */
export function waitSeconds(inputs: Fields, customTimeout: number): number {
  const annotated = Number(annotation(inputs, "pulumi.com/timeoutSeconds"));
  return customTimeout || annotated || (WAITS[`${inputs.apiVersion}/${inputs.kind}`]?.seconds ?? 300);
}

/** What the cluster says about an object that isn't well: its conditions, its pods' and the warnings about them. */
export async function complaints(api: KubernetesApi, live: KubernetesObject): Promise<string[]> {
  const { namespace, uid } = live.metadata;
  const labels = Object.entries((live.spec?.selector?.matchLabels ?? {}) as Record<string, string>);
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  const pods = labelSelector ? await api.list({ apiVersion: "v1", kind: "Pod", namespace }, { labelSelector }) : [];
  const unwell = [live, ...pods].flatMap((object) =>
    ((object.status?.conditions ?? []) as Fields[])
      .filter(({ status, message }) => status === "False" && message)
      .map(({ type, message }) => `${object.kind} ${object.metadata.name} is not ${type}: ${message}`),
  );
  const uids = [uid, ...pods.map((pod) => pod.metadata.uid)];
  const events = await api.list({ apiVersion: "v1", kind: "Event", namespace }, { fieldSelector: "type=Warning" });
  const warnings = (events as Fields[])
    .filter(({ involvedObject }) => uids.includes(involvedObject.uid as string))
    .map(({ involvedObject, reason, message }) => `${involvedObject.name}: ${reason}: ${message}`);
  return [...new Set([...unwell, ...warnings])];
}
