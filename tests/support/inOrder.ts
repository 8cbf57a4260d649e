/**
 * For a suite whose tests build on each other: after one that fails, the others aren't run, but its `after` hooks are. Mocha's
 * own `bail` ends all suites that run in parallel, too.
 */
export function inOrder(suite: Mocha.Suite): void {
  suite.afterEach(function () {
    if (this.currentTest?.state === "failed") throw new Error("The tests after it build on it, and aren't run.");
  });
}
