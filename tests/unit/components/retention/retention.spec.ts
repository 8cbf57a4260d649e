import assert from "node:assert/strict";
import {
  protectAndRetain,
  isProtected,
  keepsData,
  reclaimPolicyOf,
  Retention,
} from "../../../../components/retention/retention";

describe("retention", () => {
  const decisions = (retention: Retention) => ({
    keepsData: keepsData(retention),
    isProtected: isProtected(retention),
    protectAndRetain: protectAndRetain(retention),
    reclaimPolicy: reclaimPolicyOf(retention),
  });

  it("delete: everything goes with the stack", () => {
    assert.deepEqual(decisions("delete"), {
      keepsData: false,
      isProtected: false,
      protectAndRetain: { protect: undefined, retainOnDelete: undefined },
      reclaimPolicy: "Delete",
    });
  });

  it("retain: data can't be deleted and outlives the stack", () => {
    assert.deepEqual(decisions("retain"), {
      keepsData: true,
      isProtected: true,
      protectAndRetain: { protect: true, retainOnDelete: true },
      reclaimPolicy: "Retain",
    });
  });

  it("release: data outlives the stack, which can be destroyed", () => {
    assert.deepEqual(decisions("release"), {
      keepsData: true,
      isProtected: false,
      protectAndRetain: { protect: undefined, retainOnDelete: true },
      reclaimPolicy: "Retain",
    });
  });
});
