import assert from "node:assert/strict";
import { takesPods } from "../../../verify/nodes";
import type { Fields } from "../../support/verified/objects";
import { resultOf, Verified } from "../../support/verified/runs";

describe("verify's accessModes", () => {
  let verified: Verified;
  beforeEach(async () => (verified = await Verified.start()));
  afterEach(() => verified.stop());
  const run = () => verified.run({ isDisruptive: true });

  describe("oneNode", () => {
    it("isn't run, and makes no disk, where other nodes are in other zones alone: it would show nothing", async () => {
      verified.cluster.objects.delete("Node//node-c");
      const { outcome, saw, isBlocked } = resultOf(await run(), "accessModes.oneNode");
      const why = "no zone has two nodes that take pods, and a disk can't leave its zone";
      assert.deepEqual([outcome, saw, isBlocked], ["not run", why, undefined]);
      assert.ok(!verified.server.asked.some((it) => it.includes("pods/one-node")));
    });

    it("counts no node that takes no pods: cordoned, tainted, not Ready, Fargate's", () => {
      const node = (change: (it: Fields) => void) => {
        const made = structuredClone(verified.cluster.find("Node", "node-c")!);
        change(made);
        return takesPods(made);
      };
      const tainted = (effect: string) => node((it) => (it.spec.taints = [{ key: "gpu", effect }]));
      assert.equal(
        node(() => {}),
        true,
      );
      assert.equal(
        node((it) => (it.spec.unschedulable = true)),
        false,
      );
      assert.deepEqual(["NoSchedule", "NoExecute", "PreferNoSchedule"].map(tainted), [false, false, true]);
      assert.equal(
        node((it) => (it.status.conditions[0].status = "Unknown")),
        false,
      );
      assert.equal(
        node((it) => (it.metadata.labels["eks.amazonaws.com/compute-type"] = "fargate")),
        false,
      );
    });

    it("couldn't be run where the other node of the zone has no room: no disk was refused", async () => {
      verified.cluster.fullNodes = ["node-c"];
      const { outcome, saw, isBlocked } = resultOf(await run(), "accessModes.oneNode");
      assert.deepEqual([outcome, isBlocked], ["not run", true]);
      assert.match(
        saw,
        /^the second pod finds no other node of the zone: 0\/3 nodes are available: 1 Insufficient memory/,
      );
    });
  });

  describe("of which a disk is still being made when it is interrupted", () => {
    /** Interrupts while the first pod waits for its disk. @returns how the removal ended. */
    async function interrupted(delays: { disk: number; namespace: number }, grace: number) {
      verified.cluster.delays = delays;
      const controller = new AbortController();
      verified.server.hears = (request) => {
        if (/^POST .*\/verify-0a1b2c3d\/pods$/.test(request)) setTimeout(() => controller.abort(), 20);
      };
      const results = await verified.run({ isDisruptive: true, patience: 3, grace }, controller.signal);
      assert.equal(resultOf(results, "accessModes.onePod").saw, "interrupted");
      await new Promise((resolve) => setTimeout(resolve, delays.disk));
      const disks = verified.cluster.all("PersistentVolume").map(({ metadata }) => metadata.name);
      return [resultOf(results, "accessModes.removed").outcome, disks.filter((name) => name.includes("one-pod"))];
    }

    it("leaves none that would be there after the namespace has gone", async () => {
      assert.deepEqual(await interrupted({ disk: 400, namespace: 0 }, 2), ["passed", []]);
    });

    it("leaves none that is there late, under the policy Retain", async () => {
      assert.deepEqual(await interrupted({ disk: 400, namespace: 900 }, 0.1), ["passed", []]);
    });
  });
});
