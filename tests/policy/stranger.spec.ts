import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { UNREADABLE } from "../../policy/policy";
import { run } from "../support/registrations";
import { type Evaluation, evaluateAll } from "./evaluation";
import { stranger } from "./stranger";

/** What is found at the update, a violation a line. */
const RECORDED = path.join(__dirname, "stranger.txt");

async function outcomesOf(preview: boolean): Promise<Evaluation[]> {
  const { registrations, error } = await run(stranger, { preview, stack: "stranger" });
  if (error) throw error;
  return evaluateAll(registrations, preview);
}

/** Each violation as a line: of which resource, by which policy, in words. */
const linesOf = (outcomes: Evaluation[]) =>
  outcomes.flatMap(({ policy, urn, violations }) =>
    violations.map((it) => `${urn.split("$").pop()!.replace("::", " ")}: ${policy}: ${it}`),
  );

describe("the policies, on a stranger's program", function () {
  this.timeout("1m");
  let atPreview: Evaluation[];
  let atUpdate: Evaluation[];
  before(async () => {
    atPreview = await outcomesOf(true);
    atUpdate = await outcomesOf(false);
  });

  it("read everything", () => {
    for (const outcomes of [atPreview, atUpdate])
      assert.deepEqual(
        linesOf(outcomes).filter((line) => line.includes(UNREADABLE)),
        [],
      );
  });

  it("find in words of that program", () => {
    const lines = [...linesOf(atPreview), ...linesOf(atUpdate)];
    assert.deepEqual(
      lines.filter((line) => /undefined|null|NaN|\[object|Symbol|=>|eks-storage/.test(line)),
      [],
    );
  });

  it("find at a preview nothing that the update doesn't find", () => {
    const found = linesOf(atUpdate);
    assert.deepEqual(
      linesOf(atPreview).filter((line) => !found.includes(line)),
      [],
    );
  });

  it("know everything at the update", () =>
    assert.deepEqual(
      atUpdate.filter(({ notKnown }) => notKnown !== undefined),
      [],
    ));

  it("find what is wrong, and nothing of what isn't theirs: stranger.txt", () =>
    assert.equal(`${linesOf(atUpdate).sort().join("\n")}\n`, fs.readFileSync(RECORDED, "utf8")));
});
