/**
 * Ends the process at a signal, when `stop` has ended: mocha would leave everything behind.
 *
 * mocha runs specs in a child of its own, which a single Ctrl-C reaches three times: from the terminal, and as SIGINT and SIGTERM
 * from mocha (bin/mocha.js). Those that come while it stops must neither end it nor stop it once more.
 *
 * @param stop takes down what the specs have started.
 */
export function endWithSignals(stop: () => Promise<void>): void {
  let stopping: Promise<void> | undefined;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      console.error(`\n${signal}: the node and the control plane are taken down.`);
      stopping = stop()
        .catch((error: unknown) => console.error(error))
        .finally(() => process.exit(130));
    });
  }
}
