import * as fs from "node:fs";
import * as path from "node:path";
import * as lockfile from "proper-lockfile";
import { UserError } from "./terminal";

/** A lock whose holder was killed is free again after this long, in milliseconds. */
const STALE = 10_000;

/**
 * Runs something that only one process may do at a time.
 *
 * @param lock the lock's path; its directory is made.
 * @param what what the other process does, for the message that this one waits for it.
 * @param patience how long to wait, in seconds.
 * @throws UserError when the other process still holds the lock then.
 */
export async function locked<T>(lock: string, what: string, patience: number, work: () => Promise<T>): Promise<T> {
  fs.mkdirSync(path.dirname(lock), { recursive: true });
  const take = (retries: number) =>
    lockfile.lock(lock, {
      lockfilePath: lock,
      realpath: false,
      stale: STALE,
      retries: { retries, factor: 1, minTimeout: 1000 },
    });
  const release = await take(0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ELOCKED") throw error;
    console.log(`Another command ${what}: waiting for it to end.`);
    return take(patience).catch((late: NodeJS.ErrnoException) => {
      if (late.code !== "ELOCKED") throw late;
      throw new UserError(`Another command still ${what}. Run this one again when it has ended.`);
    });
  });
  try {
    return await work();
  } finally {
    await release();
  }
}
