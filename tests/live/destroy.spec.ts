import assert from "node:assert/strict";
import { live } from "./setup";
import { RealNode } from "./support/node";

describe("a stack on a real node", () => {
  it("is destroyed while its pods run: they end first, and then their volumes, and the drivers last", async () => {
    await live().destroy();
    const left = await live().leaked();
    assert.deepEqual(
      left.filter(({ id }) => id !== RealNode.NAME),
      [],
    );
    assert.deepEqual(live().mounts(), []);
  });
});
