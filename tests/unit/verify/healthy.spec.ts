import assert from "node:assert/strict";
import { PASSWORD } from "../../support/verified/objects";
import { idsOf, resultOf, Verified } from "../../support/verified/runs";

const ALWAYS = [
  "claims.assets",
  "claims.catalog",
  "drivers.efs",
  "drivers.ebs",
  "mountTargets.zones",
  "assets.pods",
  "assets.images",
  "assets.shared",
  "assets.served",
  "assets.survives",
  "assets.removed",
];
const ON_BUCKET = ["bucket.mounted", "bucket.fromPod", "bucket.toPod"];
const RESTARTED = ["catalog.written", "catalog.back", "catalog.file", "catalog.row"];
const MODES = ["accessModes.onePod", "accessModes.oneNode", "accessModes.noSharing"];

describe("verify, of a stack that is well", () => {
  let verified: Verified;
  beforeEach(async () => (verified = await Verified.start()));
  afterEach(() => verified.stop());

  it("passes every check that disturbs nobody, and says of the others what they need", async () => {
    const results = await verified.run();
    assert.deepEqual(idsOf(results, "failed"), [], JSON.stringify(results, null, 1));
    assert.deepEqual(idsOf(results, "passed"), [...ALWAYS, "catalog.pods"]);
    assert.deepEqual(idsOf(results, "not run"), [...ON_BUCKET, ...RESTARTED, ...MODES]);
    for (const id of [...RESTARTED, ...MODES]) assert.match(resultOf(results, id).saw, /that needs --disruptive$/);
    assert.ok(results.every(({ isBlocked }) => !isBlocked));
  });

  it("with --disruptive also restarts the database, and has wrong access modes refused", async () => {
    const results = await verified.run({ isDisruptive: true });
    assert.deepEqual(idsOf(results, "failed"), [], JSON.stringify(results, null, 1));
    assert.deepEqual(idsOf(results, "not run"), ON_BUCKET);
    assert.match(
      resultOf(results, "accessModes.onePod").saw,
      /^Unschedulable: .* ReadWriteOncePod access mode already in-use/,
    );
    assert.match(resultOf(results, "accessModes.oneNode").saw, /^FailedAttachVolume: Multi-Attach error/);
    assert.match(resultOf(results, "accessModes.noSharing").saw, /MULTI_NODE_MULTI_WRITER not supported/);
    assert.match(
      resultOf(results, "catalog.back").saw,
      /^catalog-mysql-0 on node-a at 10\.0\.0\.\d+, answering as catalog-mysql$/,
    );
  });

  it("says for each check what it expected, what it saw, and how long it took", async () => {
    for (const { expected, saw, milliseconds } of await verified.run({ isDisruptive: true })) {
      assert.ok(expected.length > 10 && saw.length > 5, `${expected}: ${saw}`);
      assert.ok(Number.isInteger(milliseconds));
    }
    const results = await verified.run();
    assert.equal(
      resultOf(results, "claims.assets").expected,
      "assets/assets-1a2b3c4d is Bound, ReadWriteMany, to fs-11111111::fsap-11111111 (no class) or " +
        "an access point of fs-11111111 (class efs), by efs.csi.aws.com",
    );
    assert.match(
      resultOf(results, "assets.shared").saw,
      /^sha256 [0-9a-f]{12}: \S+ on node-a wrote it, \S+ on node-b read it$/,
    );
  });

  it("leaves the cluster as it was, but for the pods that it deletes", async () => {
    const before = [...verified.cluster.objects.values()].filter(({ kind }) => kind !== "Pod");
    await verified.run({ isDisruptive: true });
    assert.deepEqual(verified.cluster.leftovers(), []);
    const keys = (objects: typeof before) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
    assert.deepEqual(keys([...verified.cluster.objects.values()].filter(({ kind }) => kind !== "Pod")), keys(before));
    const changed = verified.server.asked.filter((it) => /^(POST|PATCH|DELETE)/.test(it) && !/selfsubject/.test(it));
    const deleted = ["assets-node-a", "assets-node-b", "catalog-mysql-0"].map(
      (name) => new RegExp(`^DELETE .*/pods/${name}$`),
    );
    const isOwn = (it: string) =>
      /verify-0a1b2c3d/.test(it) ||
      /^PATCH .*\/persistentvolumes\/pv-one-/.test(it) ||
      it === "POST /api/v1/namespaces";
    assert.deepEqual(
      changed.filter((it) => !isOwn(it) && !deleted.some((pod) => pod.test(it))),
      [],
    );
  });

  it("asks before it begins for every right that it uses", async () => {
    await verified.run({ isDisruptive: true });
    assert.deepEqual(verified.server.unasked(), []);
  });

  it("makes the disks go that a class with the policy Retain would keep", async () => {
    await verified.run({ isDisruptive: true });
    const patched = verified.server.asked.filter((it) => it.startsWith("PATCH"));
    assert.deepEqual(patched.map((it) => it.split("/").pop()).sort(), ["pv-one-node", "pv-one-pod"]);
  });

  it("says the database's password to nobody", async () => {
    const results = await verified.run({ isDisruptive: true });
    assert.ok(idsOf(results, "passed").includes("catalog.row"), "the password was used");
    assert.ok(!JSON.stringify(results).includes(PASSWORD));
    assert.ok(!verified.server.asked.some((it) => it.includes(PASSWORD)), "it is in no command either");
  });

  it("looks at no driver where other volumes stand behind the claims", async () => {
    for (const it of verified.cluster.all("PersistentVolume")) {
      it.spec.hostPath = { path: "/volume" };
      delete it.spec.csi;
    }
    for (const it of verified.cluster.all("DaemonSet")) verified.cluster.delete(it);
    const results = await verified.run({ hasOtherVolumes: true });
    assert.deepEqual(idsOf(results, "failed"), []);
    assert.match(resultOf(results, "claims.assets").saw, /what it is on wasn't looked at$/);
    assert.equal(resultOf(results, "drivers.efs").outcome, "not run");
    assert.equal(resultOf(results, "mountTargets.zones").outcome, "not run");
  });

  it("has one pod alone served from the volume, and deletes it only with --disruptive", async () => {
    verified.cluster.find("Deployment", "assets", "assets")!.spec.replicas = 1;
    verified.cluster.objects.delete("Pod/assets/assets-node-b");
    const results = await verified.run();
    assert.match(resultOf(results, "assets.shared").saw, /one pod only: pulumi config set assetsReplicas 2/);
    assert.equal(resultOf(results, "assets.served").outcome, "passed");
    assert.match(resultOf(results, "assets.survives").saw, /that needs --disruptive$/);
    assert.deepEqual(verified.cluster.leftovers(), []);
    assert.equal(resultOf(await verified.run({ isDisruptive: true }), "assets.survives").outcome, "passed");
  });
});
