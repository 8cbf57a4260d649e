/** As long as a request may take: what waits for less waits between two requests. */
const REQUEST = 10_000;

/**
 * Runs something while time flies: each wait between requests takes no time, and the clock says that it did.
 *
 * @param isSilent whether nothing will answer: then the limit of each request passes as fast.
 * @returns how many seconds passed.
 */
export async function whileTimeFlies(use: () => Promise<unknown>, isSilent = false): Promise<number> {
  const { setTimeout } = globalThis;
  const { now } = Date;
  let flown = 0;
  Date.now = () => now() + flown;
  globalThis.setTimeout = ((callback: () => void, milliseconds: number) => {
    if (milliseconds >= REQUEST && !isSilent) return setTimeout(callback, milliseconds);
    return setTimeout(
      () => {
        flown += milliseconds;
        callback();
      },
      milliseconds >= REQUEST ? 20 : 0,
    );
  }) as typeof setTimeout;
  const started = Date.now();
  try {
    await use();
    return (Date.now() - started) / 1000;
  } finally {
    globalThis.setTimeout = setTimeout;
    Date.now = now;
  }
}
