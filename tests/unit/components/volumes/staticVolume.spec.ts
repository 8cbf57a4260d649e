import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import fc from "fast-check";
import {
  AccessMode,
  type EfsVolumeArgs,
  MountAccess,
  StaticVolume,
  type StaticVolumeArgs,
  staticClaimName,
} from "../../../../components/index";
import { assertOrder, one, refused, registered } from "../../../support/queries";
import { unknown } from "../../../support/registrations";

const efs = {
  fileSystemId: "fs-11111111",
  accessPointId: "fsap-11111111",
  path: "/assets",
  identity: { uid: 999, gid: 998 },
};
const s3 = { bucketName: "images", region: "eu-west-1", identity: { uid: 999, gid: 998 } };
const args: StaticVolumeArgs = { claimName: "images", namespace: "shop", efs };
const pairOf = async (changes: Partial<StaticVolumeArgs> = {}, preview = false) => {
  const resources = await registered(() => new StaticVolume("v", { ...args, ...changes }), { preview });
  return { resources, volume: one(resources, "PersistentVolume"), claim: one(resources, "PersistentVolumeClaim") };
};

describe("StaticVolume", () => {
  it("binds volume and claim to each other, and keeps every class away from them", async () => {
    const { resources, volume, claim } = await pairOf();
    const { name, namespace } = claim.inputs.metadata;
    assert.deepEqual(volume.inputs.spec.claimRef, { name, namespace });
    assert.equal(claim.inputs.spec.volumeName, volume.inputs.metadata.name);
    assert.equal(namespace, "shop");
    // Not missing: a claim without the field gets the default class.
    assert.deepEqual([volume.inputs.spec.storageClassName, claim.inputs.spec.storageClassName], ["", ""]);
    assertOrder(resources, [volume], [claim]);
  });

  it("is the access point's directory, for all pods to read and write, and is kept", async () => {
    const { volume, claim } = await pairOf();
    assert.deepEqual(volume.inputs.spec.csi, { driver: "efs.csi.aws.com", volumeHandle: "fs-11111111::fsap-11111111" });
    assert.deepEqual(
      [volume.inputs.spec.accessModes, claim.inputs.spec.accessModes],
      [["ReadWriteMany"], ["ReadWriteMany"]],
    );
    assert.equal(volume.inputs.spec.persistentVolumeReclaimPolicy, "Retain");
  });

  it("asks for as much as there is", async () => {
    const { volume, claim } = await pairOf({});
    assert.deepEqual(claim.inputs.spec.resources.requests, volume.inputs.spec.capacity);
  });

  it("has names that are known at a first preview, when the file system isn't", async () => {
    const previewed = await registered(
      () => {
        const { id } = new aws.efs.FileSystem("fs");
        new StaticVolume("v", { ...args, efs: { ...efs, fileSystemId: id, accessPointId: id } });
      },
      { preview: true },
    );
    const claimName = staticClaimName(args);
    assert.equal(one(previewed, "PersistentVolumeClaim").inputs.metadata.name, claimName);
    assert.equal(one(previewed, "PersistentVolume").inputs.metadata.name, `shop-${claimName}`);
    assert.equal(one(previewed, "PersistentVolume").inputs.spec.csi.volumeHandle, unknown);
    assert.deepEqual(one(previewed, "eks-storage:index:StaticVolume").outputs, { claimName });
  });

  it("is another pair, for Pulumi and for Kubernetes, when path, identity or the file system's name changes, and only then", async () => {
    const names = async (changed: Partial<EfsVolumeArgs>) => {
      const { volume, claim } = await pairOf({ efs: { ...efs, ...changed } });
      return [volume, claim].map(({ urn, inputs }) => [urn, inputs.metadata.name as string]);
    };
    const before = await names({});
    assert.deepEqual(await names({ fileSystemId: "fs-22222222", accessPointId: "fsap-22222222" }), before);
    for (const changed of [
      { path: "/other" },
      { identity: { uid: 1, gid: 998 } },
      { identity: { uid: 999, gid: 1 } },
      { fileSystemName: "other" },
    ]) {
      const flat = new Set(before.flat());
      assert.deepEqual(
        (await names(changed)).flat().filter((name) => flat.has(name)),
        [],
      );
    }
  });

  it("takes a file system's name for nothing else: mount option and access mode are other parts of the claim's name", () => {
    const named = (changed: Partial<EfsVolumeArgs>, accessMode?: AccessMode) =>
      staticClaimName({ claimName: "images", namespace: "shop", efs: { ...efs, ...changed }, accessMode });
    const { Roles } = MountAccess;
    const once = AccessMode.ReadWriteOnce;
    const names = [
      named({}),
      named({ mountAccess: Roles }),
      named({ fileSystemName: "iam" }),
      named({ fileSystemName: "iam", mountAccess: Roles }),
      named({}, once),
      named({ fileSystemName: once }),
      named({ fileSystemName: once }, once),
      named({ fileSystemName: "other" }),
    ];
    assert.equal(new Set(names).size, names.length);
  });

  it("signs its mounts where the file system wants that, and then is another pair: pods mount anew", async () => {
    const { volume, claim } = await pairOf();
    assert.equal(volume.inputs.spec.mountOptions, undefined);
    const signed = await pairOf({ efs: { ...efs, mountAccess: MountAccess.Roles } });
    assert.deepEqual(signed.volume.inputs.spec.mountOptions, ["iam"]);
    assert.notEqual(signed.claim.inputs.metadata.name, claim.inputs.metadata.name);
    const open = await pairOf({ efs: { ...efs, mountAccess: MountAccess.Network } });
    assert.equal(open.claim.urn, claim.urn);
  });

  it("takes another access mode that its driver has, as another pair", async () => {
    const before = (await pairOf()).claim;
    const { volume, claim } = await pairOf({ accessMode: AccessMode.ReadWriteOnce });
    assert.deepEqual(
      [volume.inputs.spec.accessModes, claim.inputs.spec.accessModes],
      [["ReadWriteOnce"], ["ReadWriteOnce"]],
    );
    assert.notEqual(claim.inputs.metadata.name, before.inputs.metadata.name);
    assert.equal((await pairOf({ accessMode: AccessMode.ReadWriteMany })).claim.urn, before.urn);
  });

  for (const [kind, changes, expected] of [
    ["EFS", { accessMode: AccessMode.ReadOnlyMany }, "ReadWriteOnce or ReadWriteMany on efs"],
    ["S3", { efs: undefined, s3, accessMode: AccessMode.ReadWriteOnce }, "ReadWriteMany or ReadOnlyMany on s3"],
  ] as const) {
    it(`refuses an access mode that ${kind} doesn't have, naming what works`, async () => {
      const message = await refused(() => new StaticVolume("v", { ...args, ...changes }));
      assert.ok(message.includes(`accessMode must be ${expected}; it is '${changes.accessMode}'`), message);
    });
  }

  it("never gives two volumes one name", () => {
    const volume = fc.record({ path: fc.string(), uid: fc.nat(99), gid: fc.nat(99) });
    const nameOf = ({ path, uid, gid }: { path: string; uid: number; gid: number }) =>
      staticClaimName({ ...args, efs: { ...efs, path, identity: { uid, gid } } });
    fc.assert(
      fc.property(volume, volume, (one, other) => {
        fc.pre(JSON.stringify(one) !== JSON.stringify(other));
        assert.notEqual(nameOf(one), nameOf(other));
      }),
    );
  });

  describe("on S3", () => {
    const onS3 = (changes: Partial<typeof s3 & { prefix: string }> = {}) =>
      pairOf({ efs: undefined, s3: { ...s3, ...changes } });

    it("is the bucket, for all pods to read, write, overwrite and delete as the pods' user", async () => {
      const { volume, claim } = await onS3();
      const { csi, mountOptions, accessModes, storageClassName, claimRef } = volume.inputs.spec;
      assert.deepEqual([csi.driver, csi.volumeAttributes], ["s3.csi.aws.com", { bucketName: "images" }]);
      assert.deepEqual(mountOptions, [
        "allow-delete",
        "allow-overwrite",
        "allow-other",
        "uid=999",
        "gid=998",
        "region eu-west-1",
      ]);
      // The driver provisions nothing and refuses ReadWriteOnce.
      assert.deepEqual([accessModes, storageClassName], [["ReadWriteMany"], ""]);
      assert.deepEqual([claimRef.name, claim.inputs.spec.storageClassName], [claim.inputs.metadata.name, ""]);
      assert.equal(claim.inputs.spec.volumeName, volume.inputs.metadata.name);
    });

    it("shows a part of the bucket on request", async () => {
      const { volume } = await onS3({ prefix: "shop/images/" });
      assert.equal(volume.inputs.spec.mountOptions.at(-1), "prefix shop/images/");
    });

    it("has a handle like no other volume's in the cluster, on one bucket too", async () => {
      const handle = async (changes: Partial<StaticVolumeArgs>) =>
        (await pairOf({ efs: undefined, s3, ...changes })).volume.inputs.spec.csi.volumeHandle as string;
      const handles = [
        await handle({}),
        await handle({ namespace: "other" }),
        await handle({ claimName: "other" }),
        await handle({ s3: { ...s3, prefix: "a/" } }),
      ];
      assert.equal(new Set(handles).size, 4);
    });

    it("is another pair when anything of it changes, and than on EFS", async () => {
      const names = [
        await pairOf(),
        await onS3(),
        await onS3({ bucketName: "other" }),
        await onS3({ region: "eu-west-2" }),
        await onS3({ prefix: "a/" }),
        await onS3({ identity: { uid: 1, gid: 998 } }),
        await onS3({ identity: { uid: 999, gid: 1 } }),
      ].flatMap(({ volume, claim }) => [volume.urn, claim.urn]);
      assert.equal(new Set(names).size, names.length);
    });

    for (const prefix of ["images", "/images/", "images//", "/", "", " images/"]) {
      it(`refuses the prefix '${prefix}'`, async () => {
        assert.equal(
          await refused(() => new StaticVolume("v", { ...args, efs: undefined, s3: { ...s3, prefix } })),
          `StaticVolume "v" has an argument that can't work:
  - s3.prefix must be the beginning of keys, with a slash at its end and none at its beginning, such as images/; it is '${prefix}'.
    Mountpoint shows a prefix as a directory; leave it out for all of the bucket.`,
        );
      });
    }
  });

  for (const [given, found] of [
    [{ efs: undefined }, "[]"],
    [{ s3 }, "[ 'efs', 's3' ]"],
  ] as const) {
    it(`refuses to be made of ${found}`, async () => {
      assert.equal(
        await refused(() => new StaticVolume("v", { ...args, ...given })),
        `StaticVolume "v" has an argument that can't work:
  - one of efs, s3 must be given, and no other; it is ${found}.
    They are alternatives: choose one, and leave out the rest.`,
      );
    });
  }

  it("goes before it is made again: nothing can hold the same name twice", async () => {
    assert.ok((await pairOf()).volume.deleteBeforeReplace);
  });
});
