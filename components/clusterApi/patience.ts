import type { Trouble } from "./trouble";

/** What a cluster answered, or why it couldn't be asked for a minute. */
export type Outcome<T> = { answer: T } | { trouble: Trouble; isGone: boolean };

/**
 * Asks a cluster until it answers, for a minute: one request that fails is no answer. Where no request of that minute
 * reached anything, the cluster may be gone.
 *
 * @param tell told at once of what is tried again.
 */
export async function patiently<T>(ask: () => Promise<T>, tell: (line: string) => void): Promise<Outcome<T>> {
  const started = Date.now();
  let isGone = true;
  let told: string | undefined;
  for (;;) {
    try {
      return { answer: await ask() };
    } catch (error) {
      const trouble = error as Trouble;
      isGone &&= trouble.kind === "unreachable";
      if (Date.now() - started >= 60_000) return { trouble, isGone };
      if (trouble.message !== told) tell(`${trouble.message}\nTrying again for a minute.`);
      told = trouble.message;
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
