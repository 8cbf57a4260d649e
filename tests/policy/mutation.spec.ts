import assert from "node:assert/strict";
import { UNREADABLE } from "../../policy/policy";
import { policies } from "../../policy/policies";
import { evaluateAll } from "./evaluation";
import { mutants } from "./mutants";
import { subject } from "./subject";

describe("mutants of prod", function () {
  this.timeout("5m");

  it("violate every policy, with one change each", async function () {
    const registrations = await subject(false);
    assert.deepEqual(evaluateAll(registrations, false), []);
    let count = 0;
    let noticed = 0;
    const killed = new Set<string>();
    for (const { registrations: mutant, changed } of mutants(registrations)) {
      const outcomes = evaluateAll(mutant, false, policies, changed ? [changed] : []);
      const violated = outcomes.filter(({ violations }) => violations.some((it) => !it.startsWith(UNREADABLE)));
      count += 1;
      if (violated.length > 0) noticed += 1;
      for (const { policy } of violated) killed.add(policy);
    }
    const killedOfAll = `${killed.size} of ${policies.length} policies killed by a systematic mutant`;
    // The reporter ends with them: .ci/countingReporter.cjs
    Object.assign(this.test!, { figures: [killedOfAll, `${noticed} of ${count} systematic mutants noticed`] });
    assert.deepEqual(
      policies.map(({ name }) => name).filter((name) => !killed.has(name)),
      [],
    );
  });
});
