import assert from "node:assert/strict";
import { changeRecords, readRecords } from "../../local/aws/records";
import { commandsOf } from "../support/pages";
import { changes, LocalStack } from "./localStack";

class Ebs extends LocalStack {
  get(...args: string[]): any {
    return this.kubectl("get", ...args, "--namespace", "catalog", "--output", "json");
  }

  claims(): string[] {
    return this.get("pvc").items.map(({ metadata }: any) => metadata.name);
  }

  /** What EC2 has of disks and snapshots. */
  records(type: "volume" | "snapshot"): { id: string; properties: any }[] {
    return readRecords(this.local.cloud).filter((record) => record.type.startsWith(`aws:ebs/${type}:`));
  }

  /** The disk that the database's pod runs on. */
  disk(): { id: string; properties: any } {
    const [pod] = this.get("pods", "--selector", "app.kubernetes.io/name=catalog-mysql").items;
    assert.ok(pod.status.conditions.some(({ type, status }: any) => type === "Ready" && status === "True"));
    const { claimName } = pod.spec.volumes.find((volume: any) => volume.persistentVolumeClaim).persistentVolumeClaim;
    const { volumeHandle } = this.get("pv", this.get("pvc", claimName).spec.volumeName).spec.csi;
    return this.records("volume").find(({ id }) => id === volumeHandle)!;
  }

  /** Has a snapshot another key than the stack's. */
  encryptWith(kmsKeyId: string, id: string): void {
    changeRecords((records) => {
      records.find((record) => record.id === id)!.properties.kmsKeyId = kmsKeyId;
    }, this.local.cloud);
  }

  /** Takes a snapshot of a claim by docs/operations.md: its id in EC2, and what the page has one do with it. */
  snapshot(name: string, claim: string): { id: string; then: string[] } {
    const words = { CLAIM: claim, "before-the-release": name };
    const [apply, wait, show, ...then] = commandsOf("docs/operations.md", "Restoring the database", words);
    this.shell(apply!);
    this.shell(wait!);
    const [, id] = new RegExp(`^${name} +(snap-\\w+)$`, "m").exec(this.shell(show!)) ?? [];
    return { id: id!, then: then.map((line) => line.replace(/snap-\w+/, id!)) };
  }
}

const OTHER_KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";

/** With `team` as many as the configuration takes. */
const MANY = Object.fromEntries(Array.from({ length: 38 }, (_, index) => [`tag${index}`, ""]));

