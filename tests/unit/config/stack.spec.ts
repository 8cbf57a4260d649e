import assert from "node:assert/strict";
import { checkConfiguration } from "../../../config/check";
import { describeStack, type Stack } from "../../../config/stack";
import { configurationOf, defaults } from "../../support/program";

/** A stack as its file and these keys describe it, with no engine and nothing registered. */
function stackOf(environment: string, changes: Record<string, unknown> = {}): Stack {
  const project = "eks-storage";
  const values = configurationOf(environment, changes);
  const { settings, violations } = checkConfiguration({ project, stack: environment, values, defaults });
  assert.deepEqual(violations, []);
  return describeStack(settings!, project, environment);
}

const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_ARN = `arn:aws:kms:eu-west-1:111101013333:key/${KEY_ID}`;
const VPC = {
  existingVpcId: "vpc-11111111",
  existingPrivateSubnetIds: { "eu-west-1a": "subnet-11111111", "eu-west-1b": "subnet-22222222" },
};

describe("what a stack's file asks for", () => {
  it("a dev that can be torn down", () => {
    const { retention, fileSystem, backups, cluster, ebsClass, catalog } = stackOf("dev");
    const all = [retention, fileSystem?.retention, backups.retention, cluster?.retention, catalog.retention];
    assert.deepEqual([...new Set(all)], ["delete"]);
    assert.equal(ebsClass.reclaimPolicy, "Delete");
  });

  it("a prod that keeps its data", () => {
    const { retention, fileSystem, backups, cluster, ebsClass, ebsSnapshotClass, efsClass, catalog } = stackOf("prod");
    const all = [retention, fileSystem?.retention, backups.retention, cluster?.retention, catalog.retention];
    assert.deepEqual([...new Set(all)], ["retain"]);
    const policies = [ebsClass.reclaimPolicy, efsClass.reclaimPolicy, ebsSnapshotClass.deletionPolicy];
    assert.deepEqual([...new Set(policies)], ["Retain"]);
  });

  it("names that carry the project's and the stack's", () => {
    const { name, clusterName, backups, credentialsParameter, provider, ebsClass } = stackOf("prod");
    assert.deepEqual([name, clusterName, backups.vaultName], Array(3).fill("eks-storage-prod"));
    assert.equal(credentialsParameter, "/eks-storage-prod/catalog-mysql");
    assert.equal(ebsClass.backupTagValue, "eks-storage-prod");
    const { project, environment } = provider.defaultTags.tags;
    assert.deepEqual([project, environment], ["eks-storage", "prod"]);
  });

  it("a company's own tag instead of the program's, which to IAM would be the same", () => {
    const tags = { Environment: "production", project: "shop" };
    assert.deepEqual(stackOf("prod", { tags }).provider.defaultTags.tags, tags);
  });

  it("roles as the account asks for them, wherever roles are made, and nothing of them by default", () => {
    const asked = { path: "/storage/", namePrefix: "team-a-", permissionsBoundaryArn: "arn:aws:iam::aws:policy/P" };
    const changes = {
      rolePath: asked.path,
      roleNamePrefix: asked.namePrefix,
      rolePermissionsBoundaryArn: asked.permissionsBoundaryArn,
      containerInsightsVersion: "v6.2.0-eksbuild.1",
      alarmTopicArn: "arn:aws:sns:eu-west-1:111101013333:storage",
      assetsStorage: "s3",
    };
    const doors = ({ network, cluster, backups, insights, drivers }: Stack) =>
      [network, cluster, backups, insights, drivers.efs, drivers.ebs, drivers.s3].map((it) => it?.roles);
    assert.deepEqual(doors(stackOf("dev", changes)), Array(7).fill(asked));
    const { efs } = stackOf("dev").drivers;
    assert.deepEqual(new Set(Object.values(efs.roles)), new Set([undefined]));
  });

  it("a role to assume, in AWS and in the cluster, its own or another's", () => {
    const assumeRoleArn = "arn:aws:iam::111101013333:role/deployer";
    const { provider, cluster, commands } = stackOf("dev", { assumeRoleArn });
    assert.deepEqual(provider.assumeRoles, [{ roleArn: assumeRoleArn }]);
    assert.equal(cluster?.assumeRoleArn, assumeRoleArn);
    assert.match(commands.kubeconfig, / --role-arn arn:aws:iam::111101013333:role\/deployer$/);
    const { existingCluster } = stackOf("dev", { ...VPC, existingClusterName: "shop", assumeRoleArn });
    assert.equal(existingCluster?.assumeRoleArn, assumeRoleArn);
    assert.ok(!("assumeRoles" in stackOf("dev").provider));
  });

  it("its tags in one order, whatever they replace: the EBS driver's add-on has them in a text", () => {
    const ordered = (tags: Record<string, string>) => JSON.stringify(stackOf("dev", { tags }).drivers.ebs.tags);
    assert.equal(ordered({}), '{"project":"eks-storage","environment":"dev"}');
    assert.equal(ordered({ environment: "dev" }), ordered({}));
    assert.equal(ordered({ project: "eks-storage" }), ordered({}));
    assert.equal(ordered({ team: "web", cost: "7" }), ordered({ cost: "7", team: "web" }));
  });

  it("one account and one region, whatever the shell says", () => {
    const { provider } = stackOf("dev", { accountId: "444401016666" });
    assert.deepEqual([provider.region, provider.allowedAccountIds], ["eu-west-1", ["444401016666"]]);
  });

  it("images on an access point, on a volume of the class, or in a bucket", () => {
    const kinds = (changes: object) => {
      const { images } = stackOf("dev", changes as Record<string, unknown>);
      return Object.entries(images).flatMap(([kind, args]) => (args ? [kind] : []));
    };
    assert.deepEqual(kinds({}), ["efs"]);
    assert.deepEqual(kinds({ assetsProvisioning: "dynamic" }), ["efsClass"]);
    assert.deepEqual(kinds({ assetsStorage: "s3" }), ["s3"]);
  });

  it("images in a bucket of the stack's own", () => {
    const { bucket, bucketName, drivers, images } = stackOf("dev", { assetsStorage: "s3" });
    assert.equal(bucketName, "eks-storage-dev-assets-111101013333");
    assert.deepEqual([bucket?.bucketName, images.s3?.bucketName], [bucketName, bucketName]);
    assert.equal(images.s3?.prefix, undefined);
    assert.equal(drivers.s3?.kind, "s3");
  });

  it("images in a bucket of somebody else's: under a prefix, and no bucket is made", () => {
    const { bucket, bucketName, images } = stackOf("dev", { assetsStorage: "s3", existingBucketName: "shop-images" });
    assert.deepEqual([bucket, bucketName], [undefined, "shop-images"]);
    assert.deepEqual([images.s3?.bucketName, images.s3?.prefix], ["shop-images", "assets/"]);
  });

  it("no S3 driver and no bucket where the images are on EFS", () => {
    const { bucket, bucketName, drivers } = stackOf("dev");
    assert.deepEqual([bucket, bucketName, drivers.s3], [undefined, undefined, undefined]);
  });

  it("a cluster of somebody else's: nothing of it is made, and its default class stays", () => {
    const { cluster, existingCluster, clusterName, network, ebsClass, ebsSnapshotClass, commands } = stackOf("dev", {
      ...VPC,
      existingClusterName: "shop",
    });
    assert.deepEqual([cluster, network], [undefined, undefined]);
    assert.deepEqual(
      [existingCluster?.clusterName, existingCluster?.vpcId, clusterName],
      ["shop", "vpc-11111111", "shop"],
    );
    assert.deepEqual([ebsClass.isDefault, ebsSnapshotClass.isDefault], [false, false]);
    assert.match(commands.kubeconfig, /--name shop --region eu-west-1$/);
  });

  it("a file system of somebody else's: access points in it, and nothing said of how it works", () => {
    const { fileSystem, existingFileSystem, alarms } = stackOf("dev", {
      existingFileSystemId: "fs-11111111",
      alarmTopicArn: "arn:aws:sns:eu-west-1:111101013333:storage",
    });
    assert.equal(fileSystem, undefined);
    assert.equal(existingFileSystem?.accessPoints.assets.path, "/assets");
    assert.equal(alarms?.throughputMode, undefined);
  });

  it("a customer's key, of the stack's own or somebody else's", () => {
    const own = stackOf("dev", { encryptionKey: "customer" });
    assert.deepEqual([own.key?.alias, own.existingKey], ["eks-storage-dev", undefined]);
    const existing = stackOf("dev", { encryptionKey: "customer", existingKeyArn: KEY_ARN });
    assert.deepEqual([existing.key, existing.existingKey?.keyArn], [undefined, KEY_ARN]);
    assert.equal(stackOf("dev").key, undefined);
  });

  it("another file system has another name in mount targets, volumes and claims", () => {
    const names = [
      {},
      { encryptionKey: "customer" },
      { encryptionKey: "customer", existingKeyArn: KEY_ARN },
      { existingFileSystemId: "fs-11111111" },
    ].map((changes) => {
      const { fileSystem, existingFileSystem, images } = stackOf("dev", changes);
      const name = (fileSystem ?? existingFileSystem)?.fileSystemName;
      assert.equal(images.efs?.fileSystemName, name);
      return name;
    });
    assert.deepEqual(names, ["", "customer-key", KEY_ID, "fs-11111111"]);
  });

  it("a copy in another region, with a key there", () => {
    const { replica, replicaKey } = stackOf("dev", { encryptionKey: "customer", efsReplicaRegion: "eu-central-1" });
    assert.deepEqual([replica?.region, replicaKey?.region], ["eu-central-1", "eu-central-1"]);
    assert.equal(stackOf("dev", { efsReplicaRegion: "eu-central-1" }).replicaKey, undefined);
    assert.equal(stackOf("dev").replica, undefined);
  });

  it("what an earlier stack kept, adopted by its keys", () => {
    const { key, fileSystem, backups, catalog, credentialsParameter, drivers } = stackOf("prod", {
      encryptionKey: "customer",
      adoptEncryptionKeyId: KEY_ID,
      adoptFileSystemId: "fs-11111111",
      adoptAssetsAccessPointId: "fsap-11111111",
      adoptMysqlVolumeId: "vol-11111111",
      adoptMysqlZone: "eu-west-1a",
      adoptMysqlCredentials: "/old/passwords",
      adoptBackupVault: "old-vault",
      adoptBackupKeyId: KEY_ID,
      adoptBackupRole: "old-role",
    });
    assert.deepEqual([key?.adoptId, fileSystem?.adoptId], [KEY_ID, "fs-11111111"]);
    assert.equal(fileSystem?.accessPoints.assets.adoptId, "fsap-11111111");
    const { adopt, vaultName, adoptKeyId, adoptRole } = backups;
    assert.deepEqual([adopt, vaultName, adoptKeyId, adoptRole], [true, "old-vault", KEY_ID, "old-role"]);
    assert.deepEqual([catalog.adoptCredentials, credentialsParameter], [true, "/old/passwords"]);
    const disk = { volumeId: "vol-11111111", zone: "eu-west-1a", backupTagValue: "eks-storage-prod" };
    assert.deepEqual(catalog.adoptDisk, disk);
    assert.equal(drivers.ebs.diskSource?.volumeId, "vol-11111111");
  });

  it("a database from a snapshot", () => {
    const { catalog, drivers } = stackOf("dev", { mysqlSnapshotId: "snap-11111111" });
    assert.deepEqual([catalog.snapshotId, drivers.ebs.diskSource?.snapshotId], ["snap-11111111", "snap-11111111"]);
  });

  it("alarms only where somebody is told, and of missing clients only where pods mount", () => {
    const alarmTopicArn = "arn:aws:sns:eu-west-1:111101013333:storage";
    assert.equal(stackOf("dev").alarms, undefined);
    assert.equal(stackOf("dev", { alarmTopicArn }).alarms?.hasClients, true);
    assert.equal(stackOf("dev", { alarmTopicArn, assetsStorage: "s3" }).alarms?.hasClients, false);
  });
});
