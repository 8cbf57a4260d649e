import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  StatusError,
  type Fields,
  kubeconfigApi,
  KubernetesApi,
  type KubernetesObject,
  type Reference,
} from "../../kubernetes/client";
import { InitializationFailed, type Plugin } from "../plugin";
import { type Properties, UNKNOWN } from "../properties";
import {
  annotation,
  diffInputs,
  diffProvider,
  hasUnknown,
  inputsFromLive,
  kindOf,
  merged,
  withIgnored,
  withName,
} from "./inputs";
import { complaints, missing, waitSeconds } from "./ready";

/** How often an object that isn't ready, or isn't gone, is looked at again, in milliseconds. */
const POLL = 250;

/** Where the state keeps who owns the fields that we apply, as the real plugin does. */
const MANAGER = "__fieldManager";

let settings: Properties = {};
let api = new KubernetesApi(() =>
  Promise.reject(new Error("kubernetes.Provider needs a kubeconfig; the user's own is never used instead")),
);

function referenceTo(id: string, { apiVersion, kind }: Fields): Reference {
  const [name, namespace] = id.split("/").reverse();
  return { apiVersion: apiVersion as string, kind: kind as string, namespace, name };
}

const titleOf = ({ kind, namespace, name }: Reference) => `${kind} ${namespace ? `${namespace}/` : ""}${name}`;

const idOf = ({ metadata: { namespace, name } }: KubernetesObject) => (namespace ? `${namespace}/${name}` : name);

function outputsOf(live: KubernetesObject, manager: unknown): Properties {
  const { managedFields: _, ...metadata } = live.metadata;
  return { ...live, metadata, [MANAGER]: manager };
}

/** Server-side apply; a conflict with another field manager is an error, unless the object asks to win it. */
async function apply(inputs: Fields, manager: string, dryRun = false): Promise<KubernetesObject> {
  const force = annotation(inputs, "pulumi.com/patchForce") ?? process.env.PULUMI_K8S_ENABLE_PATCH_FORCE ?? "false";
  try {
    return await api.apply(inputs, manager, { force, dryRun: dryRun ? "All" : undefined });
  } catch (error) {
    if (!(error instanceof StatusError && error.status === 409)) throw error;
    throw new Error(
      `Server-Side Apply field conflict detected. The resource managed by field manager "${manager}" had an apply ` +
        `conflict: ${error.message}. Set the annotation pulumi.com/patchForce: "true" to take the fields over`,
    );
  }
}

/** Who changes objects by hand: as in the real plugin, an update takes over what they own, and undoes it. */
const BY_HAND = /^(kubectl|before-first-apply)/;

async function takeOver(live: KubernetesObject, manager: string): Promise<void> {
  const entries = (live.metadata.managedFields ?? []) as Fields[];
  const isOurs = (entry: Fields) => entry.manager === manager && entry.operation === "Apply";
  // A subresource's entry, as `kubectl scale` leaves it, stays: the update then meets a conflict.
  const isTheirs = (entry: Fields) => BY_HAND.test(entry.manager as string) && !entry.subresource;
  const takenOver = entries.filter((entry) => isOurs(entry) || isTheirs(entry));
  if (!takenOver.some(isTheirs)) return;
  const fieldsV1 = takenOver.reduce<unknown>((all, entry) => merged(all, entry.fieldsV1), {});
  const ours = { ...takenOver[0], manager, operation: "Apply", fieldsV1 };
  const managedFields = [...entries.filter((entry) => !takenOver.includes(entry)), ours];
  await api.merge(referenceTo(idOf(live), live), { metadata: { managedFields } });
}

/**
 * Creates an object, as the real plugin does: it applies, which takes over what is there by that name. The namespace or the
 * definition of the kind may be on its way: it tries again.
 * https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/await/await.go (Creation)
 */
async function create(inputs: Fields, manager: string): Promise<KubernetesObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(inputs, manager);
    } catch (error) {
      if (!(error instanceof StatusError && error.status === 404 && attempt < 5)) throw error;
      await sleep(attempt * 1000);
    }
  }
}

/** Refuses at preview what the API server would refuse; what depends on something not created yet passes. */
async function dryRun(inputs: Fields, manager: string): Promise<void> {
  if (hasUnknown(inputs)) return;
  await apply(inputs, manager, true).catch((error: unknown) => {
    const isInvalid = error instanceof StatusError && [400, 422].includes(error.status);
    // A replacement is previewed over the object that it replaces.
    if (isInvalid && !/immutable|forbidden/i.test(error.message)) throw error;
  });
}

async function awaitReady(applied: KubernetesObject, created: boolean, seconds: number, manager: string) {
  const reference = referenceTo(idOf(applied), applied);
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const live = await api.get(reference);
    const lacking = await missing(api, live, created);
    if (lacking === undefined) return outputsOf(live, manager);
    if (Date.now() > until) {
      const reasons = [lacking, ...(await complaints(api, live))].map((reason) => `\n  - ${reason}`).join("");
      throw new InitializationFailed(
        idOf(live),
        outputsOf(live, manager),
        `${titleOf(reference)} was ${created ? "created" : "updated"}, but is not ready after ${seconds} s:${reasons}`,
      );
    }
    await sleep(POLL);
  }
}

