import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as storage from "../../components/index";
import { type AwsRecord, readRecords, token } from "../../local/aws/records";
import { effects, eventually, kinds, LivingStack } from "./living/livingStack";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

/** Reads what AWS has, too. */
class EfsStack extends LivingStack {
  records(type: string): AwsRecord[] {
    return readRecords(this.local.cloud).filter((record) => record.type === token(type));
  }

  /** The volume of the assets' claim, which the pods run on. */
  async volumeOfAssets(): Promise<any> {
    await this.runs();
    const claim: string = this.outputs().pvcNames!.value.assets;
    const pods = this.readyPods("assets", "assets");
    assert.deepEqual(
      new Set(pods.map(({ spec }) => spec.volumes[0].persistentVolumeClaim.claimName)),
      new Set([claim]),
    );
    return this.get("pv", this.get("pvc", claim, "--namespace", "assets").spec.volumeName);
  }

  accessPointOf(volume: any): AwsRecord {
    const id = volume.spec.csi.volumeHandle.split("::")[1];
    return this.records("efs/accessPoint").find((record) => record.id === id)!;
  }

  fileSystem(region: string): AwsRecord {
    const [found, ...others] = this.records("efs/fileSystem").filter(({ properties }) => properties.region === region);
    assert.deepEqual(others, []);
    return found!;
  }
}

