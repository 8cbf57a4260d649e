/** Ends the process once something is taken down, and says why. Only the first one counts. */
export type End = (why: string, exitCode: number) => void;

/**
 * Ends the process at a signal, or when it is told to, once `stop` has ended: mocha would leave everything behind.
 *
 * mocha runs specs in a child of its own, which a single Ctrl-C reaches three times: from the terminal, and as SIGINT and SIGTERM
 * from mocha (bin/mocha.js). Those that come while it stops must neither end it nor stop it once more.
 *
 * @param stop takes down what the specs have started.
 */
export function endWithSignals(stop: () => Promise<void>): End {
  let stopping: Promise<void> | undefined;
  const end: End = (why, exitCode) => {
    if (stopping) return;
    console.error(`\n${why}\nThe node and the control plane are taken down.`);
    stopping = stop()
      .catch((error: unknown) => console.error(error))
      .finally(() => process.exit(exitCode));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(signal, 130));
  return end;
}
