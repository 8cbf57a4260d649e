import assert from "node:assert/strict";
import { changes, LocalStack } from "./localStack";

describe("prod, destroyed and deployed anew with what the destroy printed", function () {
  this.timeout("8m");
  const prod = new LocalStack("prod");
  let configuration: string[];
  let first: Possessions;

  interface Possessions {
    fileSystemId: string;
    accessPointId: string;
    claims: string[];
    disk: string;
    passwords: Record<string, string>;
  }

  async function possessions(): Promise<Possessions> {
    const outputs = await prod.outputs();
    const get = (...args: string[]) => prod.kubectl("get", ...args, "--output", "json");
    const claim = get("pvc", outputs.pvcNames!.value.catalog, "--namespace", "catalog");
    assert.equal(claim.status.phase, "Bound");
    return {
      fileSystemId: outputs.fileSystemId!.value,
      accessPointId: outputs.accessPointIds!.value.assets,
      claims: Object.values(outputs.pvcNames!.value),
      disk: get("pv", claim.spec.volumeName).spec.csi.volumeHandle,
      passwords: get("secret", "catalog-mysql", "--namespace", "catalog").data,
    };
  }

  before(async () => {
    await prod.start();
    await prod.up();
    first = await possessions();
  });
  after(() => prod.stop());

  it("says at its end what stays, and the configuration that takes it up", async () => {
    await prod.up("retention=release");
    await prod.destroy("retention=release");
    configuration = [...prod.messages.matchAll(/pulumi config set (\S+) (\S+)/g)].map(
      ([, key, value]) => `${key}=${value}`,
    );
    assert.deepEqual(configuration.map((pair) => pair.split("=")[0]).sort(), [
      "keptAssetsAccessPointId",
      "keptBackupKeyId",
      "keptBackupVault",
      "keptFileSystemId",
      "keptMysqlCredentials",
      "keptMysqlVolumeId",
      "keptMysqlZone",
    ]);
    for (const password of Object.values(first.passwords)) {
      assert.ok(!prod.messages.includes(Buffer.from(password, "base64").toString()));
    }
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

  it("finds its file system, access point, disk and passwords again", async () => {
    await prod.loseControlPlane();
    const steps = await prod.up(...configuration);
    assert.equal(steps["aws:efs/fileSystem:FileSystem eks-storage-prod"], "import");
    assert.deepEqual(await possessions(), first);
  });

  it("then changes nothing, and is protected as before", async () => {
    assert.deepEqual(changes(await prod.up(...configuration)), {});
    await assert.rejects(prod.destroy(...configuration), /protected/);
  });

  it("goes without a trace once its retention is delete, the disk that was taken up included", async () => {
    const lost = ["retention=delete", "confirmDeleteInProd=prod"];
    await prod.up(...configuration, ...lost);
    await prod.destroy(...configuration, ...lost);
    assert.deepEqual(prod.awsTypes(), []);
  });
});
