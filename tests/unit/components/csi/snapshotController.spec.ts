import assert from "node:assert/strict";
import { SnapshotController } from "../../../../components/index";
import { one, registered } from "../../../support/queries";

describe("SnapshotController", () => {
  it("is the add-on, in the version asked for", async () => {
    const resources = await registered(
      () => new SnapshotController("snap", { clusterName: "shop", version: "v8.6.0-eksbuild.8" }),
    );
    const { inputs } = one(resources, "Addon");
    assert.deepEqual(
      [inputs.clusterName, inputs.addonName, inputs.addonVersion],
      ["shop", "snapshot-controller", "v8.6.0-eksbuild.8"],
    );
    assert.deepEqual(one(resources, "SnapshotController").outputs, { addonVersion: "v8.6.0-eksbuild.8" });
  });
});
