import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Retention } from "../../../../components";
import { RetentionNotice, type RetentionNoticeArgs } from "../../../../components/retention/retentionNotice";
import { one, registered } from "../../../support/queries";
import { codeOf, type Contents, withCluster } from "../../../support/stateCode";

const args: RetentionNoticeArgs = {
  retention: Retention.Release,
  configuration: { adoptFileSystemId: "fs-1" },
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
        csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" },
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
    code = await codeOf(() => new RetentionNotice("notice", args, {}));
  });

  const printed = async (contents: Contents | undefined, changes: Partial<RetentionNoticeArgs> = {}) => {
    const lines = await withCluster(contents, (kubeconfig) =>
      code.delete("notice", { ...args, ...changes, kubeconfig }),
    );
    return lines.join("\n");
  };
  const kept = `Kept in AWS, and taken up again by a later pulumi up with this configuration:
  pulumi config set adoptFileSystemId fs-1`;
  const disk = `
  pulumi config set keptVolumeId vol-1
  pulumi config set keptZone eu-west-1a`;

  it("prints the configuration that takes up what is kept, the database's disk included", async () => {
    assert.equal(await printed(withVolume("Retain")), kept + disk);
  });

  it("says nothing when nothing is kept", async () => {
    assert.equal(await printed(withVolume("Delete"), { retention: Retention.Delete }), "");
  });

  it("warns of a disk that won't be kept, and says how it is", async () => {
    assert.equal(
      await printed(withVolume("Delete")),
      `${kept}${disk}
But the disk vol-1 will go: its volume was made with the policy Delete. To keep it, cancel, and run: kubectl patch pv pv-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
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
    ["doesn't answer", undefined, ".+"],
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

  it("is updated with what it would print, never replaced", async () => {
    const olds = { ...args, kubeconfig: "a" };
    assert.deepEqual(await code.diff("notice", olds, { ...olds }), { changes: false });
    for (const change of [
      { kubeconfig: "b" },
      { retention: Retention.Retain },
      { configuration: { adoptFileSystemId: "fs-2" } },
      { claim: { ...args.claim, name: "data-1" } },
    ]) {
      assert.deepEqual(await code.diff("notice", olds, { ...olds, ...change }), { changes: true });
      assert.deepEqual(await code.update("notice", olds, { ...olds, ...change }), { outs: { ...olds, ...change } });
    }
  });

  it("keeps the kubeconfig secret, and isn't replaced by a change of its code", async () => {
    const resources = await registered(() => new RetentionNotice("notice", args, {}));
    const { additionalSecretOutputs, ignoreChanges } = one(resources, "dynamic:Resource");
    assert.deepEqual([additionalSecretOutputs, ignoreChanges], [["kubeconfig"], ["__provider"]]);
  });
});
