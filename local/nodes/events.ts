import { createHash } from "node:crypto";
import { StatusError, type KubernetesApi, type KubernetesObject } from "../kubernetes/client";
import type { Attempt } from "./attempt";

const written = new Set<string>();

/** Writes a warning about an object, once, as the component that met it would. */
export async function writeWarning(
  api: KubernetesApi,
  object: KubernetesObject,
  source: { component: string; host?: string },
  { reason, message }: { reason: string; message: string },
  attempt: Attempt,
): Promise<void> {
  const { namespace, name, uid } = object.metadata;
  const digest = createHash("sha256").update(`${uid}${message}`).digest("hex").slice(0, 16);
  if (written.has(digest)) return;
  written.add(digest);
  const now = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await attempt(`warns of ${object.kind.toLowerCase()} ${namespace}/${name}: ${message}`, async () => {
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { namespace, name: `${name}.${digest}` },
      involvedObject: { apiVersion: object.apiVersion, kind: object.kind, namespace, name, uid },
      source,
      type: "Warning",
      ...{ reason, message, count: 1, firstTimestamp: now, lastTimestamp: now },
    };
    await api.create(event).catch((error: unknown) => {
      if (!(error instanceof StatusError && error.status === 409)) throw error; // written before a restart
    });
  });
}