async function awaitGone(reference: Reference, uid: unknown, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const live = await api.find(reference);
    if (!live || live.metadata.uid !== uid) return;
    if (Date.now() > until) {
      const finalizers = live.metadata.finalizers?.join(", ") ?? "none";
      const conditions = ((live.status?.conditions ?? []) as Fields[]).filter(({ status }) => status === "True");
      const reasons = conditions.map(({ type, message }) => `\n  - ${type}: ${message}`).join("");
      throw new Error(
        `${titleOf(reference)} still exists ${seconds} s after its deletion was asked for; its finalizers: ` +
          `${finalizers}. Find out who should remove them, then try again${reasons}`,
      );
    }
    await sleep(POLL);
  }
}

/** The cluster can't be reached: if the user says that it was deleted, so was all that was in it. */
function unlessUnreachable(error: unknown): undefined {
  if (!(error instanceof StatusError && error.status === 0)) throw error;
  if (process.env.PULUMI_K8S_DELETE_UNREACHABLE === "true") return undefined;
  throw new Error(
    `configured Kubernetes cluster is unreachable: ${error.message}. If the cluster was deleted, you can remove this ` +
      "resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment " +
      'variable set to "true"',
  );
}

/** The `kubernetes` plugin's behaviour against a real API server: applies, waits, replaces and deletes as it does. */
export const kubernetes: Plugin = {
  name: "kubernetes",
  version: "4.34.2",

  configuration: { kubeconfig: "string", deleteUnreachable: "boolean", enableServerSideApply: "boolean" },

  checkConfig: ({ kubeconfig }) =>
    kubeconfig
      ? []
      : [{ property: "kubeconfig", reason: "expected a kubeconfig, found none; the user's own is not used" }],

  diffConfig: diffProvider,

  configure(config) {
    settings = config;
    if (typeof config.kubeconfig === "string") api = kubeconfigApi(config.kubeconfig);
    return Promise.resolve();
  },

  check: ({ type, name, olds, news }) => Promise.resolve({ inputs: withName(type, name, olds, news), failures: [] }),

  diff: ({ oldInputs, news }) => Promise.resolve(diffInputs(oldInputs, news, settings)),

  async create({ news, preview, timeout }) {
    const manager = `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
    if (preview) {
      await dryRun(news, manager);
      const metadata = { ...(news.metadata as Fields), uid: UNKNOWN, resourceVersion: UNKNOWN };
      return { id: "", properties: { ...news, metadata, status: UNKNOWN } };
    }
    const applied = await create(news, manager);
    return { id: idOf(applied), properties: await awaitReady(applied, true, waitSeconds(news, timeout), manager) };
  },

  async read({ type, id, inputs, properties }) {
    const kind = { ...kindOf(type), ...inputs };
    const live = await api.find(referenceTo(id, kind)).catch(unlessUnreachable);
    // With no inputs it is an import or a `get`: all of it is the user's now.
    const { status: _, ...whole } = live ?? ({} as Fields);
    const seen = live && (Object.keys(inputs).length > 0 ? inputsFromLive(live, inputs) : whole);
    return live && seen && { id, inputs: seen, properties: outputsOf(live, properties[MANAGER]) };
  },

  async update({ id, olds, news, ignoreChanges, preview, timeout }) {
    const manager = (olds[MANAGER] as string | undefined) ?? `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
    if (preview) {
      await dryRun(news, manager);
      return merged(olds, news) as Properties;
    }
    const reference = referenceTo(id, news);
    try {
      await takeOver(await api.get(reference), manager);
      const inputs = withIgnored(news, await api.get(reference), manager, ignoreChanges);
      return await awaitReady(await apply(inputs, manager), false, waitSeconds(news, timeout), manager);
    } catch (error) {
      if (error instanceof InitializationFailed) throw error;
      // As the real plugin has it, what is refused is recorded none the less, and the next update goes back from there:
      // https://github.com/pulumi/pulumi-kubernetes/blob/v4.34.2/provider/pkg/provider/provider.go (Update)
      const live = await api.find(reference).catch(() => undefined);
      if (!live) throw error;
      throw new InitializationFailed(
        idOf(live),
        outputsOf(live, manager),
        `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ${(error as Error).message}`,
      );
    }
  },

  async delete({ id, properties, timeout }) {
    const reference = referenceTo(id, properties);
    const live = await api.find(reference).catch(unlessUnreachable);
    if (!live) return;
    const policy = annotation(live, "pulumi.com/deletionPropagationPolicy") ?? "foreground";
    const propagationPolicy = policy.charAt(0).toUpperCase() + policy.slice(1).toLowerCase();
    await api.delete(reference, { propagationPolicy });
    await awaitGone(reference, live.metadata.uid, waitSeconds(live, timeout));
  },

  invoke: (token) => Promise.reject(new Error(`the stand-in for kubernetes has no function ${token}`)),
};
