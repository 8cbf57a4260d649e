import { setTimeout as sleep } from "node:timers/promises";

/** @throws when it hasn't happened after so many seconds. */
export async function until(seconds: number, happened: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await happened())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s`);
    await sleep(200);
  }
}
