import assert from "node:assert/strict";
import { DeletionProtection, Retention } from "../../../components";
import { one, registered } from "../../support/queries";

describe("DeletionProtection", () => {
  for (const [retention, expected] of [
    [Retention.Delete, false],
    [Retention.Retain, true],
    [Retention.Release, false],
  ] as const) {
    it(`${expected ? "refuses" : "allows"} deletion under ${retention}`, async () => {
      const resources = await registered(() => new DeletionProtection("all", { retention }, {}));
      assert.equal(one(resources, "DeletionProtection").protect, expected);
    });
  }
});
