import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EbsStorageClass, type EbsStorageClassArgs, ReclaimPolicy } from "../../../../components/index";
import { one, refused, registered } from "../../../support/queries";

const classOf = async (changes: Partial<EbsStorageClassArgs> = {}) =>
  one(await registered(() => new EbsStorageClass("ebs", { className: "disk", ...changes })), "StorageClass");

describe("EbsStorageClass", () => {
  it("by default makes encrypted gp3 disks that can grow, in the zone of their pod", async () => {
    const { inputs } = await classOf();
    assert.equal(inputs.metadata.name, "disk");
    assert.equal(inputs.provisioner, "ebs.csi.aws.com");
    assert.deepEqual(inputs.parameters, {
      type: "gp3",
      encrypted: "true",
      "csi.storage.k8s.io/fstype": "ext4",
    });
    assert.deepEqual(
      [inputs.reclaimPolicy, inputs.volumeBindingMode, inputs.allowVolumeExpansion],
      ["Delete", "WaitForFirstConsumer", true],
    );
    assert.equal(inputs.metadata.annotations["storageclass.kubernetes.io/is-default-class"], "false");
  });

  it("takes a key of one's own and another reclaim policy, and may be the default", async () => {
    const kmsKeyId = pulumi.output("arn:key");
    const { inputs } = await classOf({ kmsKeyId, reclaimPolicy: ReclaimPolicy.Retain, isDefault: true });
    assert.deepEqual([inputs.parameters.kmsKeyId, inputs.parameters.encrypted], ["arn:key", "true"]);
    assert.equal(inputs.reclaimPolicy, "Retain");
    assert.equal(inputs.metadata.annotations["storageclass.kubernetes.io/is-default-class"], "true");
  });

  it("takes IOPS, throughput and tags, as the driver reads them: text, under keys that stay", async () => {
    const { inputs } = await classOf({ iops: 16000, throughputInMibps: 1000, tags: { b: "x=y", a: "shop-prod" } });
    const { iops, throughput, tagSpecification_1, tagSpecification_2 } = inputs.parameters;
    assert.deepEqual([iops, throughput], ["16000", "1000"]);
    assert.deepEqual([tagSpecification_1, tagSpecification_2], ["a=shop-prod", "b=x=y"]);
    const asPriced = (await classOf({ iops: 3000, throughputInMibps: 125 })).inputs.parameters;
    assert.deepEqual([asPriced.iops, asPriced.throughput], [undefined, undefined]);
  });

  it("has disks backed up, by the tag that a plan selects by", async () => {
    const { inputs } = await classOf({ backupTagValue: "shop-prod", tags: { team: "shop" } });
    const { tagSpecification_1, tagSpecification_2 } = inputs.parameters;
    assert.deepEqual([tagSpecification_1, tagSpecification_2], ["eks-storage:backup=shop-prod", "team=shop"]);
    const tags = { "eks-storage:backup": "shop-dev" };
    for (const other of [{}, { backupTagValue: "shop-prod" }])
      assert.match(
        await refused(() => new EbsStorageClass("ebs", { className: "disk", tags, ...other })),
        /can't work:\n {2}- tags must be without eks-storage:backup; it is .*'shop-dev'.*\n.* as backupTagValue instead: .*$/,
      );
  });

  it("refuses a performance that EC2 makes no gp3 disk with, and says what would do", async () => {
    const refusal = (changes: Partial<EbsStorageClassArgs>) =>
      refused(() => new EbsStorageClass("ebs", { className: "disk", ...changes }));
    assert.equal(
      await refusal({ iops: 2999, throughputInMibps: 2001 }),
      `EbsStorageClass "ebs" has 2 arguments that can't work:
  - iops must be a whole number from 3000 to 80000; it is 2999.
    Leave it out for 3000; more than 80000 need another type of disk.
  - throughputInMibps must be a whole number from 125 to 2000; it is 2001.
    Leave it out for 125.`,
    );
    assert.equal(
      await refusal({ throughputInMibps: 751 }),
      `EbsStorageClass "ebs" has an argument that can't work:
  - throughputInMibps must be at most 750, a quarter of the IOPS; it is 751.
    Set iops to 3004 or more.`,
    );
    for (const changes of [{ throughputInMibps: 750 }, { iops: 80000, throughputInMibps: 2000 }]) {
      assert.equal((await classOf(changes)).inputs.parameters.throughput, String(changes.throughputInMibps));
    }
    for (const iops of [80001, 3000.5]) assert.match(await refusal({ iops }), /iops must be a whole number/);
  });

  it("is deleted and made again when something changes that can't be changed, under the same name", async () => {
    const { deleteBeforeReplace, replaceOnChanges } = await classOf();
    assert.ok(deleteBeforeReplace);
    assert.deepEqual([...replaceOnChanges].sort(), ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]);
  });

  it("ends with a name that is known at a first preview", async () => {
    const resources = await registered(() => new EbsStorageClass("ebs", { className: "disk" }), { preview: true });
    assert.deepEqual(one(resources, "eks-storage:index:EbsStorageClass").outputs, { className: "disk" });
  });
});
