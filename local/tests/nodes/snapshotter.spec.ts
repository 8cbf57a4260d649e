import assert from "node:assert/strict";
import { Account } from "../../aws/account";
import { mayUseKey } from "../../aws/kms/keyAccess";
import { type AwsRecord, readRecords, token } from "../../aws/records";
import type { Fields } from "../../kubernetes/client";
import type { ClusterState } from "../../nodes/clusterState";
import { snapshotSource } from "../../nodes/snapshotSource";
import { runSnapshots } from "../../nodes/snapshotter";
import { record } from "../support/apiErrorCases";
import { attempt, clusterWith, FakeApi, object as anObject } from "../support/cluster";
import { drivers } from "../support/csiDrivers";
import { localCloud } from "../support/localCloud";
import { policy, trustOfPods } from "../support/policies";

const EBS = "ebs.csi.aws.com";

const object = (kind: string, name: string, fields: Fields, metadata: Fields = {}) =>
  anObject(kind, name, fields, metadata, "snapshot.storage.k8s.io/v1");
const inCatalog = { namespace: "catalog" };

describe("The agent's snapshots", () => {
  const { records } = localCloud();
  let fake: FakeApi;
  const run = (seen: Partial<ClusterState>, controller = true, working = [EBS]) =>
    runSnapshots(fake.api, clusterWith(seen), controller, working, attempt);

  beforeEach(() => {
    fake = new FakeApi();
    records(disk);
  });

  const disk = { type: token("ebs/volume"), id: "vol-11111111", status: "ACTIVE", properties: { size: 20 } };
  const taken = (tags: Fields = { "ebs.csi.aws.com/cluster": "true" }): AwsRecord => ({
    ...{ type: token("ebs/snapshot"), id: "snap-11111111", status: "ACTIVE" },
    properties: { volumeId: "vol-11111111", volumeSize: 20, tags },
  });
  const snapshotClass = object(
    "VolumeSnapshotClass",
    "ebs",
    { driver: EBS, deletionPolicy: "Delete" },
    { annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" } },
  );
  const claim = object("PersistentVolumeClaim", "data", { spec: { volumeName: "pv" } }, inCatalog);
  const volume = object("PersistentVolume", "pv", { spec: { csi: { volumeHandle: "vol-11111111" } } });
  const asked = object(
    "VolumeSnapshot",
    "monday",
    { spec: { source: { persistentVolumeClaimName: "data" } } },
    { ...inCatalog, uid: "u" },
  );
  const content = (spec: Fields = {}, status?: Fields, metadata: Fields = {}) =>
    object(
      "VolumeSnapshotContent",
      "snapcontent-u",
      {
        spec: {
          ...{ driver: EBS, deletionPolicy: "Delete", source: { volumeHandle: "vol-11111111" } },
          ...{ volumeSnapshotRef: { namespace: "catalog", name: "monday" }, ...spec },
        },
        status,
      },
      metadata,
    );
  const ofClaim = { claims: [claim], volumes: [volume], snapshotClasses: [snapshotClass] };

  it("gives a snapshot of a claim its content, by the default class, once the controller runs", async () => {
    await run({ ...ofClaim, snapshots: [asked] }, false);
    assert.deepEqual(fake.calls, []);
    await run({ ...ofClaim, snapshots: [asked] });
    const { metadata, spec } = fake.calls[0]![1] as Fields;
    assert.equal(metadata.name, "snapcontent-u");
    assert.deepEqual([spec.source.volumeHandle, spec.deletionPolicy, spec.driver], ["vol-11111111", "Delete", EBS]);
  });

  it("takes a snapshot once, however often it is interrupted, and none without the driver", async () => {
    await run({ contents: [content()] }, true, []);
    assert.deepEqual(readRecords(), [disk]);
    await run({ contents: [content()] });
    await run({ contents: [content()] });
    const snapshots = readRecords().filter(({ type }) => type === token("ebs/snapshot"));
    assert.equal(snapshots.length, 1);
    assert.equal(snapshots[0]!.properties.volumeSize, 20);
    const status = { snapshotHandle: snapshots[0]!.id, readyToUse: true, restoreSize: 20 * 1024 ** 3 };
    assert.deepEqual(fake.calls.at(-1), ["merge", "snapcontent-u", { status }]);
  });

  it("binds a snapshot to content that is there, and says what keeps it from being ready", async () => {
    const source = { volumeSnapshotContentName: "snapcontent-u" };
    const snapshot = { ...asked, spec: { source } };
    const there = content({ source: { snapshotHandle: "snap-11111111" } });
    await run({ contents: [there] });
    const message = "InvalidSnapshot.NotFound: The snapshot 'snap-11111111' does not exist.";
    const failed = { readyToUse: false, error: { message } };
    assert.deepEqual(fake.calls, [["merge", "snapcontent-u", { status: failed }]]);
    fake.calls = [];
    await run({ snapshots: [snapshot], contents: [{ ...there, status: failed }] });
    assert.deepEqual((fake.calls.at(-1)![2] as Fields).status.error, { message });
    records(disk, taken());
    fake.calls = [];
    await run({ contents: [there] });
    assert.equal((fake.calls[0]![2] as Fields).status.readyToUse, true);
    fake.calls = [];
    await run({ snapshots: [{ ...snapshot, metadata: { ...snapshot.metadata, name: "other" } }], contents: [there] });
    assert.ok(!fake.calls.some(([, name]) => name === "other"), "bound content that is somebody else's");
  });

  it("deletes what a policy says with the snapshot, and only then lets it go", async () => {
    const deletionTimestamp = "now";
    const finalizers = ["f"];
    const gone = { ...asked, metadata: { ...asked.metadata, deletionTimestamp, finalizers } };
    records(disk, taken());
    const ready = { snapshotHandle: "snap-11111111", readyToUse: true };
    await run({ snapshots: [gone], contents: [content({}, ready, { finalizers })] });
    assert.deepEqual(fake.calls, [["delete", "snapcontent-u"]]);
    fake.calls = [];
    await run({ snapshots: [gone], contents: [content({}, ready, { finalizers, deletionTimestamp })] });
    assert.deepEqual(fake.calls, [["merge", "snapcontent-u", { metadata: { finalizers: null } }]]);
    assert.deepEqual(readRecords(), [disk]);
    records(disk, taken());
    fake.calls = [];
    await run({ snapshots: [gone], contents: [content({ deletionPolicy: "Retain" }, ready, { finalizers })] });
    assert.deepEqual(fake.calls, [["merge", "monday", { metadata: { finalizers: null } }]]);
    assert.equal(readRecords().length, 2);
  });

  it("makes a disk only from a snapshot that is ready, that the driver may read, and that fits", () => {
    const restoring = { ...claim, spec: { dataSource: { kind: "VolumeSnapshot", name: "monday" } } };
    const ready = { ...asked, status: { readyToUse: true } };
    const seen = clusterWith({ snapshots: [ready], contents: [content({}, { snapshotHandle: "snap-11111111" })] });
    const failure = (size = 20) => (snapshotSource(restoring, seen, size) as Fields).failed as string;
    assert.equal(snapshotSource(claim, seen, 20), undefined);
    assert.equal(snapshotSource(restoring, clusterWith({ snapshots: [asked] }), 20), "pending");
    assert.match(failure(), /InvalidSnapshot\.NotFound: The snapshot 'snap-11111111' does not exist/);
    records(taken({}), ...drivers);
    assert.match(failure(), /UnauthorizedOperation: .*ebs\.csi\.aws\.com\/cluster=true/);
    records(taken(), ...drivers);
    assert.match(
      failure(19),
      /requested volume size 19Gi is less than the size 20Gi for the source snapshot snap-11111111/,
    );
    assert.deepEqual(snapshotSource(restoring, seen, 20), { snapshotId: "snap-11111111", kmsKeyId: undefined });
  });

  it("makes a disk from a snapshot only with the right to its key", () => {
    const key = "arn:aws:kms:eu-west-1:111101013333:key/old";
    const actions = ["kms:Decrypt", "kms:CreateGrant"];
    const roleArn = "arn:aws:iam::111101013333:role/r";
    const ec2 = { Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } };
    const may = (Resource: string, Action: string[], more: Fields = {}) =>
      mayUseKey(
        key,
        new Account([
          record("iam/role", "r", { arn: roleArn, assumeRolePolicy: trustOfPods }),
          record("eks/podIdentityAssociation", "a", { serviceAccount: "ebs-csi-controller-sa", roleArn }),
          record("iam/rolePolicy", "p", { role: "r", policy: policy({ Effect: "Allow", Action, Resource, ...more }) }),
        ]),
      );
    assert.ok(may(key, actions));
    assert.ok(!may("arn:aws:kms:eu-west-1:111101013333:key/own", actions));
    assert.ok(!may(key, ["kms:Decrypt"]));
    assert.ok(may("arn:aws:kms:eu-west-1:111101013333:key/*", actions));
    assert.ok(!may(key, actions, ec2), "only the grant is for EC2");
    assert.ok(mayUseKey(undefined, new Account([])), "AWS's own");

    const restoring = { ...claim, spec: { dataSource: { kind: "VolumeSnapshot", name: "monday" } } };
    const snapshots = [{ ...asked, status: { readyToUse: true } }];
    const seen = clusterWith({ snapshots, contents: [content({}, { snapshotHandle: "snap-11111111" })] });
    const { properties, ...snapshot } = taken();
    records({ ...snapshot, properties: { ...properties, kmsKeyId: key } }, ...drivers);
    assert.match((snapshotSource(restoring, seen, 20) as Fields).failed as string, /InvalidVolume\.NotFound.*key\/old/);
  });
});
