import assert from "node:assert/strict";
import { changes, LocalStack } from "./localStack";

describe("prod", function () {
  this.timeout("5m");
  const prod = new LocalStack("prod");

  before(async () => {
    await prod.start();
    await prod.up();
  });
  after(() => prod.stop());

  it("has a pod of each workload in more than one zone", () => {
    const zones = new Map<string, string>(
      prod
        .kubectl("get", "nodes", "--output", "json")
        .items.map(({ metadata }: any) => [metadata.name, metadata.labels["topology.kubernetes.io/zone"]]),
    );
    assert.deepEqual([...new Set(zones.values())].sort(), ["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
    const { items } = prod.kubectl("get", "pods", "--namespace", "assets", "--output", "json");
    assert.equal(new Set(items.map(({ spec }: any) => zones.get(spec.nodeName))).size, 3);
  });

  it("refuses to be destroyed before anything is deleted", async () => {
    const before = prod.awsTypes();
    await assert.rejects(prod.destroy(), /protected/);
    assert.deepEqual(prod.awsTypes(), before);
    // A provider without resources that depend on it is only the engine's own record: nothing outside was touched.
    const mended = Object.keys(changes(await prod.up()));
    assert.deepEqual(
      mended.filter((key) => !key.startsWith("pulumi:providers:")),
      [],
    );
  });

  it("keeps the file system, its access point and the database's disk when it is released and destroyed", async () => {
    await prod.up("retention=release");
    await prod.destroy("retention=release");
    assert.deepEqual(prod.awsTypes(), [
      "aws:backup/vault:Vault",
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "aws:ebs/volume:Volume",
      "aws:efs/accessPoint:AccessPoint",
      "aws:efs/fileSystem:FileSystem",
      "aws:kms/key:Key",
      "aws:ssm/parameter:Parameter",
    ]);
  });
});
