import { ApiException } from "@kubernetes/client-node";
import { ClusterError, type Right, rightInWords } from "./cluster";

/** An error that was made here, and says which status the server gave. */
class AnswerError extends ClusterError {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super("answer", message);
  }
}

/** Whether an error only says that an object isn't there, or that another has its name. */
export const isGone = (error: unknown): boolean =>
  error instanceof AnswerError && (error.status === 404 || error.status === 409);

const statusOf = (error: unknown): number | undefined => {
  if (error instanceof ApiException) return error.code;
  // What the library for web sockets says where the server answers with something else than a web socket.
  const status = /Unexpected server response: (\d+)/.exec(messageOf(error))?.[1];
  return status === undefined ? undefined : Number(status);
};

/** Whether the same request may be answered in a moment. */
export const isPassing = (error: unknown): boolean => {
  const status = statusOf(error);
  return status === undefined ? isOfConnection(error) : status === 429 || status >= 500;
};

/** Errors of node-fetch and of Node's sockets. */
const isOfConnection = (error: unknown): boolean => {
  const { name, code, type } = error as { name?: string; code?: string; type?: string };
  return name === "AbortError" || name === "FetchError" || type === "error" || /^E[A-Z]+$/.test(code ?? "");
};

/** What node-fetch, and the client, say before the reason: the whole address, of which the server is told already. */
const OF_REQUEST = /^.*request to \S+ failed, reason: /;

function messageOf(error: unknown): string {
  const { message } = error as { message?: string };
  return (
    (message ?? "").replace(OF_REQUEST, "").trim() || String((error as { code?: string }).code ?? "no reason given")
  );
}

/** What the API server says: a Status, or what something between us and it answers. */
function saidIn({ body, code }: ApiException<unknown>): string {
  let said: unknown = body;
  try {
    if (typeof body === "string") said = JSON.parse(body);
  } catch {
    // Not an API server's words.
  }
  const { message } = (said ?? {}) as { message?: unknown };
  return typeof message === "string" ? withoutQuery(message) : `it answered ${code}`;
}

/**
 * An API server that can't reach a kubelet says so with all of its own request, in which a command and its arguments are: of a
 * URL no more is kept than whose it is. https://pkg.go.dev/net/url#Error
 */
export const withoutQuery = (message: string): string => message.replaceAll(/"(https?:[/][/][^/"]+)[^"]*"/g, "$1");

/**
 * An error of the client in this project's terms, without the request: headers carry credentials.
 *
 * @param right what was asked for, where the answer doesn't say it.
 */
export function clusterError(error: unknown, server: string, right?: Right): ClusterError {
  if (error instanceof ClusterError) return error;
  const status = statusOf(error);
  const said = error instanceof ApiException ? saidIn(error) : undefined;
  if (status === 401) {
    return new ClusterError(
      "signIn",
      `${server} doesn't know who asks. Sign in as one that the cluster knows (aws eks list-access-entries).`,
    );
  }
  if (status === 403)
    return new ClusterError("forbidden", said ?? `it isn't allowed to ${right ? rightInWords(right) : "do that"}`);
  if (status !== undefined) {
    // What is asked of a pod the API server asks its node.
    const why = right && status >= 500 ? ": perhaps it doesn't reach the node's kubelet, on port 10250" : "";
    return new AnswerError(status, said ?? `the API server answered ${status}${why}`);
  }
  if (isOfConnection(error)) return new ClusterError("unreachable", `${server} can't be reached: ${messageOf(error)}`);
  return new ClusterError("signIn", `Signing in to ${server} failed: ${messageOf(error)}`);
}
