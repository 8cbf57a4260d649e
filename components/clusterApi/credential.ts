import type { Access, CredentialCommand } from "./kubeconfig";
import { clusterApiError as newClusterApiError } from "./clusterApiError";

// As in kubeconfig.ts: serialized code uses other files' functions through constants of its own.
const clusterApiError = newClusterApiError;

/** What a client signs in to the API server with: a token, a client certificate with its key, or both. */
export interface Credential {
  token?: string;
  certificate?: string;
  key?: string;
}

/** How a kubeconfig signs in, for messages: the command that it runs, or its user. */
export function signInOf({ user, userName }: Access): string {
  if (user.exec) return `"${[user.exec.command, ...(user.exec.args ?? [])].join(" ")}"`;
  return `the kubeconfig's user ${userName}`;
}

/** The content of a kubeconfig's field: base64 in the kubeconfig itself, or a file that it names. */
export async function contentOf(data?: string, file?: string): Promise<string | undefined> {
  if (data) return Buffer.from(data, "base64").toString();
  if (!file) return undefined;
  const { readFile } = await import("node:fs/promises");
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw clusterApiError(
      "signIn",
      `The kubeconfig names the file ${file}, which can't be read here (${(error as Error).message}). ` +
        "Run where it is, or give a kubeconfig with the file's content.",
    );
  }
}

/**
 * @param seconds how long a command may take.
 * @throws ClusterApiError if the kubeconfig, or its command, gives no credential.
 */
export async function credentialOf(access: Access, seconds: number): Promise<Credential> {
  const { user } = access;
  if (user.exec) return credentialOfCommand(access, user.exec, seconds);
  return {
    token: user.token ?? (await contentOf(undefined, user.tokenFile))?.trim(),
    certificate: await contentOf(user["client-certificate-data"], user["client-certificate"]),
    key: await contentOf(user["client-key-data"], user["client-key"]),
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function credentialOfCommand(
  access: Access,
  { apiVersion, command, args, env, installHint, provideClusterInfo }: CredentialCommand,
  seconds: number,
): Promise<Credential> {
  const { execFile } = await import("node:child_process");
  const shown = signInOf(access);
  const { server, ...cluster } = access.cluster;
  const spec = {
    interactive: false,
    ...(provideClusterInfo
      ? { cluster: { server, "certificate-authority-data": cluster["certificate-authority-data"] } }
      : {}),
  };
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    ...Object.fromEntries((env ?? []).map(({ name, value }) => [name, value])),
    // The command reads it; it holds no outputs.
    // eslint-disable-next-line no-restricted-syntax
    KUBERNETES_EXEC_INFO: JSON.stringify({ apiVersion, kind: "ExecCredential", spec }),
  };
  const printed = await new Promise<string>((resolve, reject) => {
    const options = { env: environment, timeout: seconds * 1000, maxBuffer: 1 << 20 };
    execFile(command, args ?? [], options, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === "ENOENT") {
        const hint = installHint ?? "Install it, or put its directory on PATH, then run again.";
        reject(
          clusterApiError(
            "signIn",
            `The kubeconfig signs in with ${shown}, and there is no command ${command}. ${hint}`,
          ),
        );
      } else {
        const reason = stderr.trim() || (error.killed ? `it didn't end within ${seconds} s` : error.message);
        const profile = environment["AWS_PROFILE"];
        reject(
          clusterApiError(
            "signIn",
            `${shown}, with which the kubeconfig signs in, failed: ${reason}\n` +
              (command.endsWith("aws")
                ? `Sign in to AWS again (aws sso login${profile ? ` --profile ${profile}` : ""}, or new credentials), then run again.`
                : "See that the command works in a shell, then run again."),
          ),
        );
      }
    });
  });
  interface Status {
    token?: string;
    clientCertificateData?: string;
    clientKeyData?: string;
  }
  let status: Status | undefined;
  try {
    status = (JSON.parse(printed) as { status?: Status } | null)?.status;
  } catch {
    // What it printed may be a credential, so it isn't shown.
  }
  const { token, clientCertificateData: certificate, clientKeyData: key } = status ?? {};
  if (!token && !(certificate && key)) {
    throw clusterApiError(
      "signIn",
      `${shown}, with which the kubeconfig signs in, must print an ExecCredential with a token, or with a client ` +
        `certificate and its key; it printed ${printed.length} characters without. See what it prints in a shell.`,
    );
  }
  return { token, certificate, key };
}
