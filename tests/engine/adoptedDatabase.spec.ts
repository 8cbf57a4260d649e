import assert from "node:assert/strict";
import { type AwsRecord, token } from "../../local/aws/records";
import { effects, eventually, kinds, LivingStack } from "./living/livingStack";
import { inOrder } from "../support/inOrder";

/** As docs/operations.md has it for volumes that exist when the retention changes. */
const RETAIN = JSON.stringify({ spec: { persistentVolumeReclaimPolicy: "Retain" } });
const IN = ["--namespace", "catalog"];
const PARAMETER = "aws:ssm/parameter:Parameter catalog-mysql";
const ROLE = "aws:iam/role:Role eks-storage-dev-backup";
const VOLUME = "kubernetes:core/v1:PersistentVolume catalog-mysql-data";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim catalog-mysql-data";

/** An environment whose database comes back again and again. */
class Database extends LivingStack {
  /** The volume of the claim that the database has now. */
  async volume(): Promise<any> {
    const { pvcNames } = this.outputs();
    return this.get("pv", this.get("pvc", pvcNames!.value.catalog, ...IN).spec.volumeName);
  }

  async disk(): Promise<AwsRecord> {
    const { volumeHandle } = (await this.volume()).spec.csi;
    return this.record(({ id }) => id === volumeHandle);
  }

  record(isFound: (record: AwsRecord) => boolean): AwsRecord {
    return this.awsRecords().find(isFound)!;
  }

  passwords(): unknown {
    return this.get("secret", "catalog-mysql", ...IN).data;
  }

  /** EC2 and the cluster agree on the size of the disk, once the driver has made it so large. */
  async hasGrown(gib: number): Promise<void> {
    await eventually(async () => {
      const sizes = [(await this.disk()).properties.size, (await this.volume()).spec.capacity.storage];
      assert.deepEqual(sizes, [gib, `${gib}Gi`], "disk, volume");
    });
  }

  /** Destroys the stack under release, and the cluster is another one from then on: the configuration that adopts the rest. */
  async destroyAndKeep(): Promise<void> {
    await this.destroy(...this.with({ retention: "release" }));
    const printed = [...this.messages.matchAll(/pulumi config set (\S+) (\S+)/g)];
    for (const [, key, value] of printed) this.configure(`${key}=${value}`);
    await this.loseControlPlane();
  }

  /** Takes a snapshot of the database's disk as a person would; its id in EC2. */
  async snapshot(): Promise<string> {
    const { pvcNames } = this.outputs();
    const source = { persistentVolumeClaimName: pvcNames!.value.catalog };
    const metadata = { name: "monday", namespace: "catalog" };
    this.apply({ apiVersion: "snapshot.storage.k8s.io/v1", kind: "VolumeSnapshot", metadata, spec: { source } });
    const ready = ["--for=jsonpath={.status.readyToUse}=true", "--timeout=30s"];
    this.kubectl("wait", "volumesnapshot/monday", ...IN, ...ready);
    // One that goes with its object is waited for by a destroy.
    const { boundVolumeSnapshotContentName } = this.get("volumesnapshot", "monday", ...IN).status;
    const patch = JSON.stringify({ spec: { deletionPolicy: "Retain" } });
    this.kubectl("patch", "volumesnapshotcontent", boundVolumeSnapshotContentName, "--type=merge", "--patch", patch);
    return this.record(({ type }) => type === token("ebs/snapshot")).id;
  }

  without(...keys: string[]): string[] {
    return this.with().filter((pair) => !keys.includes(pair.split("=")[0]!));
  }
}

