import assert from "node:assert/strict";
import { Look } from "../../../audit/look";

const question = { what: "keys' tags", right: "kms:ListResourceTags", region: "eu-west-1" };

/** As AWS says it: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
const denied = (why: string) =>
  Object.assign(new Error(`User: arn is not authorized to perform: kms:ListResourceTags on resource: key ${why}`), {
    name: "AccessDeniedException",
  });
const OWN = denied("with an explicit deny in a resource-based policy");

/** What is asked of four keys, of which the first ones refuse. */
async function asked(...refusals: Error[]) {
  const look = new Look();
  const answers = await look.each(question, [0, 1, 2, 3], (index) => {
    const refusal = refusals[index];
    return refusal ? Promise.reject(refusal) : Promise.resolve("tags");
  });
  return { answers: answers.length, gaps: look.gaps, remarks: look.remarks };
}

describe("a question about each of several resources", () => {
  it("passes over what its own policy denies, and counts it", async () => {
    const remark = (count: string) =>
      `${count} kms:ListResourceTags in eu-west-1 by policies of their own, which nothing has that the program makes ` +
      "(keys' tags).";
    assert.deepEqual(await asked(OWN), { answers: 3, gaps: [], remarks: [remark("1 of 4 denies")] });
    assert.deepEqual(await asked(OWN, OWN, OWN, OWN), { answers: 0, gaps: [], remarks: [remark("4 of 4 deny")] });
  });

  for (const why of [
    "because no identity-based policy allows the kms:ListResourceTags action",
    // Said to whoever lacks the right, too.
    "because no resource-based policy allows the kms:ListResourceTags action",
    "with an explicit deny in a service control policy",
    "",
  ]) {
    it(`isn't answered where a right may be missing, whatever the others say: ${why || "no reason"}`, async () => {
      const refusal = denied(why);
      const { answers, gaps, remarks } = await asked(refusal);
      const gap = {
        what: "keys' tags",
        region: "eu-west-1",
        message: refusal.message,
        missing: "kms:ListResourceTags",
      };
      assert.deepEqual({ answers, gaps, remarks }, { answers: 3, gaps: [gap], remarks: [] });
    });
  }

  it("has both where both are so", async () => {
    const { gaps, remarks } = await asked(OWN, denied(""), denied(""));
    assert.deepEqual([gaps.length, remarks.length], [1, 1]);
  });
});
