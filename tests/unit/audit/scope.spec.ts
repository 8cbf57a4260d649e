import assert from "node:assert/strict";
import { clusterTag, driverTag, isTagged, scopeOf } from "../../../audit/scope";
import type { StackFiles } from "../../../config/files";

/** A stack's file as its reader gives it. */
function files(values: Record<string, string> = {}, environments: string[] = []): StackFiles {
  const all = { accountId: "111122223333", region: "eu-west-1", retention: "delete", tags: "{}", ...values };
  const full = Object.entries(all).map(([key, value]) => [`shop:${key}`, value]);
  return { project: "shop", stack: "dev", values: Object.fromEntries(full), environments } as unknown as StackFiles;
}

describe("the scope of an audit", () => {
  it("is told by names and tags that the program gives", () => {
    assert.deepEqual(scopeOf(files()), {
      stack: "dev",
      name: "shop-dev",
      accountId: "111122223333",
      region: "eu-west-1",
      tags: { project: "shop", environment: "dev" },
      clusterName: "shop-dev",
      bucketNames: ["shop-dev-assets-111122223333"],
      vaultNames: ["shop-dev"],
      keepsData: false,
    });
  });

  it("has the names that are written down, what is adopted, the copy's region, and no cluster of others", () => {
    const changed = {
      name: "store",
      adoptBucketName: "images",
      adoptBackupVault: "old",
      efsReplicaRegion: "eu-central-1",
      existingClusterName: "platform",
      retention: "release",
    };
    const { name, bucketNames, vaultNames, replicaRegion, clusterName, keepsData } = scopeOf(files(changed));
    assert.deepEqual(
      { name, bucketNames, vaultNames, replicaRegion, clusterName, keepsData },
      {
        name: "store",
        bucketNames: ["store-assets-111122223333", "images"],
        vaultNames: ["store", "old"],
        replicaRegion: "eu-central-1",
        clusterName: undefined,
        keepsData: true,
      },
    );
    assert.equal(scopeOf(files({ efsReplicaRegion: "eu-west-1" })).replicaRegion, undefined, "isn't asked twice");
  });

  it("takes all tags where others may have the project's or the environment's", () => {
    const tagsOf = (tags: Record<string, string>) => scopeOf(files({ tags: JSON.stringify(tags) })).tags;
    assert.deepEqual(tagsOf({ team: "web" }), { project: "shop", environment: "dev" });
    assert.deepEqual(tagsOf({ team: "web", Environment: "development" }), {
      project: "shop",
      team: "web",
      Environment: "development",
    });
    assert.deepEqual(tagsOf({ project: "a", environment: "b" }), { project: "a", environment: "b" });
  });

  it("isn't a file's that doesn't say where to look: all that is missing is named at once", () => {
    const wrong = { tags: "web", accountId: "1", region: "Frankfurt", efsReplicaRegion: "x" };
    assert.throws(() => scopeOf(files(wrong, ["shared"])), {
      message:
        "Pulumi.dev.yaml doesn't say what to look for, and where: It imports Pulumi ESC environments, which aren't read here.\n" +
        '  tags: expected tags by name, found "web"\n' +
        '  accountId: expected twelve digits, found "1"\n' +
        '  region: expected one such as eu-west-1, found "Frankfurt"\n' +
        '  efsReplicaRegion: expected one such as eu-central-1, or none, found "x"\n' +
        "Set them as they were when the stack was deployed: pulumi config set KEY VALUE --stack dev",
    });
  });

  it("has what has all its tags", () => {
    const scope = scopeOf(files());
    assert.ok(isTagged(scope, { project: "shop", environment: "dev", team: "web" }));
    assert.ok(!isTagged(scope, { project: "shop", environment: "prod" }));
    assert.ok(!isTagged(scope, { project: "shop" }));
  });

  it("has what its cluster owns, by any of the tags that say so", () => {
    const scope = scopeOf(files());
    const tags: [Record<string, string>, string | undefined][] = [
      [{ "kubernetes.io/cluster/shop-dev": "owned" }, "kubernetes.io/cluster/shop-dev"],
      [{ "kubernetes.io/cluster/shop-dev": "shared" }, undefined],
      [{ "kubernetes.io/cluster/shop-dev-2": "owned" }, undefined],
      [{ KubernetesCluster: "shop-dev" }, "KubernetesCluster"],
      [{ "aws:eks:cluster-name": "shop-dev" }, "aws:eks:cluster-name"],
      [{ "eks:cluster-name": "shop-dev" }, "eks:cluster-name"],
      [{ "cluster.k8s.amazonaws.com/name": "shop-dev" }, "cluster.k8s.amazonaws.com/name"],
      [{ "elbv2.k8s.aws/cluster": "shop-prod" }, undefined],
    ];
    for (const [given, expected] of tags) assert.equal(clusterTag(scope, given), expected, Object.keys(given).join());
    const existing = scopeOf(files({ existingClusterName: "shop-dev" }));
    assert.equal(clusterTag(existing, { KubernetesCluster: "shop-dev" }), undefined, "a cluster of others");
    assert.equal(driverTag({ Name: "a", CSIVolumeName: "pvc-1" }), "CSIVolumeName");
    assert.equal(driverTag({ Name: "a" }), undefined);
  });
});