describe("the database's disk: its class, its growth, its snapshots, and itself restored from them", function () {
  this.timeout("6m");
  const dev = new Ebs("dev");
  const options = [
    "encryptionKey=customer",
    "ebsIops=6000",
    "ebsThroughputInMibps=500",
    `tags=${JSON.stringify({ ...MANY, team: "web" })}`,
  ];
  const config = [...options, "mysqlStorage=30Gi"];
  let passwords: unknown;
  let restored = "";

  before(async () => {
    await dev.start();
    await dev.up(...options);
  });
  after(() => dev.stop());

  it("is made as the configuration says, with the tags that backups select by", async () => {
    const { properties } = dev.disk();
    const { type, encrypted, kmsKeyId, iops, throughput, tags } = properties;
    const { encryptionKeyArn } = dev.outputs();
    assert.deepEqual([type, encrypted, kmsKeyId], ["gp3", "true", encryptionKeyArn!.value]);
    assert.deepEqual([iops, throughput], ["6000", "500"]);
    assert.equal(tags["eks-storage:backup"], "eks-storage-dev");
    assert.deepEqual([tags.team, tags.project, tags.environment], ["web", "eks-storage", "dev"]);
    assert.equal(tags["ebs.csi.aws.com/cluster"], "true");
    assert.equal(Object.keys(tags).length, 50, "as many as AWS allows");
  });

  it("is restored from a snapshot by configuration, onto a new claim, with the password that the data knows", async () => {
    await dev.preview(...config);
    assert.match(dev.messages, /The database's disk grows from 20Gi to 30Gi\. EBS changes a disk at most four times/);
    await dev.up(...config); // it grows meanwhile
    const before = dev.disk();
    passwords = dev.get("secret", "catalog-mysql").data;
    const { id, then } = dev.snapshot("monday", "data-catalog-mysql-0");
    assert.equal(dev.records("snapshot").find((record) => record.id === id)?.properties.volumeId, before.id);

    dev.encryptWith(OTHER_KEY, id); // as one of a stack before this

    restored = `mysqlSnapshotId=${id}`;
    assert.deepEqual(then, [`pulumi config set mysqlSnapshotId ${id}`, "pulumi preview", "pulumi up"]);
    for (const steps of [await dev.preview(...config, restored), await dev.up(...config, restored)]) {
      assert.equal(steps["kubernetes:apps/v1:StatefulSet catalog-mysql"], "replace");
      assert.equal(steps["kubernetes:core/v1:PersistentVolumeClaim catalog-mysql-data"], "replace");
      assert.equal(steps["kubernetes:core/v1:Secret catalog-mysql"], "same");
    }
    const { pvcNames } = dev.outputs();
    assert.match(pvcNames!.value.catalog, /^data-[0-9a-f]{8}-catalog-mysql-0$/);
    assert.deepEqual(dev.claims(), [pvcNames!.value.catalog]);
    const { snapshotId, size, tags } = dev.disk().properties;
    assert.deepEqual([snapshotId, size, tags["eks-storage:backup"]], [id, 30, "eks-storage-dev"]);
    assert.deepEqual(dev.get("secret", "catalog-mysql").data, passwords);
  });

  it("then changes nothing more, and has not drifted", async () => {
    assert.deepEqual(changes(await dev.up(...config, restored)), {});
    const refreshed = await dev.refresh(...config, restored);
    const drift = Object.entries(refreshed).filter(([, op]) => op !== "same" && op !== "refresh");
    assert.deepEqual(drift, []);
    assert.deepEqual(changes(await dev.preview(...config, restored)), {});
    assert.equal(dev.records("volume").length, 1, "the disk before went with its claim");
  });

  it("is not let go under retain; under release, the disk before it stays", async () => {
    await dev.up(...config, restored, "retention=retain");
    const [claim, disk] = [dev.claims()[0]!, dev.disk()];
    const again = `mysqlSnapshotId=${dev.snapshot("tuesday", claim).id}`;
    await assert.rejects(dev.preview(...config, again, "retention=retain"));
    assert.match(dev.messages, /unable to replace resource.*catalog-mysql-data[^]*protect/);

    await dev.up(...config, again, "retention=release");
    assert.equal(dev.claims().length, 2);
    assert.notEqual(dev.disk().id, disk.id);
    assert.deepEqual(dev.get("secret", "catalog-mysql").data, passwords);
    restored = again;
  });

  it("goes without a trace once nothing is to be kept, but for a snapshot that was taken under retain", async () => {
    const { pvcNames } = dev.outputs();
    await dev.up(...config, restored, "retention=delete");
    for (const { metadata } of dev.kubectl("get", "pv", "--output", "json").items) {
      const patch = JSON.stringify({ spec: { persistentVolumeReclaimPolicy: "Delete" } });
      if (metadata.name.startsWith("pvc-")) dev.kubectl("patch", "pv", metadata.name, "--patch", patch);
    }
    for (const claim of dev.claims().filter((name) => name !== pvcNames!.value.catalog)) {
      dev.kubectl("delete", "pvc", claim, "--namespace", "catalog");
    }
    await dev.destroy(...config, restored, "retention=delete");
    const leaked = await dev.leaked();
    // And the record, which goes on naming the disk that was kept under release.
    assert.deepEqual(leaked.map(({ type, id }) => `${type} ${id}`).sort(), [
      `ebs/snapshot ${restored.split("=")[1]}`,
      "ssm/parameter /eks-storage-dev/kept",
    ]);
  });
});
