import assert from "node:assert/strict";
import * as fs from "node:fs";
import { crashing, type Fields } from "../../support/verified/objects";
import { idsOf, onlyFailureOf, resultOf, Verified } from "../../support/verified/runs";

describe("verify, of pods that don't run", () => {
  let verified: Verified;
  beforeEach(async () => (verified = await Verified.start()));
  afterEach(() => verified.stop());
  const onlyFailure = async () => onlyFailureOf(await verified.run());

  const states: [what: string, status: Fields | undefined, saw: RegExp, look: RegExp][] = [
    ["is missing", undefined, /^1 of 2 are Ready$/, /^kubectl get events --namespace assets$/],
    [
      "crashes",
      crashing("assets"),
      /^1 of 2 are Ready; assets-node-b is CrashLoopBackOff: assets ended with 3, 7 restarts$/,
      /^kubectl logs assets-node-b --namespace assets --container assets --previous$/,
    ],
    [
      "can't be scheduled",
      {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/2 nodes are available" },
        ],
      },
      /assets-node-b is Pending: 0\/2 nodes are available$/,
      /^kubectl describe pod assets-node-b --namespace assets$/,
    ],
    [
      "can't have its image",
      {
        phase: "Pending",
        containerStatuses: [
          {
            name: "assets",
            ready: false,
            restartCount: 0,
            state: { waiting: { reason: "ImagePullBackOff", message: "not found" } },
          },
        ],
      },
      /assets-node-b is assets: ImagePullBackOff: not found$/,
      /^kubectl describe pod/,
    ],
  ];
  for (const [what, status, saw, look] of states) {
    it(`says why one of assets ${what}, and doesn't run what needs it`, async () => {
      const pod = verified.cluster.find("Pod", "assets-node-b", "assets")!;
      if (status) pod.status = status;
      else verified.cluster.objects.delete("Pod/assets/assets-node-b");
      const failure = await onlyFailure();
      assert.equal(failure.id, "assets.pods");
      assert.match(failure.saw, saw);
      assert.match(failure.look!, look);
      assert.equal(resultOf(await verified.run(), "assets.shared").saw, "it needs assets.pods");
      assert.ok(!verified.server.asked.some((it) => it.startsWith("exec assets/")), "nothing is written");
    });
  }

  for (const name of ["assets", "catalog"]) {
    it(`fails of ${name} scaled to 0, runs nothing that needs its pods, and comes to its end`, async () => {
      verified.cluster.find("Deployment", name, name)!.spec.replicas = 0;
      for (const it of verified.cluster.all("Pod", name)) {
        if (it.metadata.name !== "catalog-mysql-0") verified.cluster.objects.delete(`Pod/${name}/${it.metadata.name}`);
      }
      const results = await verified.run({ isDisruptive: true });
      const { id, saw, look } = onlyFailureOf(results);
      assert.deepEqual([id, saw], [`${name}.pods`, `the Deployment ${name}/${name} is scaled to 0`]);
      assert.equal(look, `kubectl describe deployment ${name} --namespace ${name}`);
      assert.ok(!results.some((it) => it.id === `${name}.removed`), "nothing was made");
      assert.equal(resultOf(results, "accessModes.onePod").outcome, "passed");
    });
  }

  it("says so when a pod that it deletes doesn't come back, and removes its file through the others", async () => {
    verified.cluster.successor = (it) => (it.status = crashing("assets"));
    const { id, saw } = await onlyFailure();
    assert.equal(id, "assets.survives");
    assert.match(saw, /^1 of 2 are Ready; assets-node-a-next is CrashLoopBackOff/);
    assert.deepEqual(verified.cluster.leftovers(), []);
  });

  it("finds a database that doesn't come back, and says what may be left, and how to remove it", async () => {
    verified.cluster.successor = (it) => {
      if (it.metadata.name === "catalog-mysql-0") it.status = crashing("mysql");
    };
    const results = await verified.run({ isDisruptive: true });
    assert.deepEqual(idsOf(results, "failed"), ["catalog.back", "catalog.removed"]);
    assert.match(resultOf(results, "catalog.back").saw, /catalog-mysql-0 is CrashLoopBackOff: mysql ended with 3/);
    assert.equal(resultOf(results, "catalog.row").saw, "it needs catalog.back");
    const { saw, look } = resultOf(results, "catalog.removed");
    assert.match(
      saw,
      /^it may still be there: the table verify_0a1b2c3d \(.*\), \/var\/lib\/mysql\/verify-0a1b2c3d\.txt \(/,
    );
    assert.match(look!, /rm -f \/var\/lib\/mysql\/verify-0a1b2c3d\.txt$/);
  });

  it("finds an image that is missing", async () => {
    const files = verified.cluster.filesOf(verified.cluster.find("Pod", "assets-node-a", "assets")!);
    fs.rmSync(`${files}/wood_watch.jpg`);
    const { id, saw, look } = await onlyFailure();
    assert.deepEqual([id, saw], ["assets.images", "assets-node-a on node-a lacks wood_watch.jpg"]);
    assert.equal(look, "kubectl logs assets-node-a --namespace assets --container seed");
  });

  it("finds a Service that leads elsewhere", async () => {
    const replaced = verified.cluster.put.bind(verified.cluster);
    verified.cluster.put = (it) =>
      replaced(it.kind === "EndpointSlice" ? { ...it, endpoints: [{ addresses: ["10.0.0.250"] }] } : it);
    const results = await verified.run({ isDisruptive: true, dnsPatience: 0.1 });
    assert.match(
      resultOf(results, "catalog.back").saw,
      /^catalog-mysql-0 is at 10\.0\.0\.\d+, and catalog-mysql leads to 10\.0\.0\.250$/,
    );
  });

  it("isn't satisfied with a database that was never gone", async () => {
    const remove = verified.cluster.delete.bind(verified.cluster);
    verified.cluster.delete = (it) => {
      if (it.metadata.name !== "catalog-mysql-0") remove(it);
    };
    const results = await verified.run({ isDisruptive: true });
    assert.deepEqual(idsOf(results, "failed"), ["catalog.back"]);
    assert.match(resultOf(results, "catalog.back").saw, /catalog-mysql-0 is still the one that was deleted$/);
    assert.deepEqual(verified.cluster.leftovers(), []);
  });

  it("isn't satisfied with another row", async () => {
    verified.cluster.successor = (it) => {
      if (it.metadata.name !== "catalog-mysql-0") return;
      fs.writeFileSync(`${verified.cluster.filesOf(it)}/verify_0a1b2c3d`, "another");
    };
    const { id, saw } = onlyFailureOf(await verified.run({ isDisruptive: true }));
    assert.deepEqual([id, saw], ["catalog.row", "the table verify_0a1b2c3d holds another row"]);
  });

  it("takes a Service with addresses of both kinds", async () => {
    verified.cluster.successor = (it) => (it.status.podIPs = [{ ip: it.status.podIP }, { ip: "fd00::1" }]);
    const put = verified.cluster.put.bind(verified.cluster);
    verified.cluster.put = (it) => {
      put(it);
      const metadata = { ...it.metadata, name: "catalog-mysql-2" };
      if (it.kind === "EndpointSlice") put({ ...it, metadata, endpoints: [{ addresses: ["fd00::1"] }] });
    };
    const results = await verified.run({ isDisruptive: true });
    assert.equal(resultOf(results, "catalog.back").outcome, "passed");
  });
});
