import assert from "node:assert/strict";
import { LocalStack } from "../tests/engine/localStack";

/** How much longer a preview may take with the policy pack. */
const LIMIT_IN_SECONDS = 2;
const PAIRS = 3;

// A measurement, for a machine that does nothing else: not part of the tests.
describe("the policy pack's time", function () {
  this.timeout("4m");
  const prod = new LocalStack("prod");

  before(() => prod.start());
  after(() => prod.stop());

  async function preview(isChecked: boolean): Promise<number> {
    prod.isChecked = isChecked;
    const started = performance.now();
    await prod.preview();
    return (performance.now() - started) / 1000;
  }

  it(`makes a preview of prod less than ${LIMIT_IN_SECONDS} s longer`, async () => {
    // The fastest of each kind: whatever else the machine does only makes a run longer.
    const fastest = { without: Infinity, with: Infinity };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      fastest.without = Math.min(fastest.without, await preview(false));
      fastest.with = Math.min(fastest.with, await preview(true));
    }
    const longer = fastest.with - fastest.without;
    console.log(`      ${longer.toFixed(1)} s longer than ${fastest.without.toFixed(1)} s`);
    assert.ok(longer < LIMIT_IN_SECONDS, `${longer} s`);
  });
});
