import assert from "node:assert/strict";
import { exitCodeOf } from "../../../verify/result";
import { idsOf, resultOf, Verified } from "../../support/verified/runs";

describe("verify, of a cluster that answers no more", () => {
  let verified: Verified;
  beforeEach(async () => (verified = await Verified.start()));
  afterEach(() => verified.stop());

  const cases: [what: string, during: RegExp, id: string][] = [
    ["a command runs in a pod", /^exec assets\/\S+ sh -c cd /, "assets.images"],
    ["a pod answers", /^portforward /, "assets.served"],
    ["what was made is removed", /^exec assets\/\S+ .* rm -f /, "assets.removed"],
  ];
  for (const [what, during, id] of cases) {
    it(`ends with 2 when the API server goes away while ${what}: nothing was refuted by that`, async () => {
      verified.server.opens = (request) => {
        if (during.test(request)) verified.server.stop();
      };
      const results = await verified.run();
      assert.deepEqual(idsOf(results, "failed"), []);
      assert.equal(exitCodeOf(results), 2);
      const { outcome, saw, isBlocked } = resultOf(results, id);
      assert.deepEqual([outcome, isBlocked], ["not run", true]);
      assert.match(saw, /https:\/\/127\.0\.0\.1:\d+ can't be reached: .*ECONNREFUSED/);
    });
  }

  it("fails where a pod's connections alone are cut off, and says where to look", async () => {
    verified.server.opens = (_, socket) => socket.terminate();
    const results = await verified.run();
    const of = (id: string) => {
      const { outcome, saw, look } = resultOf(results, id);
      return [outcome, saw, look];
    };
    const look = "kubectl describe pods --namespace assets";
    const cutOff = "The command in assets/assets-node-a was cut off: sh";
    assert.deepEqual(of("assets.images"), ["failed", cutOff, look]);
    const unanswered =
      "assets-node-a on node-a doesn't answer GET /assets/verify-0a1b2c3d.txt on port 8080: socket hang up";
    assert.deepEqual(of("assets.served"), ["failed", unanswered, look]);
    assert.equal(exitCodeOf(results), 1);
  });

  it("waits no longer than so for a connection into a pod", async () => {
    verified.server.silence = "web sockets";
    const results = await verified.run({ cluster: verified.client({ open: 100 }) });
    const why = "within 0.1 s: perhaps it doesn't reach the node's kubelet, on port 10250";
    const said = (id: string) => resultOf(results, id).saw.replace(/:\d+ hasn't/, " hasn't");
    assert.equal(said("assets.images"), `https://127.0.0.1 hasn't begun a command in assets/assets-node-a ${why}`);
    assert.equal(
      said("assets.served"),
      `https://127.0.0.1 hasn't begun a connection to port 8080 of assets/assets-node-a ${why}`,
    );
    assert.equal(exitCodeOf(results), 1);
  });

  it("ends with 2 where something takes its connections, and says nothing", async () => {
    verified.server.hears = (request) => {
      if (request.startsWith("exec")) verified.server.silence = "everywhere";
    };
    const results = await verified.run({ cluster: verified.client({ open: 100, request: 100 }) });
    assert.deepEqual(idsOf(results, "failed"), []);
    assert.match(resultOf(results, "assets.images").saw, /can't be reached: .*abort/);
    assert.equal(exitCodeOf(results), 2);
  });
});
