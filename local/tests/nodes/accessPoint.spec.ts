import assert from "node:assert/strict";
import { accessPointFor } from "../../nodes/accessPoint";

const parameters = { fileSystemId: "fs-11111111", directoryPerms: "0750", uid: "999", gid: "998" };
const claimed = { namespace: "shop", claim: "images", volume: "pvc-1", uid: "1" };
const pathOf = (changes: Record<string, string>, uid = "1") =>
  accessPointFor({ ...parameters, ...changes }, { ...claimed, uid, volume: `pvc-${uid}` }).rootDirectory.path;

describe("an access point of the EFS driver", () => {
  const pattern = { basePath: "/dynamic", subPathPattern: "${.PVC.namespace}/${.PVC.name}" };

  it("belongs to the class's user", () => {
    const { posixUser, rootDirectory, fileSystemId } = accessPointFor(parameters, claimed);
    assert.deepEqual([posixUser, fileSystemId], [{ uid: 999, gid: 998 }, "fs-11111111"]);
    assert.deepEqual(rootDirectory.creationInfo, { ownerUid: 999, ownerGid: 998, permissions: "0750" });
  });

  it("is in the same directory for a claim made anew, where the class says so, and only there", () => {
    const same = { ...pattern, ensureUniqueDirectory: "false" };
    assert.deepEqual([pathOf(same), pathOf(same, "2")], ["/dynamic/shop/images", "/dynamic/shop/images"]);
    assert.deepEqual([pathOf(pattern), pathOf(pattern, "2")], ["/dynamic/shop/images-1", "/dynamic/shop/images-2"]);
    assert.deepEqual([pathOf({}), pathOf({}, "2")], ["/pvc-1", "/pvc-2"]);
  });
});
