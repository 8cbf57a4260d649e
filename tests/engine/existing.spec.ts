import assert from "node:assert/strict";
import type { Inventory } from "../../local/inventory";
import { type AwsRecord, OBJECT } from "../../local/standins/aws/records";
import { ACCOUNT, BUCKET, CLUSTER, landlord } from "./existing/landlord";
import { eventually } from "./living/livingStack";
import { changes, LocalStack } from "./localStack";

/** What docs/existing.md says, on a VPC, a cluster, a file system, a bucket and a key at once. */
describe("things that exist already", function () {
  this.timeout("5m");
  this.bail(true);
  const dev = new LocalStack("dev");
  const itsOwner = `accountId=${ACCOUNT}`;
  let owner: LocalStack;
  /** The owner's outputs, which are keys of the stack's configuration. */
  let things: Record<string, unknown>;
  let config: string[];
  /** All that there was before the stack. */
  let had: { aws: AwsRecord[]; kubernetes: Inventory["kubernetes"] };

  before(async () => {
    await dev.start();
    owner = dev.neighbour("staging", landlord);
    await owner.up(itsOwner);
    things = Object.fromEntries(Object.entries(await owner.outputs()).map(([key, { value }]) => [key, value]));
    config = [
      ...Object.entries(things).map(([key, it]) => `${key}=${typeof it === "string" ? it : JSON.stringify(it)}`),
      `existingClusterName=${CLUSTER}`,
      `existingBucketName=${BUCKET}`,
      "assetsStorage=s3",
      "encryptionKey=customer",
    ];
    had = { aws: dev.awsRecords(), kubernetes: (await dev.inventory()).kubernetes };
  });
  after(() => dev.stop());

  const isOwners = ({ type, id }: AwsRecord) => had.aws.some((it) => it.type === type && it.id === id);
  /** The types of what the stack has added to one of the owner's things, which it names in a property. */
  const addedTo = (thing: unknown) => {
    const added = dev
      .awsRecords()
      .filter((record) => !isOwners(record) && Object.values(record.properties).includes(thing));
    return [...new Set(added.map(({ type }) => type.split(":")[1]!))].sort();
  };
  const objects = () => dev.awsRecords().filter(({ type }) => type === OBJECT);

  it("are never taken over in the cluster, where docs/existing.md says what must not be there", async () => {
    dev.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "assets" } });
    await assert.rejects(dev.up(...config));
    assert.match(dev.messages, /Namespace assets was not created: it already exists/);
    dev.kubectl("delete", "namespace", "assets");
  });

  it("are used as they are", async () => {
    const previewed = Object.keys(changes(await dev.preview(...config))).sort();
    assert.deepEqual(Object.keys(changes(await dev.up(...config))).sort(), previewed);
    assert.deepEqual(dev.awsRecords().filter(isOwners), had.aws);
  });

  it("carry the workloads, whose images are below assets/ in the bucket", async () => {
    const { items } = dev.kubectl("get", "deployments,statefulsets", "--all-namespaces", "--output", "json");
    const ready = items.map(({ metadata, status }: any) => `${metadata.name} ${status.readyReplicas}`);
    for (const workload of ["assets 2", "catalog 2", "catalog-mysql 1"]) assert.ok(ready.includes(workload), workload);
    await eventually(() => assert.notDeepEqual(objects(), []));
    const volumes = dev.kubectl("get", "pv", "--output", "json").items.map(({ spec }: any) => spec);
    const images = volumes.find(({ csi }: any) => csi.driver === "s3.csi.aws.com");
    assert.equal(images.csi.volumeAttributes.bucketName, BUCKET);
    assert.ok(images.mountOptions.includes("prefix assets/"));
  });

  it("get added what the page names, and no setting", () => {
    assert.deepEqual(addedTo(things.existingVpcId), ["ec2/securityGroup"]);
    assert.deepEqual(addedTo(things.existingFileSystemId), ["efs/accessPoint", "efs/mountTarget"]);
    assert.deepEqual(addedTo(CLUSTER), ["eks/addon", "eks/podIdentityAssociation"]);
    assert.deepEqual(addedTo(BUCKET), ["s3/object"]);
    assert.deepEqual(addedTo(things.existingKeyArn), ["ebs/volume"]);
  });

  it("stay as they are when nothing changed", async () => {
    assert.deepEqual(changes(await dev.up(...config)), {});
  });

  it("outlive the stack, of which only the objects stay", async () => {
    await dev.destroy(...config);
    assert.deepEqual(
      dev.awsRecords().filter(({ type }) => type !== OBJECT),
      had.aws,
    );
    assert.deepEqual((await dev.inventory()).kubernetes, had.kubernetes);
  });

  it("are their owner's to delete, who leaves nothing", async () => {
    assert.deepEqual(changes(await owner.preview(itsOwner)), {});
    await owner.destroy(itsOwner);
    assert.deepEqual(await dev.inventory(), { aws: [], kubernetes: [] });
  });
});
