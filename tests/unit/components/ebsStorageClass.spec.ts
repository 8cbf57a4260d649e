import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EbsStorageClass, type EbsStorageClassArgs, ReclaimPolicy } from "../../../components";
import { one, registered } from "../../support/queries";

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
