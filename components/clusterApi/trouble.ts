/**
 * Why a cluster couldn't be asked. Only what is `unreachable` may be gone: every answer comes from something that is there.
 *
 * - `unreachable`: no connection, or none in time.
 * - `signIn`: nobody could be signed in, by the kubeconfig, the command that it runs, or the API server's judgement (401).
 * - `rights`: who signed in may not (403).
 * - `answer`: something else answers, or answers something else.
 */
export type TroubleKind = "unreachable" | "signIn" | "rights" | "answer";

export interface Trouble extends Error {
  kind: TroubleKind;
}

/** An error for the person who reads it; the plugin's host prints an error's stack, which would tell that person nothing. */
export function trouble(kind: TroubleKind, message: string): Trouble {
  return Object.assign(new Error(message), { kind, stack: "" });
}