// One stack through every row of docs/storage.md that is about EFS.
describe("EFS", function () {
  this.timeout("5m");
  inOrder(this);
  const stack = new EfsStack("dev");
  const HERE = "eu-west-1";
  let THERE = "eu-central-1";

  before(() => stack.start());
  after(() => stack.stop());

  it("static, provisioned, with a customer's key, mounted by roles, and copied to another region", async () => {
    await stack.change({
      encryptionKey: "customer",
      efsMountAccess: "roles",
      efsReplicaRegion: THERE,
      efsThroughputMode: "provisioned",
      efsProvisionedThroughputInMibps: "64",
    });
    const { spec } = await stack.volumeOfAssets();
    assert.deepEqual([spec.mountOptions, spec.persistentVolumeReclaimPolicy], [["iam"], "Retain"]);
    const { encryptionKeyArn, replicaFileSystemId } = stack.outputs();
    const [source, copy] = [stack.fileSystem(HERE), stack.fileSystem(THERE)];
    assert.equal(source.properties.kmsKeyId, encryptionKeyArn!.value);
    assert.match(String(copy.properties.kmsKeyId), /^arn:aws:kms:eu-central-1:/);
    assert.equal(copy.id, replicaFileSystemId!.value);
    assert.deepEqual(copy.properties.protection, { replicationOverwrite: "REPLICATING" });
  });

  it("lets no pod in whose mount isn't signed", async () => {
    const { metadata } = await stack.volumeOfAssets();
    stack.kubectl("patch", "pv", metadata.name, "--patch", JSON.stringify({ spec: { mountOptions: null } }));
    const [pod] = stack.readyPods("assets", "assets");
    stack.kubectl("delete", "pod", pod.metadata.name, "--namespace", "assets", "--wait=false");
    await eventually(() => {
      const events = stack.get("events", "--namespace", "assets").items.map(({ message }: any) => message);
      assert.ok(events.some((message: string) => /access denied by server while mounting/.test(message)));
    });
    const words = { VOLUME: metadata.name as string, DEPLOYMENT: "assets", NAMESPACE: "assets" };
    await stack.follow(commandsOf("docs/storage.md", "Who may mount", words));
    await stack.runs();
  });

  it("takes other throughput and Archive in place, but not a second time within a day", async () => {
    const elastic = {
      efsThroughputMode: "elastic",
      efsProvisionedThroughputInMibps: "",
      efsToArchive: "AFTER_90_DAYS",
    };
    const steps = effects(await stack.up(...stack.with(elastic)));
    assert.deepEqual(
      kinds(steps).filter((kind) => !/eks-storage:index:/.test(kind)),
      ["customer-key", "replica-customer-key"].map(
        (name) => `update aws:efs/fileSystem:FileSystem eks-storage-dev-${name}`,
      ),
    );
    await assert.rejects(
      stack.up(...stack.with({ ...elastic, efsThroughputMode: "bursting", efsToArchive: "NEVER" })),
      /TooManyRequests: You have reached the maximum number of throughput mode changes/,
    );
    await stack.change(elastic);
  });

  it("dynamic: a claim made anew finds the directory of the old one again", async () => {
    await stack.change({ assetsProvisioning: "dynamic" });
    const first = await stack.volumeOfAssets();
    assert.deepEqual([first.spec.mountOptions, first.spec.persistentVolumeReclaimPolicy], [["iam"], "Delete"]);
    const before = stack.accessPointOf(first);
    const claim: string = first.spec.claimRef.name;

    stack.kubectl("delete", "deployment", "assets", "--namespace", "assets");
    stack.kubectl("delete", "pvc", claim, "--namespace", "assets");
    stack.kubectl("wait", "--for=delete", `pv/${first.metadata.name}`, "--timeout=30s");
    await stack.refresh(...stack.with());
    await stack.up(...stack.with());
    const second = await stack.volumeOfAssets();
    assert.equal(second.spec.claimRef.name, claim);
    const after = stack.accessPointOf(second);
    assert.notEqual(after.id, before.id);
    assert.deepEqual(after.properties.rootDirectory, before.properties.rootDirectory);
    assert.deepEqual(
      stack.records("efs/accessPoint").filter(({ id }) => id === before.id),
      [],
    );
  });

  it("with another key is another file system, and so is its copy", async () => {
    const before = [stack.fileSystem(HERE).id, stack.fileSystem(THERE).id];
    const steps = await stack.change({ encryptionKey: "aws" });
    const targets = kinds(steps).filter((kind) => /MountTarget/.test(kind));
    const [a, b] = ["a", "b"].map((zone) => `aws:efs/mountTarget:MountTarget eks-storage-dev-${HERE}${zone}`);
    const [oldA, oldB] = [a, b].map((target) => target!.replace("-eu", "-customer-key-eu"));
    assert.deepEqual(targets, [`create ${a}`, `create ${b}`, `delete ${oldA}`, `delete ${oldB}`]);
    const after = [stack.fileSystem(HERE), stack.fileSystem(THERE)];
    assert.deepEqual(
      after.filter(({ id, properties }) => before.includes(id) || "kmsKeyId" in properties),
      [],
    );
    const keys = stack.records("kms/alias").map(({ id }) => id);
    assert.deepEqual(keys, ["alias/eks-storage-dev-backups"]);
    assert.equal(stack.accessPointOf(await stack.volumeOfAssets()).properties.fileSystemId, after[0]!.id);
  });

  it("static again, mounted by all who reach it: pods move to the access point that was kept for them", async () => {
    THERE = "us-east-1";
    await stack.change({ assetsProvisioning: "static", efsMountAccess: "network", efsReplicaRegion: THERE });
    assert.deepEqual(
      stack.records("efs/fileSystem").map(({ properties }) => properties.region),
      [HERE, THERE],
    );
    const volume = await stack.volumeOfAssets();
    assert.equal(volume.spec.mountOptions, undefined);
    assert.equal(stack.accessPointOf(volume).id, stack.outputs().accessPointIds!.value.assets);
    assert.equal(stack.records("efs/accessPoint").length, 1);
  });

  it("with a key again is a third one, of static volumes as of dynamic ones", async () => {
    await stack.change({ encryptionKey: "customer" });
    const { id, properties } = stack.fileSystem(HERE);
    assert.ok("kmsKeyId" in properties);
    assert.equal(stack.accessPointOf(await stack.volumeOfAssets()).properties.fileSystemId, id);
  });

  it("leaves nothing behind, source, copy and what copies included", async () => {
    await stack.destroy(...stack.with());
    assert.deepEqual(await stack.leaked(), []);
  });
});