describe("a database's disk and passwords, and the backups' role, adopted", function () {
  this.timeout("6m");
  inOrder(this);
  const dev = new Database("dev");
  let disk: string;
  let role: string;
  let passwords: unknown;

  before(async () => {
    await dev.start();
    await dev.up("retention=release");
    [disk, passwords] = [(await dev.disk()).id, dev.passwords()];
    role = dev.record(({ type, id }) => type === token("iam/role") && id.includes("backup")).id;
    await dev.destroyAndKeep();
  });
  after(() => dev.stop());

  /** It is adopted, once, with nothing new in its place: the steps. */
  async function adopts(retention: string, storage: string): Promise<void> {
    dev.configure(`retention=${retention}`);
    dev.configure(`mysqlStorage=${storage}`);
    const steps = await dev.up(...dev.with());
    // What differs is updated once it is imported.
    for (const it of [PARAMETER, ROLE]) assert.match(steps[it]!, /^(import|update)$/, it);
    assert.equal(steps[VOLUME], "create");
    assert.deepEqual([(await dev.disk()).id, dev.passwords()], [disk, passwords]);
    const { persistentVolumeReclaimPolicy } = (await dev.volume()).spec;
    assert.equal(persistentVolumeReclaimPolicy, retention === "delete" ? "Delete" : "Retain");
    await dev.hasGrown(parseInt(storage));
    await dev.settled();
    const roles = dev.awsRecords().filter(({ type, id }) => type === token("iam/role") && id.includes("backup"));
    assert.deepEqual(
      roles.map(({ id }) => id),
      [role],
    );
  }

  /** The pairs change, a second `up` changes nothing, and the database is on the same disk. */
  async function changes(pairs: Record<string, string>): Promise<string[]> {
    const steps = kinds(await dev.change(pairs));
    assert.deepEqual([(await dev.disk()).id, dev.passwords()], [disk, passwords]);
    return steps;
  }

  it("are refused at the preview where they can't be, all in one message by their keys", async () => {
    const before = dev.awsRecords();
    dev.changeAws((records) => {
      const properties = (isFound: (it: AwsRecord) => boolean) => records.find(isFound)!.properties;
      Object.assign(
        properties(({ id }) => id === disk),
        { tags: {}, size: 21, availabilityZone: "eu-west-1c" },
      );
      Object.assign(
        properties(({ id }) => id === role),
        { assumeRolePolicy: "{}" },
      );
      Object.assign(
        properties(({ id }) => id.endsWith("/catalog-mysql")),
        { type: "String" },
      );
    });
    await assert.rejects(dev.preview(...dev.with()));
    for (const words of [
      `adoptMysqlVolumeId must be a disk with the tag ebs.csi.aws.com/cluster=true; it is '${disk}'`,
      `adoptMysqlVolumeId must be a disk with the tag eks-storage:backup=eks-storage-dev; it is '${disk}'`,
      `adoptMysqlZone must be eu-west-1c, the zone of ${disk}; it is 'eu-west-1a'`,
      `mysqlStorage must be at least 21Gi, the size of ${disk}; it is '20Gi'`,
      `adoptBackupRole must be a role that AWS Backup may assume; it is '${role}'`,
      "adoptMysqlCredentials must be a SecureString; it is '/eks-storage-dev/catalog-mysql, which has String'",
    ])
      assert.ok(dev.messages.includes(words), `${words}\n${dev.messages}`);
    dev.changeAws((records) => records.splice(0, records.length, ...before));
  });

  it("are adopted under delete, whatever AWS changes in place, and the disk grows", async () => {
    dev.changeAws((records) => {
      const ours = records.filter(({ id }) => id === role || id.endsWith("/catalog-mysql"));
      for (const { properties } of ours)
        Object.assign(properties, { description: "old", tags: {}, tagsAll: { a: "b" } });
    });
    await adopts("delete", "30Gi");
  });

  it("take documented changes, once each: of disk, backups and tags", async () => {
    const backups = { backupSchedule: "cron(0 3 * * ? *)", backupRetentionInDays: "9" };
    const steps = await changes({ mysqlStorage: "40Gi", ...backups, tags: '{"team":"web"}' });
    assert.ok(steps.includes(`update ${CLAIM}`) && !steps.some((it) => it.endsWith(VOLUME)), steps.join("\n"));
    await dev.hasGrown(40);
  });

  it("give way to a snapshot, with the passwords that its data knows; the disk goes", async () => {
    const config = [...dev.without("adoptMysqlVolumeId", "adoptMysqlZone"), `mysqlSnapshotId=${await dev.snapshot()}`];
    const steps = effects(await dev.up(...config));
    assert.deepEqual([steps[CLAIM], steps[VOLUME], steps[PARAMETER]], ["replace", "delete", undefined]);
    assert.deepEqual(effects(await dev.up(...config)), {});
    assert.notEqual((await dev.disk()).id, disk);
    assert.deepEqual(dev.passwords(), passwords);
    await eventually(() =>
      assert.equal(
        dev.record(({ id }) => id === disk),
        undefined,
      ),
    );
    disk = (await dev.disk()).id;
    dev.kubectl("patch", "pv", (await dev.volume()).metadata.name, "--patch", RETAIN);
    await dev.up(...config, "retention=release");
  });

  it("are adopted under release, the disk of the snapshot now", async () => {
    await dev.destroyAndKeep();
    await adopts("release", "50Gi");
  });

  it("take documented changes, once each, and keep what they have where others are named", async () => {
    await changes({ mysqlStorage: "60Gi", backupSchedule: "cron(0 4 * * ? *)", backupRetentionInDays: "10" });
    await dev.hasGrown(60);
    const others = {
      adoptMysqlVolumeId: "vol-0123456789abcdef0",
      adoptMysqlCredentials: "/other",
      adoptBackupRole: "o",
    };
    await assert.rejects(dev.preview(...dev.with(others)));
    for (const key of Object.keys(others)) assert.match(dev.messages, new RegExp(`- ${key} must be`));
  });

  it("go without a trace but the snapshot, once nothing is to be kept", async () => {
    const steps = await changes({ retention: "delete" });
    assert.ok(steps.includes(`update ${VOLUME}`), "its policy");
    await dev.hasGrown(60);
    await dev.destroy(...dev.with());
    const leaked = await dev.leaked();
    assert.deepEqual(
      leaked.map(({ type }) => type),
      ["ebs/snapshot"],
    );
  });
});
