import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { clusterTag, driverTag, isTagged, scopeOf } from "../../../audit/scope";
import { readStack, type StackFiles } from "../../../config/files";

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
      sharesTags: false,
      clusterName: "shop-dev",
      bucketNames: ["shop-dev-assets-111122223333"],
      vaultNames: ["shop-dev"],
      keepsData: false,
      gaps: [],
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
    const { name, bucketNames, vaultNames, replicaRegion, clusterName, existingClusterName, keepsData } = scopeOf(
      files(changed),
    );
    assert.deepEqual(
      { name, bucketNames, vaultNames, replicaRegion, clusterName, existingClusterName, keepsData },
      {
        name: "store",
        bucketNames: ["store-assets-111122223333", "images"],
        vaultNames: ["store", "old"],
        replicaRegion: "eu-central-1",
        clusterName: undefined,
        existingClusterName: "platform",
        keepsData: true,
      },
    );
    assert.equal(scopeOf(files({ efsReplicaRegion: "eu-west-1" })).replicaRegion, undefined, "isn't asked twice");
  });

  it("takes all tags where others may have the project's or the environment's, and says so", () => {
    const tagsOf = (given: Record<string, string>) => {
      const { tags, sharesTags } = scopeOf(files({ tags: JSON.stringify(given) }));
      return { tags, sharesTags };
    };
    assert.deepEqual(tagsOf({ team: "web" }), { tags: { project: "shop", environment: "dev" }, sharesTags: false });
    assert.deepEqual(tagsOf({ team: "web", Environment: "development" }), {
      tags: { project: "shop", team: "web", Environment: "development" },
      sharesTags: true,
    });
    assert.deepEqual(tagsOf({ project: "a", environment: "b" }), {
      tags: { project: "a", environment: "b" },
      sharesTags: true,
    });
  });

  it("isn't known for sure where an environment of Pulumi ESC may set what has a default", () => {
    const unseen = (...keys: string[]) => {
      const read = { ...files({}, ["shared", "shop/dev"]), unseen: keys.map((key) => `shop:${key}`) };
      return scopeOf(read).gaps;
    };
    assert.deepEqual(unseen("zones", "retention"), [], "of what decides nothing here");
    assert.deepEqual(unseen("zones", "name", "region"), [
      {
        what: "what Pulumi ESC environments set",
        message:
          "environments aren't read here (shared, shop/dev), and Pulumi.dev.yaml doesn't set region, name: the defaults in " +
          "Pulumi.yaml were taken. Put into the file what was deployed, a default too: " +
          "pulumi config set KEY VALUE --stack dev",
      },
    ]);
    const all = [
      "region",
      "name",
      "tags",
      "efsReplicaRegion",
      "existingClusterName",
      "adoptBucketName",
      "adoptBackupVault",
    ];
    for (const key of all) assert.match(unseen(key)[0]!.message, new RegExp(`doesn't set ${key}: the`));
  });

  it("has the keys that are unseen from the file's own reader", () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "audit-scope-"));
    const write = (file: string, text: string) => fs.writeFileSync(path.join(directory, file), text);
    const key = (name: string, value: string) => `  ${name}:\n    type: string\n    default: "${value}"\n`;
    write("Pulumi.yaml", `name: shop\nconfig:\n${key("region", "eu-west-1")}${key("name", "")}${key("tags", "{}")}`);
    write("Pulumi.dev.yaml", 'environment: [shared]\nconfig:\n  shop:accountId: "111122223333"\n  shop:name: store\n');
    const { name, region, gaps } = scopeOf(readStack(directory, "dev"));
    fs.rmSync(directory, { recursive: true });
    assert.deepEqual([name, region, gaps.length], ["store", "eu-west-1", 1]);
    assert.match(
      gaps[0]!.message,
      /^environments aren't read here \(shared\), and Pulumi\.dev\.yaml doesn't set region, tags: /,
    );
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
