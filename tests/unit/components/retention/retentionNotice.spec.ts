import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Retention } from "../../../../components/index";
import { RetentionNotice, type RetentionNoticeArgs } from "../../../../components/retention/retentionNotice";
import { one, registered } from "../../../support/queries";
import { type ApiServer, type Contents, forbidden } from "../../../support/apiServer";
import { Secret } from "../../../support/registrations";
import { codeOf, withCluster } from "../../../support/stateCode";
import { whileTimeFlies } from "../../../support/time";

const args: RetentionNoticeArgs = {
  retention: Retention.Release,
  configuration: { adoptFileSystemId: "fs-11111111" },
  claim: { namespace: "shop", name: "data-0", volumeKey: "keptVolumeId", zoneKey: "keptZone" },
  kubeconfig: "{}",
};

const withVolume = (
  persistentVolumeReclaimPolicy: string,
  claim = { namespace: "shop", name: "data-0" },
): Contents => ({
  "/api/v1/persistentvolumes": [
    {
      metadata: { name: "pv-1" },
      spec: {
        persistentVolumeReclaimPolicy,
        claimRef: claim,
        csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-11111111" },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["eu-west-1a"] }] },
            ],
          },
        },
      },
    },
  ],
});

describe("RetentionNotice", () => {
  let code: Required<pulumi.dynamic.ResourceProvider>;
  before(async () => {
    code = await codeOf(() => void new RetentionNotice("notice", args, {}));
  });

  const printed = async (contents: Contents | undefined, changes: Partial<RetentionNoticeArgs> = {}) => {
    const lines = await withCluster(contents, (cluster) =>
      whileTimeFlies(() => code.delete("notice", { ...args, ...changes, kubeconfig: cluster.kubeconfig() })),
    );
    return lines.join("\n");
  };
  const kept = `Kept in AWS, and adopted by a later pulumi up with this configuration:
  pulumi config set adoptFileSystemId fs-11111111`;
  const disk = `
  pulumi config set keptVolumeId vol-11111111
  pulumi config set keptZone eu-west-1a`;

  it("prints the configuration that adopts what is kept, the database's disk included", async () => {
    assert.equal(await printed(withVolume("Retain")), kept + disk);
  });

  it("names the disk that the claim is bound to, not one that an earlier claim of that name released", async () => {
    const path = "/api/v1/persistentvolumes";
    const [bound] = withVolume("Retain")[path] as { metadata: object; spec: { csi: object } }[];
    const released = {
      ...bound,
      metadata: { name: "pv-0" },
      spec: { ...bound!.spec, csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-00000000" } },
      status: { phase: "Released" },
    };
    const volumes = [released, { ...bound, status: { phase: "Bound" } }];
    assert.equal(await printed({ [path]: volumes }), kept + disk);
  });

  it("says of a disk that stays though nothing is to be kept", async () => {
    const recorded = { volumeName: "pv-1", volumeId: "vol-11111111", zone: "eu-west-1a", reclaimPolicy: "Retain" };
    const stays = { retention: Retention.Delete, disk: recorded } as object;
    assert.equal(
      await printed(withVolume("Retain"), stays),
      "The disk vol-11111111 stays: its volume was made with the policy Retain. To let it go with the stack, cancel, and run: " +
        `kubectl patch pv pv-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'`,
    );
    assert.equal(await printed(withVolume("Delete"), stays), "");
  });

  it("prints what is kept where there is no claim, and asks no cluster", async () => {
    assert.equal(await printed(undefined, { claim: undefined }), kept);
  });

  it("says nothing when nothing is kept", async () => {
    assert.equal(await printed(withVolume("Delete"), { retention: Retention.Delete }), "");
  });

  it("warns of a disk that won't be kept, and says how it is", async () => {
    assert.equal(
      await printed(withVolume("Delete")),
      `${kept}${disk}
But the disk vol-11111111 will go: its volume was made with the policy Delete. To keep it, cancel, and run: kubectl patch pv pv-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
    );
  });

  for (const [situation, contents, reason] of [
    [
      "has another claim's volume only",
      withVolume("Retain", { namespace: "shop", name: "data-1" }),
      "no volume of the claim shop/data-0",
    ],
    [
      "has the volume of such a claim in another namespace only",
      withVolume("Retain", { namespace: "other", name: "data-0" }),
      "no volume of the claim shop/data-0",
    ],
  ] as const) {
    it(`says how the disk is found when the cluster ${situation}, and lets the destroy go on`, async () => {
      assert.match(
        await printed(contents),
        new RegExp(
          `^${kept}\\nThe database's disk could not be looked up \\(${reason}\\)\\. It has the tag ` +
            "kubernetes\\.io/created-for/pvc/name=data-0; give its id and zone as keptVolumeId and keptZone\\.$",
          "s",
        ),
      );
    });
  }

  for (const [situation, change, reason] of [
    ["doesn't answer", (cluster) => cluster.stop(), "https:\\S+ can't be reached: .+"],
    ["refuses who asks", (cluster) => (cluster.instead = () => forbidden("viewer")), "viewer may not list .+"],
  ] as [string, (cluster: ApiServer) => unknown, string][]) {
    it(`asks for a minute when the cluster ${situation}, says so and how the disk is found, and lets the destroy go on`, async () => {
      let seconds = 0;
      const [first, last, ...more] = await withCluster({}, async (cluster) => {
        const kubeconfig = cluster.kubeconfig();
        change(cluster);
        seconds = await whileTimeFlies(() => code.delete("notice", { ...args, kubeconfig }));
      });
      assert.ok(seconds >= 60, `${seconds} s`);
      assert.match(
        first!,
        new RegExp(`^The database's disk can't be looked up: ${reason}\nTrying again for a minute\.$`, "s"),
      );
      assert.match(
        last!,
        new RegExp(`^${kept}\nThe database's disk could not be looked up \\(${reason}\\)\\. It has the tag `, "s"),
      );
      assert.deepEqual(more, []);
    });
  }

  it("finds the disk though one request fails", async () => {
    const lines = await withCluster(withVolume("Retain"), async (cluster) => {
      cluster.instead = () => (cluster.asked === 1 ? { status: 503 } : undefined);
      await whileTimeFlies(() => code.delete("notice", { ...args, kubeconfig: cluster.kubeconfig() }));
    });
    assert.equal(lines.at(-1), kept + disk);
  });

  it("is updated with what it would print, never replaced", async () => {
    const olds = { ...args, kubeconfig: "a" };
    assert.deepEqual(await code.diff("notice", olds, { ...olds }), { changes: false });
    for (const change of [
      { kubeconfig: "b" },
      { retention: Retention.Retain },
      { configuration: { adoptFileSystemId: "fs-22222222" } },
      { claim: { ...args.claim, name: "data-1" } },
      { __provider: "better code" },
    ]) {
      assert.deepEqual(await code.diff("notice", olds, { ...olds, ...change }), { changes: true });
    }
  });

  describe("made or updated", () => {
    const disk = { volumeName: "pv-1", volumeId: "vol-11111111", zone: "eu-west-1a", reclaimPolicy: "Delete" };
    /** What it knows after either, where the cluster has so much. */
    const known = async (contents: Contents | undefined, changes: object = {}, olds: object = args) => {
      const found: unknown[] = [];
      await withCluster(contents, async (cluster) => {
        const news = { ...args, ...changes, kubeconfig: cluster.kubeconfig() };
        await whileTimeFlies(async () => {
          const { outs: made } = await code.create(news);
          const { outs: updated } = await code.update("notice", { ...olds, kubeconfig: "a" }, news);
          for (const { disk, earlier: _, ...rest } of [made, updated]) {
            assert.deepEqual(rest, news);
            found.push(disk);
          }
        });
      });
      return found;
    };

    it("knows the disk, and its policy", async () => {
      assert.deepEqual(await known(withVolume("Delete")), [disk, disk]);
    });

    it("knows it where nothing is kept, too: its loss is told of", async () => {
      assert.deepEqual(await known(withVolume("Delete"), { retention: Retention.Delete }), [disk, disk]);
    });

    it("stops nobody where it can't ask, and remembers what it knew of the same claim", async () => {
      assert.deepEqual(await known(undefined, {}, { ...args, disk }), [null, disk]);
      const claim = { ...args.claim, name: "data-1" };
      assert.deepEqual(await known(undefined, { claim }, { ...args, disk }), [null, null]);
    });

    it("remembers the disk that the claim has lost, until that counts no longer", async () => {
      const lost = { ...disk, volumeName: "pv-0", volumeId: "vol-00000000" };
      const before = { ...args, disk: lost };
      assert.deepEqual(await known(withVolume("Delete"), {}, before), [disk, lost]);
      assert.deepEqual(await known(withVolume("Delete"), { outdated: "vol-00000000" }, before), [disk, disk]);
      assert.deepEqual(await known({ "/api/v1/persistentvolumes": [] }, { outdated: "vol-00000000" }, before), [
        null,
        null,
      ]);
      // What is known of the same disk is renewed.
      assert.deepEqual(await known(withVolume("Retain"), {}, { ...args, disk }), [
        { ...disk, reclaimPolicy: "Retain" },
        { ...disk, reclaimPolicy: "Retain" },
      ]);
    });

    it("records the disk that was lost before any was recorded", async () => {
      const [bound] = withVolume("Retain")["/api/v1/persistentvolumes"] as [{ metadata: object; spec: object }];
      const spec = { ...bound.spec, csi: { volumeHandle: "vol-00000000" } };
      const released = { metadata: { name: "pv-0" }, spec, status: { phase: "Released" } };
      const volumes = { "/api/v1/persistentvolumes": [released, { ...bound, status: { phase: "Bound" } }] };
      const [made, updated] = (await known(volumes, {}, { ...args, disk: null })) as { volumeId: string }[];
      assert.deepEqual([made!.volumeId, updated!.volumeId], ["vol-11111111", "vol-00000000"]);
      const [, later] = (await known(volumes, { outdated: "vol-00000000" }, { ...args, disk: null })) as {
        volumeId: string;
      }[];
      assert.equal(later!.volumeId, "vol-11111111");
    });

    describe("and what was kept before", () => {
      const kept = { adoptFileSystemId: "fs-00000000", adoptBucketName: "bucket" };
      const olds = { ...args, configuration: kept };
      const earlierOf = async (changes: object, before: object = olds) => {
        let all: unknown;
        await withCluster(withVolume("Retain"), async (cluster) => {
          const news = { ...args, ...changes, kubeconfig: cluster.kubeconfig() };
          all = (await code.update("notice", { ...before, kubeconfig: "a" }, news)).outs.earlier;
        });
        return all;
      };

      it("names what is replaced, or no longer the stack's, once, and as long as that is so", async () => {
        const replaced = ["adoptFileSystemId", "fs-00000000"];
        const gone = ["adoptBucketName", "bucket"];
        assert.deepEqual(await earlierOf({}), [replaced, gone]);
        assert.deepEqual(await earlierOf({}, { ...olds, earlier: [gone] }), [replaced, gone]);
        assert.deepEqual(await earlierOf({ configuration: kept }, { ...args, earlier: [gone] }), [
          ["adoptFileSystemId", "fs-11111111"],
        ]);
      });

      it("names a disk that stays though its retention is delete, and nothing else of it", async () => {
        const left = { ...disk, volumeId: "vol-00000000", reclaimPolicy: "Retain" };
        const before = { ...olds, retention: Retention.Delete, disk: left, claim: { ...args.claim, name: "data-1" } };
        assert.deepEqual(await earlierOf({}, before), [["keptVolumeId", "vol-00000000"]]);
      });

      it("has room for the latest where there are many", async () => {
        const many = Array.from({ length: 200 }, (_, index) => ["adoptFileSystemId", `fs-${index + 1000}`]);
        const kept = (await earlierOf({}, { ...args, earlier: many })) as string[][];
        assert.ok(JSON.stringify(kept).length <= 2500 && kept.length > 50, `${kept.length}`);
        assert.deepEqual(kept.at(-1), many.at(-1));
      });

      it("names nothing that went with its replacement", async () => {
        assert.deepEqual(await earlierOf({}, { ...olds, retention: Retention.Delete }), []);
      });

      it("names a restored database's disk of before, not one that counts no longer", async () => {
        const before = {
          ...args,
          disk: { ...disk, volumeId: "vol-00000000" },
          claim: { ...args.claim, name: "data-1" },
        };
        assert.deepEqual(await earlierOf({}, before), [["keptVolumeId", "vol-00000000"]]);
        const sameClaim = { ...before, claim: args.claim };
        assert.deepEqual(await earlierOf({ outdated: "vol-00000000", dismissed: "vol-00000000" }, sameClaim), []);
        // Another one was adopted in its place.
        assert.deepEqual(await earlierOf({ outdated: "vol-00000000" }, sameClaim), [["keptVolumeId", "vol-00000000"]]);
      });

      it("names what an earlier stack of the same name kept, and is updated for it", async () => {
        const found = [["adoptFileSystemId", "fs-99999999"]];
        assert.deepEqual(await earlierOf({ found }, args), found);
        assert.equal((await code.diff("notice", args, { ...args, found })).changes, true);
        assert.equal((await code.diff("notice", args, { ...args, found: [] })).changes, false);
        await withCluster(withVolume("Retain"), async (cluster) => {
          const { outs } = await code.create({ ...args, found, kubeconfig: cluster.kubeconfig() });
          assert.deepEqual(outs.earlier, found);
        });
      });

      it("is printed at the destroy, whatever the retention", async () => {
        const earlier = [["adoptFileSystemId", "fs-99999999"]];
        const lines = "Kept before, and not this stack's:\n  adoptFileSystemId fs-99999999";
        const said = await printed(withVolume("Retain"), { earlier } as object);
        assert.ok(said.endsWith(`\n${lines}`), said);
        assert.equal(await printed({}, { earlier, retention: Retention.Delete } as object), lines);
      });
    });

    it("is updated when the recorded disk counts no longer, once", async () => {
      const changes = async (state: object, outdated?: string) =>
        (await code.diff("notice", { ...args, ...state }, { ...args, outdated })).changes;
      assert.equal(await changes({ disk }, "vol-11111111"), true);
      assert.equal(await changes({ disk, outdated: "vol-00000000" }), false);
      assert.equal(await changes({ disk: null }, "none"), true);
      assert.equal(await changes({ disk: null }), false);
    });

    it("prints the disk that the claim has lost, and names the other, at the destroy", async () => {
      const lost = { ...disk, volumeName: "pv-0", volumeId: "vol-00000000", reclaimPolicy: "Retain" };
      const lines = await withCluster(withVolume("Retain"), (cluster) =>
        code.delete("notice", { ...args, disk: lost, kubeconfig: cluster.kubeconfig() }),
      );
      assert.equal(
        lines.join("\n"),
        `${kept}
  pulumi config set keptVolumeId vol-00000000
  pulumi config set keptZone eu-west-1a
The claim shop/data-0 had that disk when the stack was last deployed. Somebody took it away since; now it has vol-11111111 in eu-west-1a.`,
      );
    });

    it("prints what it knew where the cluster is gone at the destroy", async () => {
      const lines = await withCluster(undefined, async (cluster) => {
        const state = { ...args, disk, kubeconfig: cluster.kubeconfig() };
        await whileTimeFlies(() => code.delete("notice", state));
      });
      assert.match(
        lines.at(-1)!,
        /keptVolumeId vol-11111111\n {2}pulumi config set keptZone eu-west-1a\nThe database's disk could not be looked up \(.*\)\. It was this one when the stack was last deployed\.\nBut the disk vol-11111111 will go: /s,
      );
    });
  });

  it("keeps a kubeconfig secret that is given in the clear, and is updated in place", async () => {
    const { inputs, additionalSecretOutputs, ignoreChanges } = one(
      await registered(() => void new RetentionNotice("notice", args, {})),
      "dynamic:Resource",
    );
    assert.deepEqual(inputs.kubeconfig, new Secret(args.kubeconfig));
    assert.deepEqual([additionalSecretOutputs, ignoreChanges], [["kubeconfig"], []]);
  });
});
