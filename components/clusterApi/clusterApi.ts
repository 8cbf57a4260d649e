import {
  contentOf as contentOfData,
  type Credential,
  credentialOf as credentialOfAccess,
  signInOf as signInOfAccess,
} from "./credential";
import { type Access, accessOf as accessOfKubeconfig } from "./kubeconfig";
import { clusterApiError as newClusterApiError } from "./clusterApiError";

// As in kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const clusterApiError = newClusterApiError;
const accessOf = accessOfKubeconfig;
const credentialOf = credentialOfAccess;
const signInOf = signInOfAccess;
const contentOf = contentOfData;

/** A cluster's API server. */
export interface ClusterApi {
  /**
   * What a path such as `/api/v1/persistentvolumes` lists; `undefined` where the cluster has no such resource.
   *
   * @param mayLackGroup whether a cluster may be without the path's whole API group. Such a cluster answers without a
   * Status, as any web server does where nothing is. Once it is ready it knows its groups, and answers 503 before:
   * https://github.com/kubernetes/apiserver/blob/v0.35.4/pkg/util/notfoundhandler/not_found_handler.go
   * @throws ClusterApiError
   */
  list<Item>(path: string, mayLackGroup?: boolean): Promise<Item[] | undefined>;
}

/** In seconds. */
export interface TimeLimits {
  signIn: number;
  request: number;
}

interface Answer {
  status: number;
  body: string;
}

/**
 * Asks a cluster with the credentials of a kubeconfig's current context. It uses nothing but Node: dynamic resources store
 * this code in the stack's state, and a destroy may run without any packages.
 *
 * @param seconds how long each step may take.
 */
export function clusterApi(kubeconfig: string, seconds: TimeLimits = { signIn: 60, request: 10 }): ClusterApi {
  let credential: Credential | undefined;
  return {
    async list<Item>(path: string, mayLackGroup = false) {
      const access = accessOf(kubeconfig);
      credential ??= await credentialOf(access, seconds.signIn);
      let answer = await get(access, credential, path, seconds.request);
      // A token is valid for some minutes, and a drain may wait for hours.
      if (answer.status === 401 && access.user.exec) {
        credential = await credentialOf(access, seconds.signIn);
        answer = await get(access, credential, path, seconds.request);
      }
      if (mayLackGroup && answer.status === 404 && answer.body.trim() === "404 page not found") return undefined;
      return itemsOf<Item>(access, path, answer);
    },
  };
}

/** @throws ClusterApiError for an answer that isn't a list. */
function itemsOf<Item>(access: Access, path: string, { status, body }: Answer): Item[] | undefined {
  const { server } = access.cluster;
  const resource = path.split("/").pop() ?? path;
  let content: { kind?: string; message?: string; items?: Item[] | null } | undefined;
  try {
    content = JSON.parse(body) as typeof content;
  } catch {
    // Below: not the answer of an API server.
  }
  const isStatus = content?.kind === "Status";
  if (status === 200 && content?.kind?.endsWith("List")) return content.items ?? [];
  if (status === 404 && isStatus) return undefined;
  const who = /User "([^"]*)"/.exec(content?.message ?? "")?.[1];
  if (status === 401 || (status === 403 && who === "system:anonymous")) {
    throw clusterApiError(
      "signIn",
      `${server} doesn't know who signs in with ${signInOf(access)} (${status}).\n` +
        "The credential is expired or of another cluster, or its role has no access entry (aws eks list-access-entries). " +
        "Sign in as one that the cluster knows, then run again.",
    );
  }
  if (status === 403 && isStatus) {
    throw clusterApiError(
      "rights",
      `${who ?? "who signed in"} may not list ${resource} (403), signed in with ${signInOf(access)}.\n` +
        "Give it an access entry with AmazonEKSClusterAdminPolicy, or a cluster role that may, or sign in as one that " +
        "may, then run again.",
    );
  }
  const said = isStatus && content?.message ? content.message : body.replace(/\s+/g, " ").slice(0, 200);
  throw clusterApiError(
    "answer",
    `${server} must answer GET ${path} with a list; it answered ${status}${said ? `: ${said}` : ""}`,
  );
}

/** @throws ClusterApiError if nothing answers, or a server without the cluster's certificate does. */
async function get({ cluster }: Access, credential: Credential, path: string, seconds: number): Promise<Answer> {
  const base = cluster.server.replace(/\/+$/, "");
  const { request } = base.startsWith("http:") ? await import("node:http") : await import("node:https");
  const ca = await contentOf(cluster["certificate-authority-data"], cluster["certificate-authority"]);
  const { token, certificate, key } = credential;
  const options = {
    ca,
    cert: certificate,
    key,
    servername: cluster["tls-server-name"],
    rejectUnauthorized: !cluster["insecure-skip-tls-verify"],
    headers: { accept: "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const asked = request(base + path, options, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", ({ message }) =>
        reject(clusterApiError("answer", `${base} began to answer GET ${path}, and broke off: ${message}`)),
      );
    });
    asked.on("error", (error) => reject(connectionError(base, error)));
    const late = Object.assign(new Error(`no answer within ${seconds} s`), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => asked.destroy(late), seconds * 1000);
    asked.on("close", () => clearTimeout(timer));
    asked.end();
  });
}

/** The error of a request without an answer: no connection, or a certificate that one side doesn't accept. */
function connectionError(server: string, { code = "", message }: NodeJS.ErrnoException) {
  const noConnection = [
    "ECONNREFUSED",
    "ECONNRESET",
    "ECONNABORTED",
    "EPIPE",
    "ETIMEDOUT",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "EHOSTDOWN",
    "ENETUNREACH",
    "ENETDOWN",
  ];
  if (noConnection.includes(code)) {
    return clusterApiError("unreachable", `${server} can't be reached: ${message || code}`);
  }
  return clusterApiError(
    "answer",
    `What answers at ${server} isn't the kubeconfig's cluster, or refuses its client certificate: ${message || code}\n` +
      "Another cluster may have its address by now, or a proxy stands between.",
  );
}
