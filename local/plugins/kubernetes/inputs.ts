import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Fields, Metadata } from "../../kubernetes/client";
import { quantity } from "../../kubernetes/quantity";
import type { DiffResult } from "../plugin";
import { type Properties, UNKNOWN, valueAt, withoutValueAt, withValueAt } from "../properties";

// What the real plugin decides without asking the cluster: names, what a change does, what a refresh sees.

/** Marks an object whose name we generated: its replacement gets another name and can come first. */
const AUTONAMED = "pulumi.com/autonamed";

const POD_SELECTOR = ["spec.selector"];
const CONTENT = ["data", "stringData", "binaryData"];

/** By kind, the paths whose change makes the real plugin replace the object (its provider/pkg/provider/diff.go). */
const REPLACED_ON: Record<string, string[]> = {
  "apps/v1/DaemonSet": POD_SELECTOR,
  "apps/v1/Deployment": POD_SELECTOR,
  "apps/v1/StatefulSet": [
    ...POD_SELECTOR,
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/v1/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/v1/RoleBinding": ["roleRef"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "v1/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "v1/Secret": ["type"],
  "v1/Service": ["spec.clusterIP"],
};

/** By kind, the provider's setting without which its content is replaced too, not changed. */
const MUTABLE_BY: Record<string, string> = {
  "v1/ConfigMap": "enableConfigMapMutable",
  "v1/Secret": "enableSecretMutable",
};

/** The settings of the provider that matter here: booleans, which arrive as strings too. */
export type Settings = Properties;

export const isOn = (settings: Settings, name: string) => String(settings[name]) === "true";

/** @param type a token such as `kubernetes:apps/v1:Deployment`; `core/v1` is the API's `v1` */
export function kindOf(type: string): { apiVersion: string; kind: string } {
  const [, module = "", kind = ""] = type.split(":");
  return { apiVersion: module.replace(/^core\//, ""), kind };
}

export const annotation = (object: Fields, name: string) =>
  (object.metadata?.annotations as Record<string, string> | undefined)?.[name];

/** The inputs with a kind and a name: the given one, else the one generated before, else a new one. */
export function withName(type: string, resource: string, olds: Properties | undefined, news: Properties): Properties {
  const object: Fields = { ...kindOf(type), ...news };
  if (object.metadata === UNKNOWN || object.metadata?.name) return object;
  const before = olds?.metadata as Metadata | undefined;
  const kept = before?.annotations?.[AUTONAMED] ? before.name : undefined;
  const name = kept ?? `${resource}-${randomBytes(4).toString("hex")}`;
  const annotations = { ...object.metadata?.annotations, [AUTONAMED]: "true" };
  return { ...object, metadata: { ...object.metadata, name, annotations } };
}

const namespaceOf = (object: Fields) => (object.metadata?.namespace as string | undefined) ?? "default";

/** What a change of inputs means: nothing, an update, or a replacement; deleted first when the name must be the same. */
export function diffInputs(olds: Properties, news: Properties, settings: Settings): DiffResult {
  const [old, next] = [olds, news].map((inputs): Fields => {
    const metadata = inputs.metadata as Fields | undefined;
    return { ...inputs, metadata: { ...metadata, namespace: namespaceOf(inputs) } };
  }) as [Fields, Fields];
  const changed = (path: string) => !isDeepStrictEqual(valueAt(old, path), valueAt(next, path));
  const kind = `${next.apiVersion}/${next.kind}`;
  const setting = MUTABLE_BY[kind];
  const fixed = setting !== undefined && (!isOn(settings, setting) || next.immutable === true) ? CONTENT : [];
  const paths = ["metadata.name", "metadata.namespace", ...(REPLACED_ON[kind] ?? []), ...fixed].filter(changed);
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  return {
    changed: keys.filter(changed).sort(),
    replaces: [...new Set(paths.map((path) => path.split(".")[0] as string))],
    deleteBeforeReplace:
      paths.length > 0 && !annotation(next, AUTONAMED) && !changed("metadata.name") && !changed("metadata.namespace"),
  };
}

/** What a change of the provider's configuration means for everything that it created. */
export function diffProvider(olds: Properties, news: Properties): DiffResult {
  const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  const changed = keys.filter((key) => !isDeepStrictEqual(olds[key], news[key])).sort();
  const known = "clusterIdentifier";
  if (olds[known] && news[known]) return { changed, replaces: changed.filter((key) => key === known) };
  // Without an identifier the real plugin goes by the active cluster, and an unknown one may be another.
  const moved = changed.includes("kubeconfig") && activeCluster(olds.kubeconfig) !== activeCluster(news.kubeconfig);
  return { changed, replaces: moved ? ["kubeconfig"] : [] };
}

function activeCluster(kubeconfig: unknown): unknown {
  try {
    const config = JSON.parse(String(kubeconfig)) as Fields;
    const context = config.contexts.find(({ name }: Fields) => name === config["current-context"]);
    const { cluster } = config.clusters.find(({ name }: Fields) => name === context.context.cluster);
    return JSON.stringify(cluster);
  } catch {
    return kubeconfig;
  }
}

/** Keys whose values are quantities: the API server writes 0.5 as 500m. */
const QUANTITIES = new Set(["cpu", "memory", "storage", "ephemeral-storage", "sizeLimit"]);

const isMap = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

const isZero = (value: unknown) =>
  !value || (Array.isArray(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0);

/** The live object cut to the fields that the inputs have, so that only drift differs from them. */
export function inputsFromLive(live: Fields, inputs: Fields): Properties {
  const seen = prune(live, inputs) as Properties;
  // The API server moves what a Secret's stringData says into data, in base64.
  if (inputs.stringData) {
    const written = Object.entries(live.data ?? {}).map(([key, value]) => [key, Buffer.from(String(value), "base64")]);
    seen.stringData = prune(Object.fromEntries(written.map(([key, value]) => [key, String(value)])), inputs.stringData);
  }
  return seen;
}

function prune(live: unknown, shape: unknown, key = ""): unknown {
  if (Array.isArray(live) && Array.isArray(shape)) {
    return live.map((item, index) => (index < shape.length ? prune(item, shape[index]) : (item as unknown)));
  }
  if (isMap(live) && isMap(shape)) {
    const fields = Object.entries(shape)
      // What is empty or false isn't sent back: that is no drift.
      .filter(([field, value]) => field in live || isZero(value))
      .map(([field, value]) => [field, field in live ? prune(live[field], value, field) : value]);
    return Object.fromEntries(fields);
  }
  return QUANTITIES.has(key) && quantity(live) === quantity(shape) ? shape : live;
}

/**
 * What an update applies where changes are ignored: without what somebody else manages by now, which would be a conflict,
 * and with what is there of our own, which would go if it were left out.
 * https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/await/await.go (handleSSAIgnoreFields)
 */
export function withIgnored(inputs: Properties, live: Fields, manager: string, ignored: string[]): Properties {
  const entries = (live.metadata?.managedFields ?? []) as Fields[];
  const isManaged = (path: string, by: (entry: Fields) => boolean) => {
    const field = path.replaceAll(/(^|[.])/g, "$1f:");
    return entries.some((entry) => by(entry) && valueAt(entry.fieldsV1, field) !== undefined);
  };
  return ignored.reduce((all, path) => {
    const isOurs = isManaged(path, (entry) => entry.manager === manager);
    if (!isOurs && isManaged(path, () => true)) return withoutValueAt(all, path);
    const there = valueAt(live, path);
    return there === undefined ? all : withValueAt(all, path, there);
  }, inputs);
}

/** What a preview knows of an object after an update: what it has, and what is given now. */
export function merged(olds: unknown, news: unknown): unknown {
  if (!isMap(olds) || !isMap(news)) return news;
  const fields = Object.entries(news).map(([key, value]) => [key, merged(olds[key], value)]);
  return { ...olds, ...Object.fromEntries(fields) };
}

/** Whether anything in the value is unknown yet. */
export function hasUnknown(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).some(hasUnknown);
  return value === UNKNOWN;
}
