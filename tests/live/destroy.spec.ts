import assert from "node:assert/strict";
import { live } from "./setup";
import { RealNode } from "./support/node";

describe("a stack on a real node", () => {
  it("is destroyed while its pods run: they end first, and then their volumes, and the drivers last", async () => {
    assert.ok(live().mounts().length > 0, "nothing was mounted");
    // In the order in which each deletion begins.
    const deleted = Object.keys(await live().destroy());
    const places = (pattern: RegExp) => {
      const found = deleted.flatMap((it, place) => (pattern.test(it) ? [place] : []));
      assert.ok(found.length > 0, `${pattern} isn't among what is deleted:\n${deleted.join("\n")}`);
      return found;
    };
    const expectOrder = (first: RegExp, then: RegExp) =>
      assert.ok(Math.max(...places(first)) < Math.min(...places(then)), `${first}, ${then}:\n${deleted.join("\n")}`);
    expectOrder(/:Deployment assets$/, /:PersistentVolumeClaim assets/);
    expectOrder(/:StatefulSet catalog-mysql$/, /:PersistentVolumeClaim catalog-mysql/);
    expectOrder(/:PersistentVolume(Claim)? assets/, /:Addon s3-csi$/);
    expectOrder(/:PersistentVolumeClaim catalog-mysql/, /:Addon ebs-csi$/);
    const left = await live().leaked();
    assert.deepEqual(
      left.filter(({ id }) => id !== RealNode.NAME),
      [],
    );
    assert.deepEqual(live().mounts(), []);
  });
});
