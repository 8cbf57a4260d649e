import type { ClusterApiError } from "./clusterApiError";

/** What a cluster answered, or the error of the last request, after a minute of retries. */
export type Outcome<T> = { answer: T } | { error: ClusterApiError; isGone: boolean };

/**
 * Sends a request to a cluster, and retries it for up to a minute. If every try found the server unreachable, the cluster
 * may be gone (`isGone`).
 *
 * @param tell Called at once with each new error that leads to a retry.
 */
export async function retrying<T>(ask: () => Promise<T>, tell: (line: string) => void): Promise<Outcome<T>> {
  const started = Date.now();
  let isGone = true;
  let told: string | undefined;
  for (;;) {
    try {
      return { answer: await ask() };
    } catch (caught) {
      const error = caught as ClusterApiError;
      isGone &&= error.kind === "unreachable";
      if (Date.now() - started >= 60_000) return { error, isGone };
      if (error.message !== told) tell(`${error.message}\nTrying again for a minute.`);
      told = error.message;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
