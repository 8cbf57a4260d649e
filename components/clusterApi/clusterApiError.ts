/**
 * Why a request to a cluster's API failed. A cluster may be gone only if it is `unreachable`: otherwise something answered.
 *
 * - `unreachable`: no connection, or no answer in time.
 * - `signIn`: the kubeconfig or its command gave no credential, or the API server refused it (401).
 * - `rights`: the user who signed in may not do this (403).
 * - `answer`: another server answers, or the answer isn't a list.
 */
export type ClusterApiErrorKind = "unreachable" | "signIn" | "rights" | "answer";

export interface ClusterApiError extends Error {
  kind: ClusterApiErrorKind;
}

/** An error without a stack: the plugin's host would print the stack, which doesn't help a user. */
export function clusterApiError(kind: ClusterApiErrorKind, message: string): ClusterApiError {
  return Object.assign(new Error(message), { kind, stack: "" });
}
