import assert from "node:assert/strict";
import { EbsSnapshotClass, ReclaimPolicy } from "../../../../components/index";
import { one, registered } from "../../../support/queries";

describe("EbsSnapshotClass", () => {
  it("by default lets snapshots go with what asked for them", async () => {
    const resources = await registered(() => new EbsSnapshotClass("ebs", { className: "disk" }));
    const { inputs } = one(resources, "VolumeSnapshotClass");
    assert.equal(inputs.apiVersion, "snapshot.storage.k8s.io/v1");
    assert.equal(inputs.metadata.name, "disk");
    assert.deepEqual([inputs.driver, inputs.deletionPolicy], ["ebs.csi.aws.com", "Delete"]);
    assert.equal(inputs.metadata.annotations["snapshot.storage.kubernetes.io/is-default-class"], "false");
    assert.deepEqual(one(resources, "EbsSnapshotClass").outputs, { className: "disk" });
  });

  it("keeps snapshots, and may be the default", async () => {
    const args = { className: "disk", deletionPolicy: ReclaimPolicy.Retain, isDefault: true };
    const { inputs } = one(await registered(() => new EbsSnapshotClass("ebs", args)), "VolumeSnapshotClass");
    assert.equal(inputs.deletionPolicy, "Retain");
    assert.equal(inputs.metadata.annotations["snapshot.storage.kubernetes.io/is-default-class"], "true");
  });
});
