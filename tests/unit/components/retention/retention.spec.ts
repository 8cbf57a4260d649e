import assert from "node:assert/strict";
import {
  protectAndRetain,
  isProtected,
  keepsData,
  reclaimPolicyOf,
  retained,
  Retention,
} from "../../../../components/retention/retention";

describe("retention", () => {
  const decisions = (retention: Retention) => ({
    keepsData: keepsData(retention),
    isProtected: isProtected(retention),
    protectAndRetain: protectAndRetain(retention),
    retained: retained(retention),
    reclaimPolicy: reclaimPolicyOf(retention),
  });

  it("delete: everything goes with the stack", () => {
    assert.deepEqual(decisions("delete"), {
      keepsData: false,
      isProtected: false,
      // Left out, not false: the engine then passes on what the component was given.
      protectAndRetain: { protect: undefined, retainOnDelete: undefined },
      retained: { retainOnDelete: undefined },
      reclaimPolicy: "Delete",
    });
  });

  it("retain: data can't be deleted and outlives the stack", () => {
    assert.deepEqual(decisions("retain"), {
      keepsData: true,
      isProtected: true,
      protectAndRetain: { protect: true, retainOnDelete: true },
      retained: { retainOnDelete: true },
      reclaimPolicy: "Retain",
    });
  });

  it("release: data outlives the stack, which can be destroyed", () => {
    assert.deepEqual(decisions("release"), {
      keepsData: true,
      isProtected: false,
      protectAndRetain: { protect: undefined, retainOnDelete: true },
      retained: { retainOnDelete: true },
      reclaimPolicy: "Retain",
    });
  });
});
