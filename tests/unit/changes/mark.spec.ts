import assert from "node:assert/strict";
import * as fc from "fast-check";
import { markOf } from "../../../changes/mark";

describe("the mark of a stack's comment", () => {
  it("has the stack's name as Pulumi has it", () => {
    assert.equal(markOf("preview", "dev"), "<!-- eks-storage preview dev -->");
    assert.equal(markOf("drift", "org/shop.eu/prod-1_a"), "<!-- eks-storage drift org/shop.eu/prod-1_a -->");
  });

  it("is one line and one comment, whatever the name, and no other stack's", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc
        .array(fc.constantFrom("dev", " -->", "%20", "--", ">", "\n", "%", "é", "\ud800"), { maxLength: 4 })
        .map((it) => it.join("")),
    );
    fc.assert(
      fc.property(name, name, (one, other) => {
        const mark = markOf("preview", one);
        assert.match(mark, /^<!-- eks-storage preview [^\s<>]* -->$/);
        if (one !== other) assert.notEqual(mark, markOf("preview", other));
        assert.notEqual(mark, markOf("drift", one));
      }),
      { numRuns: 1000 },
    );
  });
});
