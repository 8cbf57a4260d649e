import assert from "node:assert/strict";
import * as fs from "node:fs";
import { configurationCases } from "../support/configurations";
import { costFacts } from "../support/costs";
import { baseOf, COSTS_FILE, DIAGRAM_FILE, factsOf, pictureOf, recordFile, recordOf } from "../support/record";

/** Says which facts are new and which are gone, where a deep comparison would print both files. */
function assertRecorded(actual: string, file: string): void {
  const [found, recorded] = [actual, fs.readFileSync(file, "utf8")].map((text) => text.split("\n"));
  const differences = [
    ...recorded!.filter((line) => !found!.includes(line)).map((line) => `  no longer: ${line}`),
    ...found!.filter((line) => !recorded!.includes(line)).map((line) => `  new: ${line}`),
  ];
  if (differences.length === 0) return;
  const advice = "If that is meant, npm run record writes the records anew, and the commit says why each line changed.";
  assert.fail(`${file} differs:\n${differences.join("\n")}\n${advice}`);
}

describe("the recorded stack: names, parents, dependencies and options of every resource", function () {
  this.timeout(60_000);
  const applied: Record<string, Promise<string[]>> = {};
  const appliedOf = (name: string) =>
    (applied[name] ??= factsOf(
      configurationCases.find((it) => it.name === name)!,
      false,
    ));

  for (const it of configurationCases) {
    specify(`${it.name}, as previewed and as applied`, async () => {
      const facts = await appliedOf(it.name);
      assertRecorded(recordOf(it, facts, await appliedOf(baseOf(it.stack))), recordFile(it));
      assert.deepEqual(await factsOf(it, true), facts);
    });
  }
});

describe("README's picture", () => {
  it("is of dev as the program registers it", async () => {
    const isCurrent = (await pictureOf("dev")) === fs.readFileSync(DIAGRAM_FILE, "utf8");
    assert.ok(isCurrent, "docs/diagram.svg is stale: npm run record draws it anew");
  });
});

describe("what a preview's time depends on, whatever the machine", function () {
  this.timeout(60_000);

  it("is as recorded: modules that a start loads; resources, dependencies and lookups of each environment", async () => {
    assertRecorded(`${(await costFacts()).join("\n")}\n`, COSTS_FILE);
  });
});
