import assert from "node:assert/strict";
import type { ClaimedDisk } from "../../../../components/retention/claimedDisk";
import type { Claim, ClusterObjects, Volume } from "../../../../components/retention/clusterObjects";
import { type DiskInAws, lostDisk, lostDiskText } from "../../../../components/retention/lostDisk";

const claim = { namespace: "shop", name: "data-0", volumeKey: "volume", zoneKey: "zone", credentialsKey: "secret" };
const disk: ClaimedDisk = { volumeName: "pv-0", volumeId: "vol-00000000", zone: "z-a", reclaimPolicy: "Retain" };

const claimed = (more: object = {}): Claim => ({ metadata: { namespace: "shop", name: "data-0", ...more } });
const volume = (number: number, phase: string, claimRef: object = { namespace: "shop", name: "data-0" }): Volume => ({
  metadata: { name: `pv-${number}` },
  spec: {
    csi: { volumeHandle: `vol-${String(number).repeat(8)}` },
    claimRef: {
      ...(phase === "Available" ? {} : { uid: "of-a-claim" }),
      ...claimRef,
    } as NonNullable<Volume["spec"]["claimRef"]>,
    persistentVolumeReclaimPolicy: "Retain",
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: "topology/zone", values: ["z-a"] }] }] },
    },
  },
  status: { phase },
});

