import assert from "node:assert/strict";
import { AccessMode, DynamicVolume, type DynamicVolumeArgs } from "../../../../components/index";
import { one, refused, registered } from "../../../support/queries";

const args: DynamicVolumeArgs = {
  claimName: "images",
  namespace: "shop",
  storageClassName: "efs",
  identity: { uid: 999, gid: 998 },
};
const volume = (changes: Partial<DynamicVolumeArgs> = {}) => new DynamicVolume("v", { ...args, ...changes });
const claimOf = async (changes: Partial<DynamicVolumeArgs> = {}) =>
  one(await registered(() => volume(changes)), "PersistentVolumeClaim");

describe("DynamicVolume", () => {
  it("is a claim that all pods share, on its class, and names no volume", async () => {
    const { spec, metadata } = (await claimOf()).inputs;
    assert.deepEqual([spec.storageClassName, spec.accessModes, spec.volumeName], ["efs", ["ReadWriteMany"], undefined]);
    assert.equal(metadata.namespace, "shop");
  });

  it("has the same name each time it is made, which is the directory's, and knows it at a first preview", async () => {
    const { name } = (await claimOf()).inputs.metadata;
    assert.match(name as string, /^images-[0-9a-f]{8}$/);
    assert.equal((await claimOf({ accessMode: AccessMode.ReadWriteMany })).inputs.metadata.name, name);
    const previewed = await registered(() => volume(), { preview: true });
    assert.deepEqual(one(previewed, "eks-storage:index:DynamicVolume").outputs, { claimName: name });
  });

  it("is another claim, for Pulumi and for Kubernetes, with another user, class, file system or access mode", async () => {
    const changes = [
      {},
      { identity: { uid: 1, gid: 998 } },
      { identity: { uid: 999, gid: 1 } },
      { storageClassName: "b" },
      { fileSystemName: "other" },
      { accessMode: AccessMode.ReadWriteOnce },
      { fileSystemName: AccessMode.ReadWriteOnce },
    ];
    const claims = [];
    for (const change of changes) claims.push(await claimOf(change));
    assert.equal(new Set(claims.map(({ urn }) => urn)).size, changes.length);
    assert.equal(new Set(claims.map(({ inputs }) => inputs.metadata.name as string)).size, changes.length);
  });

  it("refuses root, and an access mode that EFS doesn't have, both at once", async () => {
    assert.equal(
      await refused(() => volume({ identity: { uid: 0, gid: 1 }, accessMode: AccessMode.ReadOnlyMany })),
      `DynamicVolume "v" has 2 arguments that can't work:
  - identity.uid must be a whole number from 1 to 4294967295; it is 0.
    Choose the number that the workload's image runs as, never 0 (root).
  - accessMode must be ReadWriteOnce or ReadWriteMany on efs; it is 'ReadOnlyMany'.
    EFS is written by one node or by many; for pods that only read, mount the volume with readOnly.`,
    );
  });
});