describe("a copy in another region", function () {
  this.timeout("2m");
  inOrder(this);
  const stack = new EfsStack("dev");
  const REPLICATING = { replicationOverwrite: "REPLICATING" };
  let args: Partial<storage.FileSystemReplicaArgs> = {};
  let sourceId: string | undefined;
  const source = () => stack.fileSystem("eu-west-1");
  const copies = () => stack.records("efs/fileSystem").filter(({ id }) => id !== source().id);
  const replications = () => stack.records("efs/replicationConfiguration").map(({ properties }) => properties);

  before(() => stack.start());
  before(() => {
    stack.program = async () => {
      const provider = new aws.Provider("aws", { region: "eu-west-1" });
      const { retention = storage.Retention.Delete } = args;
      const retainOnDelete = retention !== storage.Retention.Delete;
      const settings = { encrypted: true, throughputMode: "elastic" };
      const shop = new aws.efs.FileSystem("shop", settings, { provider, retainOnDelete, import: sourceId });
      const given = { sourceFileSystemId: shop.id, region: "eu-central-1", retention };
      new storage.FileSystemReplica("copy", { ...given, ...args }, { provider });
    };
  });
  after(() => stack.stop());

  it("is copied to, refreshed meanwhile, and nothing is to be done then", async () => {
    await stack.up();
    assert.deepEqual(
      copies().map(({ properties }) => properties.protection),
      [REPLICATING],
    );
    await stack.refresh();
    // The AWS provider refuses this word of AWS's as an input.
    assert.match(stack.stateFile(), /"replicationOverwrite":"REPLICATING"/);
    assert.deepEqual(effects(await stack.up()), {});
  });

  it("takes other settings while it is copied to", async () => {
    args = { throughputMode: "bursting" };
    assert.deepEqual(kinds(effects(await stack.up())), ["update aws:efs/fileSystem:FileSystem copy"]);
    assert.deepEqual(copies()[0]!.properties.protection, REPLICATING);
  });

  it("is never overwritten after a fail-over, until that is asked for as docs/storage.md says", async () => {
    const setProtection = (records: AwsRecord[], replicationOverwrite: string) => {
      const copy = records.find(({ properties }) => properties.region === "eu-central-1")!;
      copy.properties.protection = { replicationOverwrite };
    };
    stack.changeAws((records) => {
      const replication = records.findIndex(({ type }) => type === token("efs/replicationConfiguration"));
      records.splice(replication, 1);
      setProtection(records, "ENABLED");
    });
    await stack.refresh();
    await assert.rejects(stack.up(), /replication overwrite protection must be disabled/);
    stack.changeAws((records) => setProtection(records, "DISABLED"));
    await stack.up();
    assert.equal(replications().length, 1);
  });

  it("moves to a third region in one step, though EFS copies to one place only", async () => {
    const [before] = copies();
    args = { region: "us-east-1" };
    await stack.up();
    const [after, ...others] = copies();
    assert.deepEqual(others, []);
    assert.notEqual(after!.id, before!.id);
    assert.deepEqual([after!.properties.region, after!.properties.protection], ["us-east-1", REPLICATING]);
    assert.deepEqual(
      replications().map(({ destination }) => (destination as { fileSystemId: string }).fileSystemId),
      [after!.id],
    );
    assert.deepEqual(effects(await stack.up()), {});
  });

  it("goes on without its stack under release, and is adopted with its source", async () => {
    const retention = storage.Retention.Release;
    args = { ...args, retention };
    await stack.up();
    await stack.destroy();
    const [copy] = copies();
    sourceId = source().id;
    assert.equal(replications().length, 1);

    args = { ...args, adoptId: copy!.id, adoptSourceId: "fs-11111111" };
    await assert.rejects(stack.preview());
    assert.match(
      stack.messages,
      /adoptSourceId of FileSystemReplica "copy" must be fs-\w+, the stack's file system; it is 'fs-11111111'/,
    );

    args = { ...args, adoptSourceId: sourceId };
    const steps = await stack.up();
    assert.equal(steps["aws:efs/replicationConfiguration:ReplicationConfiguration copy"], "import");
    assert.deepEqual(effects(await stack.up()), {});
    assert.deepEqual(copies()[0]!.properties.protection, REPLICATING);
  });

  it("moves under release once the old copying has ended, and leaves the copy before alone", async () => {
    const [before] = copies();
    args = { retention: storage.Retention.Release, region: "eu-central-1" };
    await assert.rejects(stack.up(), /already included in a replication configuration/);
    stack.shell(`aws efs delete-replication-configuration --source-file-system-id ${source().id} --region eu-west-1`);
    await stack.up();
    const regions = copies().map(({ id, properties }) => [id === before!.id, properties.region]);
    assert.deepEqual(regions.sort(), [
      [false, "eu-central-1"],
      [true, "us-east-1"],
    ]);
    assert.deepEqual(
      replications().map(({ destination }) => (destination as { region: string }).region),
      ["eu-central-1"],
    );
    stack.changeAws((records) =>
      records.splice(
        records.findIndex(({ id }) => id === before!.id),
        1,
      ),
    );
  });

  it("leaves nothing behind", async () => {
    args = { ...args, retention: storage.Retention.Delete };
    await stack.up();
    await stack.destroy();
    assert.deepEqual((await stack.inventory()).aws, []);
  });
});

