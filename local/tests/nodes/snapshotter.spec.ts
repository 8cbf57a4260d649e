import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { World } from "../../nodes/csiDrivers";
import { mayUseKey } from "../../aws/iam/policies";
import { runSnapshots, sourceOf } from "../../nodes/snapshotter";
import { CLOUD_VARIABLE } from "../../stack/directory";
import { type AwsRecord, readRecords, token } from "../../aws/records";
import type { Fields, KubernetesApi, KubernetesObject } from "../../kubernetes/client";

const EBS = "ebs.csi.aws.com";

const object = (kind: string, name: string, fields: Fields, metadata: Fields = {}): KubernetesObject => ({
  apiVersion: "snapshot.storage.k8s.io/v1",
  kind,
  metadata: { name, ...metadata },
  ...fields,
});
const inCatalog = { namespace: "catalog" };

describe("The agent's snapshots", () => {
  const before = process.env[CLOUD_VARIABLE];
  const cloud = fs.mkdtempSync(path.join(os.tmpdir(), "snapshots-"));
  let calls: [string, ...unknown[]][] = [];

  const api = {
    create: async (created: unknown) => calls.push(["create", created]),
    merge: async ({ name }: Fields, patch: unknown) => calls.push(["merge", name, patch]),
    delete: async ({ name }: Fields) => calls.push(["delete", name]),
  } as unknown as KubernetesApi;
  const act = async (_: string, action: () => Promise<unknown>) => void (await action());
  const world = (parts: Partial<World>): World => {
    const nothing = { claims: [], volumes: [], classes: [], nodes: [], pods: [], attachments: [], drivers: [] };
    return { ...nothing, snapshots: [], contents: [], snapshotClasses: [], ...parts };
  };
  const records = (...all: AwsRecord[]) => fs.writeFileSync(path.join(cloud, "aws.json"), JSON.stringify(all));
  const run = (seen: Partial<World>, controller = true, working = [EBS]) =>
    runSnapshots(api, world(seen), controller, working, act);

  beforeEach(() => {
    process.env[CLOUD_VARIABLE] = cloud;
    calls = [];
    records(disk);
  });
  after(() => {
    if (before === undefined) delete process.env[CLOUD_VARIABLE];
    else process.env[CLOUD_VARIABLE] = before;
    fs.rmSync(cloud, { recursive: true });
  });

  const disk = { type: token("ebs/volume"), id: "vol-1", status: "ACTIVE", properties: { size: 20 } };
  const taken = (tags: Fields = { "ebs.csi.aws.com/cluster": "true" }): AwsRecord => ({
    ...{ type: token("ebs/snapshot"), id: "snap-1", status: "ACTIVE" },
    properties: { volumeId: "vol-1", volumeSize: 20, tags },
  });
  const snapshotClass = object(
    "VolumeSnapshotClass",
    "ebs",
    { driver: EBS, deletionPolicy: "Delete" },
    { annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" } },
  );
  const claim = object("PersistentVolumeClaim", "data", { spec: { volumeName: "pv" } }, inCatalog);
  const volume = object("PersistentVolume", "pv", { spec: { csi: { volumeHandle: "vol-1" } } });
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
          ...{ driver: EBS, deletionPolicy: "Delete", source: { volumeHandle: "vol-1" } },
          ...{ volumeSnapshotRef: { namespace: "catalog", name: "monday" }, ...spec },
        },
        status,
      },
      metadata,
    );
  const ofClaim = { claims: [claim], volumes: [volume], snapshotClasses: [snapshotClass] };

  it("gives a snapshot of a claim its content, by the default class, once the controller runs", async () => {
    await run({ ...ofClaim, snapshots: [asked] }, false);
    assert.deepEqual(calls, []);
    await run({ ...ofClaim, snapshots: [asked] });
    const { metadata, spec } = calls[0]![1] as Fields;
    assert.equal(metadata.name, "snapcontent-u");
    assert.deepEqual([spec.source.volumeHandle, spec.deletionPolicy, spec.driver], ["vol-1", "Delete", EBS]);
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
    assert.deepEqual(calls.at(-1), ["merge", "snapcontent-u", { status }]);
  });

  it("binds a snapshot to content that is there, and says what keeps it from being ready", async () => {
    const source = { volumeSnapshotContentName: "snapcontent-u" };
    const snapshot = { ...asked, spec: { source } };
    const there = content({ source: { snapshotHandle: "snap-1" } });
    await run({ contents: [there] });
    const message = "InvalidSnapshot.NotFound: The snapshot 'snap-1' does not exist.";
    const failed = { readyToUse: false, error: { message } };
    assert.deepEqual(calls, [["merge", "snapcontent-u", { status: failed }]]);
    calls = [];
    await run({ snapshots: [snapshot], contents: [{ ...there, status: failed }] });
    assert.deepEqual((calls.at(-1)![2] as Fields).status.error, { message });
    records(disk, taken());
    calls = [];
    await run({ contents: [there] });
    assert.equal((calls[0]![2] as Fields).status.readyToUse, true);
    calls = [];
    await run({ snapshots: [{ ...snapshot, metadata: { ...snapshot.metadata, name: "other" } }], contents: [there] });
    assert.ok(!calls.some(([, name]) => name === "other"), "bound content that is somebody else's");
  });

  it("deletes what a policy says with the snapshot, and only then lets it go", async () => {
    const deletionTimestamp = "now";
    const finalizers = ["f"];
    const gone = { ...asked, metadata: { ...asked.metadata, deletionTimestamp, finalizers } };
    records(disk, taken());
    const ready = { snapshotHandle: "snap-1", readyToUse: true };
    await run({ snapshots: [gone], contents: [content({}, ready, { finalizers })] });
    assert.deepEqual(calls, [["delete", "snapcontent-u"]]);
    calls = [];
    await run({ snapshots: [gone], contents: [content({}, ready, { finalizers, deletionTimestamp })] });
    assert.deepEqual(calls, [["merge", "snapcontent-u", { metadata: { finalizers: null } }]]);
    assert.deepEqual(readRecords(), [disk]);
    records(disk, taken());
    calls = [];
    await run({ snapshots: [gone], contents: [content({ deletionPolicy: "Retain" }, ready, { finalizers })] });
    assert.deepEqual(calls, [["merge", "monday", { metadata: { finalizers: null } }]]);
    assert.equal(readRecords().length, 2);
  });

  it("makes a disk only from a snapshot that is ready, that the driver may read, and that fits", () => {
    const restoring = { ...claim, spec: { dataSource: { kind: "VolumeSnapshot", name: "monday" } } };
    const ready = { ...asked, status: { readyToUse: true } };
    const seen = world({ snapshots: [ready], contents: [content({}, { snapshotHandle: "snap-1" })] });
    const failure = (size = 20) => (sourceOf(restoring, seen, size) as Fields).failed as string;
    assert.equal(sourceOf(claim, seen, 20), undefined);
    assert.equal(sourceOf(restoring, world({ snapshots: [asked] }), 20), "pending");
    assert.match(failure(), /InvalidSnapshot\.NotFound: The snapshot 'snap-1' does not exist/);
    records(taken({}));
    assert.match(failure(), /UnauthorizedOperation: .*ebs\.csi\.aws\.com\/cluster=true/);
    records(taken());
    assert.match(failure(19), /requested volume size 19Gi is less than the size 20Gi for the source snapshot snap-1/);
    assert.deepEqual(sourceOf(restoring, seen, 20), { snapshotId: "snap-1", kmsKeyId: undefined });
  });

  it("makes a disk from a snapshot only with the right to its key", () => {
    const key = "arn:aws:kms:eu-west-1:1:key/old";
    const actions = ["kms:Decrypt", "kms:CreateGrant"];
    const trust = {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    };
    const record = (type: string, id: string, properties: Fields): AwsRecord => {
      return { type: token(type), id, status: "ACTIVE", properties };
    };
    const may = (Resource: string, Action: string[]) =>
      mayUseKey(key, [
        record("iam/role", "r", { arn: "arn:r", assumeRolePolicy: { Statement: trust } }),
        record("eks/podIdentityAssociation", "a", { serviceAccount: "ebs-csi-controller-sa", roleArn: "arn:r" }),
        record("iam/rolePolicy", "p", { role: "r", policy: { Statement: { Effect: "Allow", Action, Resource } } }),
      ]);
    assert.ok(may(key, actions));
    assert.ok(!may("arn:aws:kms:eu-west-1:1:key/own", actions));
    assert.ok(!may(key, ["kms:Decrypt"]));
    assert.ok(mayUseKey(undefined, []), "AWS's own");

    const restoring = { ...claim, spec: { dataSource: { kind: "VolumeSnapshot", name: "monday" } } };
    const snapshots = [{ ...asked, status: { readyToUse: true } }];
    const seen = world({ snapshots, contents: [content({}, { snapshotHandle: "snap-1" })] });
    const { properties, ...snapshot } = taken();
    records({ ...snapshot, properties: { ...properties, kmsKeyId: key } });
    assert.match((sourceOf(restoring, seen, 20) as Fields).failed as string, /InvalidVolume\.NotFound.*key\/old/);
  });
});
