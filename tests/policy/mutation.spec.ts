import assert from "node:assert/strict";
import { UNREADABLE } from "../../policy/rule";
import { rules } from "../../policy/rules";
import { judge } from "./judgement";
import { mutants } from "./mutants";
import { subject } from "./subject";

describe("mutants of prod", function () {
  this.timeout("5m");

  it("kill every rule, one thing at a time", async function () {
    const registrations = await subject(false);
    assert.deepEqual(judge(registrations, false), []);
    let count = 0;
    let noticed = 0;
    const killed = new Set<string>();
    for (const { registrations: mutant, changed } of mutants(registrations)) {
      const said = judge(mutant, false, rules, changed ? [changed] : []);
      const found = said.filter(({ reasons }) => reasons.some((it) => !it.startsWith(UNREADABLE)));
      count += 1;
      if (found.length > 0) noticed += 1;
      for (const { rule } of found) killed.add(rule);
    }
    const killedOfAll = `${killed.size} of ${rules.length} rules killed by a systematic mutant`;
    // The reporter ends with them: .ci/countingReporter.cjs
    Object.assign(this.test!, { figures: [killedOfAll, `${noticed} of ${count} systematic mutants noticed`] });
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !killed.has(name)),
      [],
    );
  });
});
