import { clusterApiError as newClusterApiError } from "./clusterApiError";

// Serialized code may use another file's function only through a constant of its own file. Through the import it would
// need that module at the destroy, where it may be missing.
const clusterApiError = newClusterApiError;

/** A command that signs in. https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
export interface CredentialCommand {
  apiVersion: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
}

/** One user of a kubeconfig; the fields that end in `-data` are base64, those without it name files. */
export interface KubeconfigUser {
  token?: string;
  tokenFile?: string;
  "client-certificate-data"?: string;
  "client-certificate"?: string;
  "client-key-data"?: string;
  "client-key"?: string;
  exec?: CredentialCommand | null;
}

/** One cluster of a kubeconfig. */
export interface KubeconfigCluster {
  server: string;
  "certificate-authority-data"?: string;
  "certificate-authority"?: string;
  "tls-server-name"?: string;
  "insecure-skip-tls-verify"?: boolean;
}

/** Where a kubeconfig's current context leads, and as whom. */
export interface Access {
  cluster: KubeconfigCluster;
  user: KubeconfigUser;
  /** The user's name in the kubeconfig. */
  userName: string;
}

/**
 * Reads a kubeconfig in JSON. It is serialized into the stack's state, so it uses nothing but this file.
 *
 * @throws ClusterApiError for one that gives no way to sign in, or that uses what isn't supported here.
 */
export function accessOf(kubeconfig: string): Access {
  const refuse = (expected: string, found: string) =>
    clusterApiError("signIn", `The kubeconfig must ${expected}; ${found}. Fix it, and run pulumi up.`);
  interface Named {
    name: string;
    cluster?: KubeconfigCluster & { "proxy-url"?: string };
    context?: { cluster?: string; user?: string };
    user?: KubeconfigUser & { username?: string; "auth-provider"?: { name?: string } };
  }
  let file: { "current-context"?: string; contexts?: Named[]; clusters?: Named[]; users?: Named[] } | undefined;
  try {
    file = JSON.parse(kubeconfig) as typeof file;
  } catch {
    throw refuse("be JSON or YAML", `it is ${kubeconfig.length} characters of something else`);
  }
  const one = (list: Named[] | undefined, name: string | undefined) => list?.find((it) => it.name === name);
  const current = file?.["current-context"];
  const context = one(file?.contexts, current)?.context;
  if (!context) throw refuse("have the context that it names as current-context", `it names ${current ?? "none"}`);
  const cluster = one(file?.clusters, context.cluster)?.cluster;
  if (!cluster?.server) {
    throw refuse(`have the server of the context's cluster`, `there is none of the cluster ${context.cluster ?? ""}`);
  }
  if (cluster["proxy-url"]) throw refuse("reach its cluster without a proxy", `it has proxy-url`);
  const user = one(file?.users, context.user)?.user;
  if (!user) throw refuse("have the context's user", `there is no user ${context.user ?? ""}`);
  const credentials = ["token", "tokenFile", "client-certificate-data", "client-certificate", "exec"] as const;
  if (!credentials.some((key) => Boolean(user[key]))) {
    const other = user["auth-provider"] !== undefined ? "auth-provider" : user.username ? "a password" : "nothing";
    throw refuse(
      `sign in with a token, a client certificate or a command (exec)`,
      `the user ${context.user ?? ""} has ${other}`,
    );
  }
  return { cluster, user, userName: context.user ?? "" };
}
