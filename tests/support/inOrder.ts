/** A suite as mocha tells the process that gathers the results of others, which run in parallel. */
interface Told {
  serialize(): object;
}

/**
 * For a suite whose tests build on each other: after a test or a hook that fails, none of the others is run, but its `after`
 * hooks are. That is mocha's `bail`, without what it does where specs run in parallel: it ends all of them.
 * https://github.com/mochajs/mocha/blob/v12.0.3/lib/nodejs/parallel-buffered-runner.cjs (`_bail` of an event's data).
 * Where specs run one after another, a failure ends every later suite of this kind, as with `bail`.
 */
export function inOrder(suite: Mocha.Suite): void {
  suite.bail(true);
  const told = suite as unknown as Told;
  const serialize = told.serialize.bind(told);
  told.serialize = () => ({ ...serialize(), _bail: false });
  suite.on("suite", inOrder);
}
