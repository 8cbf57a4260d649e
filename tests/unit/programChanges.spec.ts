import assert from "node:assert/strict";
import { BACKUP_TAG } from "../../components/backup/backupTag";
import { durabilityOf } from "../support/facts";
import { arnOf, idOf } from "../support/mockIds";
import { program, runProgram } from "../support/program";
import { all, assertOrder, one, predecessors } from "../support/queries";
import type { Registration } from "../support/registrations";

describe("the program, configured otherwise", () => {
  it("can be destroyed under release, and keeps its data then", async () => {
    const released = durabilityOf(await program("prod", { changes: { retention: "release" } }));
    const retained = durabilityOf(await program("prod"));
    assert.deepEqual(released, { ...retained, protected: [] });
  });

  it("moves nothing that is there when a zone comes", async () => {
    const urns = async (zones: string[]) => (await program("dev", { changes: { zones } })).map(({ urn }) => urn);
    const more = new Set(await urns(["eu-west-1a", "eu-west-1b", "eu-west-1c"]));
    assert.deepEqual(
      (await urns(["eu-west-1a", "eu-west-1b"])).filter((urn) => !more.has(urn)),
      [],
    );
  });

  it("adopts what an earlier stack kept, as a destroy printed it, and nothing by default", async () => {
    const takenUp = (resources: Registration[]) =>
      Object.fromEntries(resources.filter((it) => it.importId).map((it) => [it.type.split(":").pop(), it.importId]));
    assert.deepEqual(takenUp(await program("prod")), {});
    const kept = {
      adoptFileSystemId: "fs-11111111",
      adoptAssetsAccessPointId: "fsap-11111111",
      adoptMysqlVolumeId: "vol-11111111",
      adoptMysqlZone: "eu-west-1a",
      adoptMysqlCredentials: "/old/passwords",
      adoptBackupVault: "old-vault",
      adoptBackupKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
      adoptBackupRole: "old-role",
    };
    const again = await program("prod", { changes: kept });
    assert.deepEqual(takenUp(again), {
      FileSystem: "fs-11111111",
      AccessPoint: "fsap-11111111",
      Parameter: "/old/passwords",
      Vault: "old-vault",
      Key: "1234abcd-12ab-34cd-56ef-1234567890ab",
      Role: "old-role",
    });
    assert.equal(one(again, "PersistentVolume", "catalog-mysql-data").inputs.spec.csi.volumeHandle, "vol-11111111");
    const grant = one(again, "RolePolicy", "ebs-csi-controller-kms-source").inputs.policy as string;
    assert.ok(grant.includes("NothingIsEncrypted"), grant);
    // What is printed at the end adopts the same resources once more.
    const { configuration, claim } = one(again, "dynamic:Resource", "eks-storage-prod-notice").inputs;
    assert.deepEqual(
      Object.keys({ ...configuration, [claim.volumeKey]: "", [claim.zoneKey]: "" }).sort(),
      Object.keys(kept).sort(),
    );
    assert.deepEqual(
      [configuration.adoptFileSystemId, configuration.adoptAssetsAccessPointId, configuration.adoptMysqlCredentials],
      ["fs-11111111", "fsap-11111111", "/old/passwords"],
    );
    const { name, namespace } = one(again, "PersistentVolumeClaim", "catalog-mysql-data").inputs.metadata;
    assert.deepEqual([claim.namespace, claim.name], [namespace, name]);
  });

  it("raises alarms about its own file system and vault where it is told to whom", async () => {
    const alarmTopicArn = "arn:aws:sns:eu-west-1:111101013333:storage";
    assert.deepEqual(all(await program("prod"), "MetricAlarm"), []);
    const resources = await program("prod", { changes: { alarmTopicArn } });
    const watched = all(resources, "MetricAlarm").map(({ inputs }) => JSON.stringify(inputs.metricQueries ?? []));
    assert.equal(watched.filter((it) => it.includes("BackupVaultName = 'eks-storage-prod'")).length, 2);
    assert.equal(watched.length, 5);
    const onS3 = all(await program("prod", { changes: { alarmTopicArn, assetsStorage: "s3" } }), "MetricAlarm");
    const missed = all(resources, "MetricAlarm").filter(({ name }) => !onS3.some((it) => it.name === name));
    assert.deepEqual(
      missed.map(({ name }) => name),
      ["eks-storage-prod-efs-connections"],
    );
    const bursting = await program("prod", { changes: { alarmTopicArn, efsThroughputMode: "bursting" } });
    assert.equal(all(bursting, "MetricAlarm").length, 6);
  });

  it("comes to its deletion protection first, before alarms or anything else goes, with every option", async () => {
    const changes = {
      alarmTopicArn: "arn:aws:sns:eu-west-1:111101013333:storage",
      containerInsightsVersion: "v6.2.0-eksbuild.1",
      encryptionKey: "customer",
      efsReplicaRegion: "eu-central-1",
      assetsStorage: "s3",
    };
    const resources = await program("prod", { changes });
    const guard = one(resources, "DeletionProtection");
    const before = predecessors(resources, guard);
    const others = resources.filter(({ custom, parent }) => custom && parent !== guard.urn);
    assert.deepEqual(
      others.filter(({ urn }) => !before.has(urn)).map(({ urn }) => urn),
      [],
    );
  });

  it("encrypts with a key of the account where it is told to, and keeps and adopts it with the data", async () => {
    const changes = { encryptionKey: "customer" };
    const resources = await program("prod", { changes });
    const key = one(resources, "aws:kms/key:Key", "eks-storage-prod");
    assert.equal(one(resources, "aws:efs/fileSystem:FileSystem").inputs.kmsKeyId, arnOf("kms/key", "eks-storage-prod"));
    assert.deepEqual([key.protect, key.retainOnDelete], [true, true]);
    assert.equal(
      one(resources, "StorageClass", "ebs").inputs.parameters.kmsKeyId,
      arnOf("kms/key", "eks-storage-prod"),
    );
    assert.match(one(resources, "RolePolicy", "ebs-csi-controller-kms").inputs.policy as string, /kms:CreateGrant/);
    const guard = one(resources, "DeletionProtection");
    assert.ok(predecessors(resources, guard).has(one(resources, "Alias", "eks-storage-prod").urn));
    const { configuration } = one(resources, "dynamic:Resource", "eks-storage-prod-notice").inputs;
    assert.equal(configuration.adoptEncryptionKeyId, idOf("kms/key", "eks-storage-prod"));

    const adoptEncryptionKeyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const again = await program("prod", { changes: { ...changes, adoptEncryptionKeyId } });
    assert.equal(one(again, "aws:kms/key:Key", "eks-storage-prod").importId, adoptEncryptionKeyId);
  });

  const otherKey = {
    encryptionKey: "customer",
    existingKeyArn: "arn:aws:kms:eu-west-1:111101013333:key/mrk-0123456789abcdef0123456789abcdef",
  };
  for (const [assetsProvisioning, standing, others] of [
    ["static", 4, [{ encryptionKey: "customer" }, otherKey, { existingFileSystemId: "fs-11111111" }]],
    ["dynamic", 3, [{ encryptionKey: "customer" }]],
  ] as const) {
    it(`has all that stands on a file system, ${assetsProvisioning}, beside that of another one: pods can move`, async () => {
      const urns: string[] = [];
      for (const changes of [{}, ...others]) {
        const resources = await program("dev", { changes: { ...changes, assetsProvisioning } });
        const volumes = ["PersistentVolume", "PersistentVolumeClaim"].flatMap((type) => all(resources, type));
        const ofAssets = volumes.filter(({ inputs }) => JSON.stringify(inputs).includes("assets"));
        urns.push(...[...all(resources, "MountTarget"), ...ofAssets].map(({ urn }) => urn));
      }
      assert.equal(urns.length, standing * (1 + others.length));
      assert.equal(new Set(urns).size, urns.length);
    });
  }

  it("copies the file system to another region, protected and encrypted as the source is, and adopts the copy", async () => {
    const changes = { encryptionKey: "customer", efsReplicaRegion: "eu-central-1", efsToArchive: "AFTER_90_DAYS" };
    const resources = await program("prod", { changes });
    const [source, copy] = ["customer-key", "replica-customer-key"].map((name) =>
      one(resources, "aws:efs/fileSystem:FileSystem", `eks-storage-prod-${name}`),
    );
    const same = ({ inputs, protect, retainOnDelete }: Registration) => [
      inputs.throughputMode,
      inputs.lifecyclePolicies,
      protect,
      retainOnDelete,
    ];
    assert.deepEqual(same(copy!), same(source!));
    assert.equal(copy!.inputs.region, "eu-central-1");
    assert.equal(copy!.inputs.kmsKeyId, arnOf("kms/key", "eks-storage-prod-replica", "eu-central-1"));
    assert.equal(one(resources, "aws:kms/key:Key", "eks-storage-prod-replica").inputs.region, "eu-central-1");
    assert.equal(
      one(resources, "ReplicationConfiguration").inputs.sourceFileSystemId,
      idOf("efs/fileSystem", "eks-storage-prod-customer-key"),
    );
    assert.ok(
      predecessors(resources, one(resources, "DeletionProtection")).has(one(resources, "ReplicationConfiguration").urn),
    );

    const { configuration } = one(resources, "dynamic:Resource", "eks-storage-prod-notice").inputs;
    assert.deepEqual(
      [configuration.adoptReplicaFileSystemId, configuration.adoptReplicaEncryptionKeyId],
      [idOf("efs/fileSystem", "eks-storage-prod-replica-customer-key"), idOf("kms/key", "eks-storage-prod-replica")],
    );
    const kept = {
      adoptFileSystemId: "fs-11111111",
      adoptReplicaFileSystemId: "fs-22222222",
      adoptReplicaEncryptionKeyId: "1234abcd-12ab-34cd-56ef-1234567890ab",
    };
    const again = await program("prod", { changes: { ...changes, ...kept } });
    assert.equal(
      one(again, "aws:efs/fileSystem:FileSystem", "eks-storage-prod-replica-customer-key").importId,
      "fs-22222222@eu-central-1",
    );
    assert.equal(one(again, "ReplicationConfiguration").importId, "fs-11111111");
    assert.equal(
      one(again, "aws:kms/key:Key", "eks-storage-prod-replica").importId,
      "1234abcd-12ab-34cd-56ef-1234567890ab@eu-central-1",
    );
  });

  it("signs every mount of EFS where only roles may mount, and none otherwise", async () => {
    const signed = async (changes: Record<string, unknown>) => {
      const resources = await program("dev", { changes });
      const { inputs } = one(resources, "PersistentVolume");
      return [inputs.spec.mountOptions, one(resources, "StorageClass", "efs").inputs.mountOptions] as unknown[];
    };
    assert.deepEqual(await signed({}), [undefined, undefined]);
    assert.deepEqual(await signed({ efsMountAccess: "roles" }), [["iam"], ["iam"]]);
  });

  it("has the class make the assets' volume where it is told to, under a name that is known at a first preview", async () => {
    const changes = { assetsProvisioning: "dynamic" };
    const names = async (preview: boolean) => {
      const resources = await program("dev", { changes, preview });
      assert.deepEqual(all(resources, "PersistentVolume"), []);
      const claim = all(resources, "PersistentVolumeClaim").find(
        ({ inputs }) => inputs.metadata.namespace === "assets",
      )!;
      assert.equal(claim.inputs.spec.storageClassName, "efs");
      assertOrder(resources, [one(resources, "StorageClass", "efs")], [claim]);
      // By itself, not only by its class: that is made anew for another file system, and the claim goes with its own.
      assert.ok(claim.dependencies.includes(one(resources, "aws:efs/fileSystem:FileSystem").urn));
      const { pvcNames } = one(resources, "pulumi:pulumi:Stack").outputs as { pvcNames: { assets: string } };
      assert.equal(pvcNames.assets, claim.inputs.metadata.name);
      return pvcNames.assets;
    };
    assert.equal(await names(true), await names(false));
  });

  it("tags everything with project and environment, whose values may be told, and what else it is told to", async () => {
    const tags = { team: "web", environment: "other" };
    const resources = await program("dev", { preview: true, changes: { tags } });
    const { defaultTags } = one(resources, "pulumi:providers:aws").inputs;
    const given = { team: "web", project: "eks-storage", environment: "other" };
    assert.deepEqual(JSON.parse(defaultTags as string), { tags: given });
    // These don't come from the provider: nodes and their disks, and what the driver makes.
    for (const { tags } of one(resources, "LaunchTemplate").inputs.tagSpecifications) {
      assert.deepEqual({ ...tags, ...given }, tags);
    }
    const { configurationValues } = one(resources, "Addon", "ebs-csi").inputs;
    assert.deepEqual(JSON.parse(configurationValues as string).controller.extraVolumeTags, given);
  });

  it("marks the disks of each environment for its own backups", async () => {
    for (const stack of ["dev", "prod"]) {
      const { parameters } = one(await program(stack), "StorageClass", "ebs").inputs;
      assert.equal(parameters.tagSpecification_1, `${BACKUP_TAG}=eks-storage-${stack}`);
    }
  });

  it("is refused in the configuration's words before anything is made", async () => {
    const { registrations, error } = await runProgram("dev", { changes: { accountId: "1" } });
    assert.match(error?.message ?? "accepted", /^Pulumi\.dev\.yaml can't be deployed:\n  - eks-storage:accountId /);
    assert.deepEqual(
      registrations.map(({ type }) => type),
      ["pulumi:pulumi:Stack"],
    );
  });
});
