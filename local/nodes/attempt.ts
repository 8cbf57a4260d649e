/** Runs an action and logs it in one line. If it fails, it logs why, and the next pass tries again. */
export type Attempt = (what: string, action: () => Promise<unknown>) => Promise<void>;

export const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

export const attempt: Attempt = async (what, action) => {
  try {
    await action();
    log(what);
  } catch (error) {
    log(`${what}: failed, tried again soon: ${(error as Error).message}`);
  }
};

const started = new Map<string, number>();

/** Whether a driver has worked on something as long as EKS_STORAGE_DRIVER_DELAY says, in seconds. Default: 0. */
export function isDone(what: string): boolean {
  const since = started.get(what) ?? Date.now();
  started.set(what, since);
  return Date.now() - since >= Number(process.env.EKS_STORAGE_DRIVER_DELAY ?? 0) * 1000;
}
