import assert from "node:assert/strict";
import { EfsStorageClass, type EfsStorageClassArgs, MountAccess, ReclaimPolicy } from "../../../../components/index";
import { one, refused, registered } from "../../../support/queries";

const args: EfsStorageClassArgs = {
  className: "shared",
  fileSystemId: "fs-11111111",
  identity: { uid: 999, gid: 998 },
};
const classOf = async (changes: Partial<EfsStorageClassArgs> = {}) =>
  one(await registered(() => new EfsStorageClass("efs", { ...args, ...changes })), "StorageClass");

describe("EfsStorageClass", () => {
  it("by default makes an access point a claim, which finds its files again when it is made anew", async () => {
    const { inputs } = await classOf();
    assert.equal(inputs.metadata.name, "shared");
    assert.equal(inputs.provisioner, "efs.csi.aws.com");
    assert.deepEqual(inputs.parameters, {
      provisioningMode: "efs-ap",
      fileSystemId: "fs-11111111",
      directoryPerms: "0750",
      uid: "999",
      gid: "998",
      basePath: "/dynamic",
      subPathPattern: "${.PVC.namespace}/${.PVC.name}",
      ensureUniqueDirectory: "false",
    });
    assert.deepEqual([inputs.reclaimPolicy, inputs.volumeBindingMode], ["Delete", "Immediate"]);
    assert.equal(inputs.metadata.annotations["storageclass.kubernetes.io/is-default-class"], "false");
  });

  it("takes another directory and reclaim policy, and may be the default", async () => {
    const { inputs } = await classOf({ basePath: "/team", reclaimPolicy: ReclaimPolicy.Retain, isDefault: true });
    assert.equal(inputs.parameters.basePath, "/team");
    assert.equal(inputs.reclaimPolicy, "Retain");
    assert.equal(inputs.metadata.annotations["storageclass.kubernetes.io/is-default-class"], "true");
  });

  it("has mounts signed where the file system wants that", async () => {
    assert.deepEqual((await classOf()).inputs.mountOptions, undefined);
    assert.deepEqual((await classOf({ mountAccess: MountAccess.Roles })).inputs.mountOptions, ["iam"]);
  });

  it("writes a large user id in digits", async () => {
    const { inputs } = await classOf({ identity: { uid: 4294967295, gid: 4294967295 } });
    assert.deepEqual([inputs.parameters.uid, inputs.parameters.gid], ["4294967295", "4294967295"]);
  });

  it("is deleted and made again when something changes that can't be changed, under the same name", async () => {
    const { deleteBeforeReplace, replaceOnChanges } = await classOf();
    assert.ok(deleteBeforeReplace);
    assert.deepEqual([...replaceOnChanges].sort(), ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"]);
  });

  it("ends with a name that is known at a first preview", async () => {
    const resources = await registered(() => new EfsStorageClass("efs", args), { preview: true });
    assert.deepEqual(one(resources, "eks-storage:index:EfsStorageClass").outputs, { className: "shared" });
  });

  it("refuses root and what is no number, both at once, before anything is made", async () => {
    const identity = { uid: 0, gid: NaN };
    assert.equal(
      await refused(() => new EfsStorageClass("efs", { ...args, identity })),
      `EfsStorageClass "efs" has 2 arguments that can't work:
  - identity.uid must be a whole number from 1 to 4294967295; it is 0.
    Choose the number that the workload's image runs as, never 0 (root).
  - identity.gid must be a whole number from 1 to 4294967295; it is NaN.
    Choose the number that the workload's image runs as, never 0 (root).`,
    );
  });
});
