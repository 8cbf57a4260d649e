/** Looks twice a second until something is so. @throws Error if it isn't after so many seconds. */
export async function until(seconds: number, look: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await look()) return;
    if (Date.now() > end) throw new Error(`after ${seconds} s it still isn't so: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
