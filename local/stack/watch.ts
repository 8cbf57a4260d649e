import { hasControlPlane } from "./controlPlane";
import { endedOf, lastWords } from "./controlPlaneProcesses";

/** How often what has ended is started anew, within one operation. */
const MOST_STARTS = 3;

/** How many characters of a log's line are shown. */
const LONGEST_LINE = 300;

/**
 * While an engine works, looks whether all that it needs of its cloud still runs; starts anew what has ended, and tells of it. An
 * engine would wait for minutes for what a controller or the nodes' agent should have done.
 *
 * @param tell says something to the person at the terminal.
 * @param start starts what doesn't run.
 * @param milliseconds between two looks.
 */
export async function watched<T>(
  cloud: string,
  tell: (text: string) => void,
  start: () => Promise<void>,
  work: () => Promise<T>,
  milliseconds = 5000,
): Promise<T> {
  if (!hasControlPlane(cloud)) return work();
  let starts = 0;
  const look = async () => {
    const ended = endedOf(cloud);
    if (ended.length === 0) return;
    const isLast = starts === MOST_STARTS;
    for (const component of ended) {
      const what = `${component} has ended, and ${isLast ? "isn't started anew any more" : "is started anew"}.`;
      const line = lastWords(cloud, component).slice(0, LONGEST_LINE);
      tell(line ? `${what} Its log ends with:\n    ${line}` : what);
    }
    if (isLast) return clearInterval(timer);
    starts += 1;
    await start();
  };
  const lookAndTell = () => look().catch((error: Error) => tell(error.message));
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => (looking ??= lookAndTell().finally(() => (looking = undefined))), milliseconds);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await looking;
  }
}