describe("a file system of another stack", function () {
  this.timeout("2m");
  const stack = new EfsStack("staging");
  const zones = ["eu-central-1a", "eu-central-1b"];

  before(() => stack.start());
  after(() => stack.stop());

  it("is adopted under this one's name and tags, changes nothing then, and outlives a switch of the key under release", async () => {
    const found = {
      ...{ region: "eu-central-1", encrypted: true, throughputMode: "elastic", creationToken: "replica" },
      performanceMode: "generalPurpose",
      lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
      ...{ tags: { Name: "shop-prod-replica" }, tagsAll: { Name: "shop-prod-replica", environment: "prod" } },
      protection: { replicationOverwrite: "ENABLED" },
    };
    const id = "fs-0123456789abcdef0";
    const type = token("efs/fileSystem");
    stack.changeAws((records) => records.push({ type, id, status: "ACTIVE", properties: found }));
    const retention = storage.Retention.Release;
    let more: Partial<storage.FileSystemArgs> = { adoptId: id };
    stack.program = async () => {
      const provider = new aws.Provider("aws", {
        region: "eu-central-1",
        defaultTags: { tags: { environment: "staging" } },
      });
      const network = new storage.Network(
        "shop",
        { cidrBlock: "10.0.0.0/16", zones, region: "eu-central-1" },
        { provider },
      );
      const { vpcId, privateSubnetIds: subnetIds } = network;
      const accessPoints = { assets: { path: "/assets", identity: { uid: 999, gid: 999 } } };
      const given = { vpcId, zones, subnetIds, accessPoints, retention, ...more };
      new storage.FileSystem("shop", given, { provider });
    };
    // Imported, then updated.
    assert.equal((await stack.up())[`${type} shop`], "update");
    assert.equal(stack.fileSystem("eu-central-1").id, id);
    assert.deepEqual(
      stack.records("efs/mountTarget").map(({ properties }) => properties.fileSystemId),
      [id, id],
    );
    assert.deepEqual(effects(await stack.up()), {});
    assert.deepEqual(stack.fileSystem("eu-central-1").properties.tagsAll, { Name: "shop", environment: "staging" });

    // Another key under release: the files stay, beside the new file system.
    const kmsKeyId = "arn:aws:kms:eu-central-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    more = { kmsKeyId };
    await stack.up();
    const [old, other] = stack.records("efs/fileSystem");
    assert.deepEqual([old!.id, other!.properties.kmsKeyId], [id, kmsKeyId]);
    assert.deepEqual(
      stack.records("efs/mountTarget").map(({ properties }) => properties.fileSystemId),
      [other!.id, other!.id],
    );
    assert.deepEqual(
      stack.records("efs/accessPoint").map(({ properties }) => properties.fileSystemId),
      [id, other!.id],
    );
  });
});
