import assert from "node:assert/strict";
import * as fs from "node:fs";
import { SCHEMA_FILE } from "../../../../schema/file";
import { ComponentPlugin } from "../../../support/plugin";

const identity = { uid: 1000, gid: 1000 };

describe("the plugin pulumi-resource-eks-storage", function () {
  this.timeout("1m");
  const plugin = new ComponentPlugin();
  before(() => plugin.start());
  after(() => plugin.stop());

  it("has the schema that is checked in", async () => {
    assert.equal(await plugin.schema(), fs.readFileSync(SCHEMA_FILE, "utf8"));
  });

  it("makes a component with its resources, and answers its outputs", async () => {
    const { urn, outputs } = await plugin.construct("eks-storage:index:EfsStorageClass", "shared", {
      className: "shared-files",
      fileSystemId: "fs-0123456789abcdef0",
      identity,
    });
    assert.equal(urn, "urn:pulumi:test::test::eks-storage:index:EfsStorageClass::shared");
    assert.deepEqual(outputs, { className: "shared-files" });
    assert.deepEqual(plugin.registered, [
      "eks-storage:index:EfsStorageClass shared",
      "kubernetes:storage.k8s.io/v1:StorageClass shared",
    ]);
  });

  it("asks once for the stack's state, before it registers anything, and again while that is being written", async () => {
    assert.equal(plugin.asked, 2);
    const { outputs } = await plugin.construct("eks-storage:index:EbsStorageClass", "disks", { className: "disks" });
    assert.deepEqual(outputs, { className: "disks" });
    assert.equal(plugin.asked, 2);
  });

  it("refuses wrong arguments, all in one message, and registers nothing", async () => {
    plugin.registered.length = 0;
    const wrong = { className: "shared-files", fileSystemId: "fs-0123456789abcdef0", identity: { uid: 0, gid: -1 } };
    await assert.rejects(plugin.construct("eks-storage:index:EfsStorageClass", "shared", wrong), (error: Error) => {
      assert.match(error.message, /^EfsStorageClass "shared" has 2 arguments that can't work:\n/);
      assert.match(error.message, /identity\.uid.*\n.*identity\.gid/s);
      return true;
    });
    assert.deepEqual(plugin.registered, []);
  });

  it("says what it has to a program of another version", async () => {
    await assert.rejects(plugin.construct("eks-storage:index:Volume", "shared", {}), {
      message:
        /^eks-storage \d+\.\d+\.\d+ has no component eks-storage:index:Volume\. It has: .*StaticVolume.*make it anew: pulumi package add \.\/node_modules\/eks-storage\/schema\.json$/s,
    });
  });
});
