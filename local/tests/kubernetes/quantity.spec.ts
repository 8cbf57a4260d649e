import * as assert from "node:assert/strict";
import { quantity } from "../../kubernetes/quantity";

describe("Kubernetes quantities", () => {
  it("reads quantities", () => {
    const numbers = ["128m", "0.5", "20Gi", "1G", 2, "large"].map(quantity);
    assert.deepEqual(numbers, [0.128, 0.5, 20 * 1024 ** 3, 1e9, 2, NaN]);
  });
});
