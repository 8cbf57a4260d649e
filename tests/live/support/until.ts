/**
 * Looks twice a second until what is seen is so.
 *
 * @param what what should be so, as a sentence.
 * @returns what was seen then.
 * @throws Error if it isn't so after so many seconds, with what was seen last.
 */
export async function until<T>(
  seconds: number,
  what: string,
  look: () => T | Promise<T>,
  isSo: (seen: T) => boolean,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (Date.now() > end) throw new Error(`after ${seconds} s it isn't so that ${what}: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