describe("lostDisk", () => {
  const found = (cluster: ClusterObjects) => {
    const lost = lostDisk(disk, claim, cluster);
    return lost && [lost.state, lost.now?.volumeId, lost.phase];
  };
  const text = (cluster: ClusterObjects, inAws: DiskInAws = "there", own = disk) =>
    lostDiskText(lostDisk(own, claim, cluster)!, inAws, { secret: "/shop/passwords" });

  it("is nothing while the claim has its disk, on whichever volume", () => {
    assert.equal(found({ claims: [claimed()], volumes: [volume(0, "Bound")] }), undefined);
    const other = { ...volume(0, "Bound"), metadata: { name: "another" } };
    assert.equal(found({ claims: [claimed()], volumes: [volume(0, "Released"), other] }), undefined);
  });

  it("is nothing while the disk waits for the claim", () => {
    const volumes = [volume(0, "Available")];
    assert.equal(found({ claims: [], volumes }), undefined);
    // Its phase follows in a moment.
    const reserved = volume(0, "Released");
    delete reserved.spec.claimRef!.uid;
    assert.equal(found({ claims: [], volumes: [reserved] }), undefined);
    assert.equal(found({ claims: [claimed()], volumes }), undefined);
  });

  for (const [how, cluster, expected] of [
    [
      "another disk",
      { claims: [claimed()], volumes: [volume(0, "Released"), volume(1, "Bound")] },
      ["elsewhere", "vol-11111111", "Released"],
    ],
    [
      "another disk, and its volume is deleted",
      { claims: [claimed()], volumes: [volume(1, "Bound")] },
      ["elsewhere", "vol-11111111", undefined],
    ],
    ["no disk", { claims: [claimed()], volumes: [volume(0, "Released")] }, ["waiting", undefined, "Released"]],
    [
      "no disk, and somebody else has it",
      { claims: [claimed()], volumes: [volume(0, "Bound", { namespace: "other", name: "data-0" })] },
      ["waiting", undefined, "Bound"],
    ],
    ["gone", { claims: [], volumes: [volume(0, "Released")] }, ["missing", undefined, "Released"]],
    ["gone with its volume", { claims: [], volumes: [] }, ["missing", undefined, undefined]],
    [
      "about to go",
      { claims: [claimed({ deletionTimestamp: "now" })], volumes: [volume(0, "Bound")] },
      ["leaving", "vol-00000000", "Bound"],
    ],
  ] as [string, ClusterObjects, unknown[]][]) {
    it(`sees that the claim has, or is, ${how}`, () => assert.deepEqual(found(cluster), expected));
  }

  const adopting = (section: string) =>
    `To get it back, follow "${section}" in docs/operations.md. The configuration that adopts it:\n` +
    "  pulumi config set volume vol-00000000\n  pulumi config set zone z-a\n  pulumi config set secret /shop/passwords\n" +
    "To go on without it: aws ec2 create-tags --resources vol-00000000 --tags Key=eks-storage:abandoned,Value=true";

  const adopts = adopting("A database without its disk");
  const adoptsAlone = adopting("A database whose volume is gone, too");

  it("says what there is, and what there is to do", () => {
    const released = { claims: [claimed()], volumes: [volume(0, "Released"), volume(1, "Bound")] };
    const lost = "The claim shop/data-0 has lost its disk, vol-00000000 in z-a.";
    const other = "The claim has another one, made since: vol-11111111 (volume pv-1).";
    assert.equal(
      text(released),
      `${lost} ${other}\nIts volume pv-0 is Released; the disk is in AWS, with the data.\n${adopts}`,
    );
    assert.equal(
      text({ claims: [], volumes: [] }, "unknown"),
      `${lost} The claim is gone from the cluster: the next one has a new, empty disk.\n` +
        `Its volume pv-0 is gone; AWS couldn't be asked for the disk.\n${adoptsAlone}`,
    );
    assert.match(
      text({ claims: [claimed()], volumes: [] }),
      / The claim has none: it stays without one, or gets a new, empty one\.\n/,
    );
    assert.equal(
      text({ claims: [claimed()], volumes: [volume(1, "Bound")] }, "gone"),
      `${lost} ${other}\nIts volume pv-0 is gone, and so is the disk in AWS.\n` +
        "docs/restore.md restores a backup. The next pulumi up remembers the other disk.",
    );
    assert.match(
      text({ claims: [], volumes: [volume(0, "Released")] }, "gone"),
      /Its volume pv-0 is Released; the disk is gone from AWS\.\ndocs\/restore\.md restores a backup\.$/,
    );
  });

  it("says what there is to do where the cluster is gone", () => {
    const lost =
      "The claim shop/data-0 has lost its disk, vol-00000000 in z-a. The stack's state has no such claim, and the cluster can't " +
      "be asked: the next one has a new, empty disk.\n";
    const forgotten = (inAws: DiskInAws) =>
      lostDiskText({ disk, claim, state: "forgotten" }, inAws, { secret: "/shop/passwords" });
    assert.equal(forgotten("there"), `${lost}The disk is in AWS, with the data.\n${adoptsAlone}`);
    assert.equal(forgotten("gone"), `${lost}The disk is gone from AWS.\ndocs/restore.md restores a backup.`);
  });

  it("speaks of the latest of a disk's volumes, as it is now", () => {
    const later = { name: "shop-data", creationTimestamp: "2026-02-01T00:00:00Z" };
    const earlier = { name: "pv-0", creationTimestamp: "2026-01-01T00:00:00Z" };
    const volumes = [earlier, later].map((metadata) => ({ ...volume(0, "Released"), metadata }));
    assert.match(text({ claims: [], volumes }), /\nIts volume shop-data is Released;/);
    const cluster = { claims: [claimed({ deletionTimestamp: "now" })], volumes: [volume(0, "Bound")] };
    assert.match(text(cluster, "there", { ...disk, reclaimPolicy: "Delete" }), /\nThe disk stays, with the data\./);
  });

  it("says how the disk of a claim is kept that is about to go", () => {
    const cluster = { claims: [claimed({ deletionTimestamp: "now" })], volumes: [volume(0, "Bound")] };
    const goes = "The claim shop/data-0 was deleted, and goes when its pod stops. Its disk is vol-00000000 in z-a.\n";
    const then = `\nThen follow "A database without its disk" in docs/operations.md.`;
    assert.equal(text(cluster), `${goes}The disk stays, with the data.${then}`);
    cluster.volumes[0]!.spec.persistentVolumeReclaimPolicy = "Delete";
    assert.equal(
      text(cluster),
      `${goes}The disk goes with it. To keep it: kubectl patch pv pv-0 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'${then}`,
    );
  });
});
