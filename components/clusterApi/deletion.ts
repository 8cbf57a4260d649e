import {
  contentOf as contentOfData,
  credentialOf as credentialOfAccess,
  signInOf as signInOfAccess,
} from "./credential";
import { accessOf as accessOfKubeconfig } from "./kubeconfig";
import { clusterApiError as newClusterApiError } from "./clusterApiError";

// As in kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const clusterApiError = newClusterApiError;
const accessOf = accessOfKubeconfig;
const credentialOf = credentialOfAccess;
const signInOf = signInOfAccess;
const contentOf = contentOfData;

/**
 * Deletes one object of a cluster, such as `/api/v1/namespaces/kube-system/pods/p`; one that is gone is deleted. Apart from
 * `clusterApi`, which only reads: its text is in the state of stacks that exist.
 *
 * @throws ClusterApiError
 */
export async function deleteObject(kubeconfig: string, path: string): Promise<void> {
  const access = accessOf(kubeconfig);
  const { cluster } = access;
  const credential = await credentialOf(access, 60);
  const base = cluster.server.replace(/\/+$/, "");
  const { request } = base.startsWith("http:") ? await import("node:http") : await import("node:https");
  const options = {
    method: "DELETE",
    ca: await contentOf(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: credential.certificate,
    key: credential.key,
    servername: cluster["tls-server-name"],
    rejectUnauthorized: !cluster["insecure-skip-tls-verify"],
    headers: credential.token ? { authorization: `Bearer ${credential.token}` } : {},
    timeout: 10_000,
    agent: false,
  };
  const status = await new Promise<number>((resolve, reject) => {
    const asked = request(base + path, options, (response) => {
      response.resume();
      response.on("end", () => resolve(Number(response.statusCode)));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer within 10 s")));
    asked.on("error", ({ message }) => reject(clusterApiError("unreachable", `${base} can't be reached: ${message}`)));
    asked.end();
  });
  if ((status >= 200 && status < 300) || status === 404) return;
  throw clusterApiError(
    status === 401 || status === 403 ? "rights" : "answer",
    `DELETE ${path} was answered with ${status}, signed in with ${signInOf(access)}: it needs a cluster role that may.`,
  );
}
