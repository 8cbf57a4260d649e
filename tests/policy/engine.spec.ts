import assert from "node:assert/strict";
import { LocalStack } from "../engine/localStack";

/** How much longer a preview may take with the policy pack. */
const LIMIT_IN_SECONDS = 2;
const PAIRS = 3;

describe("the policy pack", function () {
  this.timeout("4m");
  const prod = new LocalStack("prod");

  before(() => prod.start());
  after(() => prod.stop());

  async function preview(isChecked: boolean, ...config: string[]): Promise<number> {
    prod.isChecked = isChecked;
    const started = performance.now();
    await prod.preview(...config);
    return (performance.now() - started) / 1000;
  }

  it("stops nothing that is shipped, and says what a first preview can't know", async () => {
    await preview(true);
    assert.match(
      prod.messages,
      /^advisory efs-refuses-plain-transport eks-storage-prod: .*can't be known yet: policy is/m,
    );
    assert.doesNotMatch(prod.messages, /^mandatory/m);
  });

  it("stops a preview, and names the resource, the rule, the reason and the mend", async () => {
    await assert.rejects(preview(true, "retention=delete", "confirmDeleteInProd=prod"), /exit code [1-9]/);
    const findings = prod.messages.split(/^(?=mandatory |advisory )/m);
    const found = findings.find((finding) => finding.startsWith("mandatory durable-protected eks-storage-prod: "));
    assert.match(found!, /Here protect is not true\./);
    assert.match(found!, /- Set the option protect to true/);
  });

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
