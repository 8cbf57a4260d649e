import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControlPlane } from "../stack/directory";

/** A Kubernetes object as the API server sends it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Fields;
  status?: Fields;
  [field: string]: unknown;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  deletionTimestamp?: string;
  creationTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { kind: string; name: string; uid: string }[];
  managedFields?: unknown;
}

/** Part of an object whose form its kind defines; who reads it knows the kind. */
export type Fields = Record<string, any>;

/** What names one object, or with no name all of a kind. */
export interface Reference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name?: string;
}

/** The API server's error, in its own words. */
export class StatusError extends Error {
  constructor(
    /** HTTP status; 0: the server could not be reached. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** How to reach an API server: its URL, and TLS options and headers that prove who asks. */
export interface Connection {
  server: string;
  options: https.RequestOptions;
}

export type Query = Record<string, string | undefined>;

/** A small client of the API server: any kind, found by discovery. */
export class KubernetesApi {
  private connection: Promise<Connection> | undefined;
  private readonly agent = new https.Agent({ keepAlive: true, maxSockets: 16 });
  private readonly discovered = new Map<string, Promise<Fields[]>>();

  /** @param connect is asked once, and again when the server no longer accepts the credential. */
  constructor(private readonly connect: () => Promise<Connection>) {}

  /** @throws StatusError with status 404 when there is none. */
  async get(reference: Reference): Promise<KubernetesObject> {
    return (await this.request("GET", await this.path(reference))) as KubernetesObject;
  }

  async find(reference: Reference): Promise<KubernetesObject | undefined> {
    return this.get(reference).catch(unlessGone);
  }

  async list(reference: Reference, query: Query = {}): Promise<KubernetesObject[]> {
    const { apiVersion, kind } = reference;
    const { items } = (await this.request("GET", await this.path(reference), query)) as { items: KubernetesObject[] };
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Server-side apply: creates the object, or changes what the field manager owns of it. */
  async apply(object: Fields, manager: string, query: Query = {}): Promise<KubernetesObject> {
    const { name, namespace } = object.metadata as Metadata;
    const path = await this.path({ apiVersion: object.apiVersion, kind: object.kind, namespace, name });
    const asked = { fieldManager: manager, fieldValidation: "Warn", ...query };
    return (await this.request("PATCH", path, asked, object, "application/apply-patch+yaml")) as KubernetesObject;
  }

  async create(object: Fields): Promise<KubernetesObject> {
    const { namespace } = object.metadata as Metadata;
    const path = await this.path({ apiVersion: object.apiVersion, kind: object.kind, namespace });
    return (await this.request("POST", path, {}, object)) as KubernetesObject;
  }

  /** A JSON merge patch, of the object itself or of its status. */
  async merge(reference: Reference, patch: Fields, subresource?: "status"): Promise<void> {
    const path = (await this.path(reference)) + (subresource ? `/${subresource}` : "");
    await this.request("PATCH", path, {}, patch, "application/merge-patch+json");
  }

  /** Asks for deletion; nothing happens when it is gone. @param options are the API's DeleteOptions. */
  async delete(reference: Reference, options: Fields = {}): Promise<void> {
    await this.request("DELETE", await this.path(reference), {}, options).catch(unlessGone);
  }

  /** Asks a pod to go, as a drain does. @throws StatusError with status 429 while its disruption budget forbids it. */
  async evict(metadata: Pick<Metadata, "name" | "namespace">): Promise<void> {
    const path = `${await this.path({ apiVersion: "v1", kind: "Pod", ...metadata })}/eviction`;
    await this.request("POST", path, {}, { apiVersion: "policy/v1", kind: "Eviction", metadata }).catch(unlessGone);
  }

  /** Whether objects of the kind live in namespaces. */
  async namespaced({ apiVersion, kind }: Reference): Promise<boolean> {
    return (await this.resource(apiVersion, kind)).namespaced as boolean;
  }

  private async path({ apiVersion, kind, namespace, name }: Reference): Promise<string> {
    const resource = await this.resource(apiVersion, kind);
    // With neither namespace nor name it is the list over all namespaces.
    const within = resource.namespaced && (namespace || name) ? `/namespaces/${namespace ?? "default"}` : "";
    return `${root(apiVersion)}${within}/${resource.name as string}${name ? `/${encodeURIComponent(name)}` : ""}`;
  }

  private async resource(apiVersion: string, kind: string): Promise<Fields> {
    const known = this.discovered.get(apiVersion) ?? this.discover(apiVersion);
    this.discovered.set(apiVersion, known);
    const found = (await known).find((resource) => resource.kind === kind && !(resource.name as string).includes("/"));
    if (found) return found;
    this.discovered.delete(apiVersion); // its definition may come later
    throw new StatusError(404, `no matches for kind "${kind}" in version "${apiVersion}"`);
  }

  private discover(apiVersion: string): Promise<Fields[]> {
    const resources = this.request("GET", root(apiVersion)).then((list) => list.resources as Fields[]);
    return resources.catch((error: unknown) => {
      this.discovered.delete(apiVersion);
      throw error;
    });
  }

  private async request(method: string, path: string, query: Query = {}, body?: Fields, type = "application/json") {
    for (let attempt = 1; ; attempt++) {
      this.connection ??= this.connect();
      const { server, options } = await this.connection;
      const url = new URL(server.replace(/\/$/, "") + path);
      for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, value);
      const text = body && JSON.stringify(body);
      const content = text && { "content-type": type, "content-length": Buffer.byteLength(text) };
      const headers = { ...options.headers, accept: "application/json", ...content };
      const { status, answer } = await send(url, { ...options, headers, method, agent: this.agent }, text);
      if (status < 300) return answer;
      if (status === 401) this.connection = undefined;
      if ((status === 401 || status === 429) && attempt < 3) await sleep(500 * attempt);
      else throw new StatusError(status, (answer.message as string | undefined) ?? `HTTP ${status} from ${url.href}`);
    }
  }
}

/** For `catch`: lets a missing object pass as undefined. */
export function unlessGone(error: unknown): undefined {
  if (!(error instanceof StatusError && error.status === 404)) throw error;
}

const root = (apiVersion: string) => (apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);

function send(url: URL, options: https.RequestOptions, body?: string): Promise<{ status: number; answer: Fields }> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const json = response.headers["content-type"]?.includes("json");
        resolve({ status: response.statusCode ?? 0, answer: (json ? JSON.parse(text) : { message: text }) as Fields });
      });
    });
    request.on("error", (error) =>
      reject(new StatusError(0, `can't reach the API server ${url.origin}: ${error.message}`)),
    );
    request.end(body);
  });
}

const decode = (base64: string) => Buffer.from(base64, "base64").toString();

/** A client of a stack's own control plane, as its administrator. */
export function controlPlaneApi(controlPlane: ControlPlane): KubernetesApi {
  const options = {
    ca: decode(controlPlane.certificateAuthorityData),
    cert: decode(controlPlane.clientCertificateData),
    key: decode(controlPlane.clientKeyData),
  };
  return new KubernetesApi(() => Promise.resolve({ server: controlPlane.server, options }));
}

/** A client for a kubeconfig's current context, which may run a program for its credential. */
export function kubeconfigApi(kubeconfig: string): KubernetesApi {
  return new KubernetesApi(async () => {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const options: https.RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const server = config.getCurrentCluster()?.server;
    if (!server) throw new Error("the provider's kubeconfig must name a cluster by its current context; it names none");
    return { server, options };
  });
}
