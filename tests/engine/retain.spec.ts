import assert from "node:assert/strict";
import { effects, eventually } from "./living/livingStack";
import { commandsOf } from "../support/pages";
import { CHECKOUT, LocalStack } from "./localStack";

// Both hold data then: the images are in the bucket, and the file system has an access point for them still.
const ON_S3 = "assetsStorage=s3";
/** The disk has 100 GiB. */
const LARGER = "mysqlStorage=120Gi";
const IN_CATALOG = ["--namespace", "catalog", "--output", "json"];

/** A bucket that is kept keeps what protects its objects, and the objects. */
const BUCKET = [
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/object:Object",
];

describe("prod, destroyed and deployed anew with what the destroy printed", function () {
  this.timeout("8m");
  const prod = new LocalStack("prod");
  let configuration: string[];
  let first: RetainedResources;
  const [release, up, destroy, showKept] = commandsOf("docs/operations.md", "Destroying prod on purpose");

  interface RetainedResources {
    fileSystemId: string;
    bucketName: string;
    accessPointId: string;
    claims: string[];
    disk: string;
    passwords: Record<string, string>;
  }

  async function retainedResources(): Promise<RetainedResources> {
    const outputs = prod.outputs();
    const get = (...args: string[]) => prod.kubectl("get", ...args, "--output", "json");
    const claim = get("pvc", outputs.pvcNames!.value.catalog, "--namespace", "catalog");
    assert.equal(claim.status.phase, "Bound");
    return {
      fileSystemId: outputs.fileSystemId!.value,
      bucketName: outputs.bucketName!.value,
      accessPointId: outputs.accessPointIds!.value.assets,
      claims: Object.values(outputs.pvcNames!.value),
      disk: get("pv", claim.spec.volumeName).spec.csi.volumeHandle,
      passwords: get("secret", "catalog-mysql", "--namespace", "catalog").data,
    };
  }

  /** EC2 and the cluster agree on the size of the database's disk, once its driver has made it so large. */
  const isOfSize = (gib: number) =>
    eventually(() => {
      const { spec, status } = prod.kubectl("get", "pvc", "data-catalog-mysql-0", ...IN_CATALOG);
      const volume = prod.kubectl("get", "pv", spec.volumeName, "--output", "json");
      const disk = prod.awsRecords().find(({ id }) => id === first.disk)!;
      const sizes = [`${String(disk.properties.size)}Gi`, volume.spec.capacity.storage, status.capacity.storage];
      assert.deepEqual(sizes, [`${gib}Gi`, `${gib}Gi`, `${gib}Gi`], "disk, volume, claim");
    });

  /** What `npm run kept` prints: the configuration, as key=value, and what it says is gone. */
  function kept(): { configuration: string[]; gone: string[] } {
    const said = prod.shell(`cd ${CHECKOUT} && ${showKept}`);
    const pairs = (pattern: RegExp) => [...said.matchAll(pattern)].map(([, key, value]) => `${key}=${value}`);
    return {
      configuration: pairs(/^ {2}pulumi config set (\S+) (\S+)/gm).sort(),
      gone: pairs(/^ {2}# (\S+): (\S+) is gone$/gm),
    };
  }

  before(async () => {
    await prod.start();
    await prod.up(ON_S3);
    first = await retainedResources();
  });
  after(() => prod.stop());

  it("says at its end what stays, and the configuration that adopts it", async () => {
    await assert.rejects(prod.preview("assetsStorage=efs"), /protected/);
    assert.deepEqual([release, up, destroy], ["pulumi config set retention release", "pulumi up", "pulumi destroy"]);
    await prod.up(ON_S3, "retention=release");
    const beforeTheDestroy = kept();
    await prod.destroy(ON_S3, "retention=release");
    const printed = [...prod.messages.matchAll(/pulumi config set (\S+) (\S+)/g)].map(
      ([, key, value]) => `${key}=${value}`,
    );
    configuration = [ON_S3, ...printed];
    assert.deepEqual(beforeTheDestroy, { configuration: printed.sort(), gone: [] });
    assert.deepEqual(kept(), { configuration: printed.sort(), gone: [] });
    assert.deepEqual(printed.map((pair) => pair.split("=")[0]).sort(), [
      "adoptAssetsAccessPointId",
      "adoptBackupKeyId",
      "adoptBackupRole",
      "adoptBackupVault",
      "adoptBucketName",
      "adoptFileSystemId",
      "adoptMysqlCredentials",
      "adoptMysqlVolumeId",
      "adoptMysqlZone",
    ]);
    for (const password of Object.values(first.passwords)) {
      assert.ok(!prod.messages.includes(Buffer.from(password, "base64").toString()));
    }
    assert.deepEqual(prod.awsTypes(), [
      "aws:backup/vault:Vault",
      "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
      "aws:cloudwatch/logGroup:LogGroup",
      "aws:ebs/volume:Volume",
      "aws:efs/accessPoint:AccessPoint",
      "aws:efs/fileSystem:FileSystem",
      "aws:iam/role:Role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:kms/key:Key",
      ...BUCKET,
      // The passwords, and the record of what was kept.
      "aws:ssm/parameter:Parameter",
      "aws:ssm/parameter:Parameter",
    ]);
  });

  it("finds its file system, access point, disk and passwords again", async () => {
    await prod.loseControlPlane();
    configuration = [...configuration, LARGER];
    const steps = await prod.up(...configuration);
    assert.equal(steps["aws:efs/fileSystem:FileSystem eks-storage-prod"], "import");
    assert.equal(steps["aws:s3/bucket:Bucket eks-storage-prod-assets"], "import");
    assert.deepEqual(await retainedResources(), first);
  });

  it("has the driver grow the disk, of which more is asked than it had", async () => {
    await isOfSize(120);
  });

  it("then changes nothing, whether the ids stay in the configuration or go, and is protected as before", async () => {
    // With the configuration the provider of dynamic resources changes: the engine gives it all of it.
    assert.deepEqual(effects(await prod.up(...configuration)), {});
    const goes = /^(adoptFileSystemId|adoptAssetsAccessPointId|adoptBackupKeyId|adoptBackupRole|adoptBackupVault)=/;
    assert.deepEqual(effects(await prod.up(...configuration.filter((pair) => !goes.test(pair)))), {});
    await assert.rejects(prod.destroy(...configuration), /protected/);
  });

  it("takes a documented change with the keys still there, once", async () => {
    const moved = [...configuration, "assetsPath=/moved", "mysqlStorage=130Gi"];
    const steps = await prod.up(...moved);
    assert.equal(steps["aws:efs/accessPoint:AccessPoint eks-storage-prod-assets"], "replace");
    assert.equal(steps["kubernetes:core/v1:PersistentVolume catalog-mysql-data"], "same");
    await isOfSize(130);
    assert.deepEqual(effects(await prod.up(...moved)), {});
    assert.notEqual((await retainedResources()).accessPointId, first.accessPointId);
    configuration = moved;
  });

  it("refuses other ids at the preview, all in one message by their keys, and changes nothing", async () => {
    const others = {
      adoptFileSystemId: "fs-0123456789abcdef0",
      adoptMysqlVolumeId: "vol-0123456789abcdef0",
      adoptMysqlCredentials: "/other/catalog-mysql",
      adoptBackupVault: "other",
      adoptBucketName: "other",
    };
    const before = await retainedResources();
    const records = prod.awsRecords();
    await assert.rejects(prod.preview(...configuration, ...Object.entries(others).map((it) => it.join("="))));
    for (const key of Object.keys(others)) assert.match(prod.messages, new RegExp(`- ${key} must be`));
    assert.match(
      prod.messages,
      new RegExp(`adoptFileSystemId must be left out: the stack has ${before.fileSystemId} already`),
    );
    assert.deepEqual(prod.awsRecords(), records);
  });

  it("refuses to let go of what is called or bound by its key", async () => {
    const without = (keys: RegExp) => prod.preview(...configuration.filter((pair) => !keys.test(pair)));
    await assert.rejects(without(/^adoptMysql/));
    assert.match(prod.messages, new RegExp(`adoptMysqlVolumeId must be ${first.disk}; it is missing`));
  });

  it("goes without a trace once its retention is delete, the disk that was adopted included", async () => {
    const lost = ["retention=delete", "confirmDeleteInProd=prod"];
    const steps = await prod.up(...configuration, ...lost);
    assert.equal(steps["kubernetes:core/v1:PersistentVolume catalog-mysql-data"], "update", "its policy");
    await isOfSize(130);
    // What retain kept when the path changed is for a person to delete: docs/operations.md.
    prod.deleteInAws(({ id }) => id === first.accessPointId);
    await prod.destroy(...configuration, ...lost);
    // The record names that access point.
    assert.deepEqual(
      (await prod.leaked()).map(({ id }) => id),
      ["/eks-storage-prod/kept"],
    );
    const { configuration: none, gone } = kept();
    assert.deepEqual([none, gone], [[], []]);
    prod.shell("aws ssm delete-parameter --name /eks-storage-prod/kept");
    assert.deepEqual(await prod.leaked(), []);
    const words = { NAME: "eks-storage-prod" };
    for (const line of commandsOf("docs/operations.md", "Destroyed and deployed again", words)) prod.shell(line);
    assert.deepEqual(prod.awsTypes(), []);
  });
});
