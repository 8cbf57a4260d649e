import assert from "node:assert/strict";
import { Recording, Told } from "../../../changes/events";
import { findingsOf } from "../../../changes/gate";
import { readPreview } from "../../../changes/preview";

const URN = "urn:pulumi:dev::eks-storage::aws:efs/fileSystem:FileSystem::files";
const state = (inputs: object, more: object = {}) => ({
  ...{ type: "aws:efs/fileSystem:FileSystem", urn: URN, custom: true, id: "fs-1", parent: "", provider: "" },
  ...{ inputs, outputs: inputs, ...more },
});
const step = (metadata: object) => ({ type: "aws:efs/fileSystem:FileSystem", urn: URN, provider: "", ...metadata });
const before = (metadata: object) => ({ resourcePreEvent: { metadata: step(metadata), planning: true } });
const after = (metadata: object) => ({ resOutputsEvent: { metadata: step(metadata), planning: true } });
const ends = (resourceChanges: object) => ({ summaryEvent: { resourceChanges } });

function heard(told: Told, ...events: object[]): Recording {
  const recording = new Recording(told);
  for (const event of events) recording.add(event);
  return recording;
}
const read = (recording: Recording) => readPreview(JSON.stringify(recording.digest()));

describe("what the engine tells", () => {
  const replaced = {
    op: "replace",
    old: state({ kmsKeyId: "a" }, { protect: true, retainOnDelete: true }),
    new: state({ kmsKeyId: "b" }),
    diffs: ["kmsKeyId"],
    keys: ["kmsKeyId"],
    detailedDiff: { kmsKeyId: { diffKind: "update-replace", inputDiff: false } },
  };

  it("of a preview is read as what pulumi preview --json prints", () => {
    const { stack, changes, unseen } = read(heard(Told.Before, before(replaced), ends({ replace: 1 })));
    assert.deepEqual([stack, unseen, changes.length], ["dev", 0, 1]);
    const [change] = changes;
    assert.deepEqual([change!.op, change!.id, change!.custom], ["replace", "fs-1", true]);
    assert.deepEqual([change!.old!.protect, change!.old!.retainOnDelete], [true, true]);
    assert.deepEqual([change!.new!.protect, change!.new!.retainOnDelete], [false, false]);
    assert.deepEqual(change!.properties, [
      { path: "kmsKeyId", kind: "update", causesReplacement: true, old: "a", new: "b" },
    ]);
  });

  it("of a preview says which bucket gets a setting, though not what depends on what", () => {
    const resource = (type: string, op: string, inputs: object, id = "") => {
      const urn = `urn:pulumi:dev::eks-storage::${type}::images`;
      const it = state(inputs, { type, urn, id });
      return { resourcePreEvent: { metadata: { op, urn, ...(op === "create" ? { new: it } : { old: it, new: it }) } } };
    };
    const bucketIs = (op: string, inputs: object, id?: string) => resource("aws:s3/bucket:Bucket", op, inputs, id);
    const SETTING = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const rules = [{ status: "Enabled", filter: {}, expiration: { days: 7 } }];
    const found = (bucket: object, op = "create") => {
      const setting = resource(SETTING, op, { bucket: "images-1", rules });
      const recording = heard(Told.Before, bucket, setting, ends({}));
      return findingsOf(read(recording).changes).map(({ kind, type }) => `${kind} ${type}`);
    };
    assert.deepEqual(found(bucketIs("same", {}, "images-1")), [`weakened ${SETTING}`]);
    assert.deepEqual(found(bucketIs("same", { bucket: "images-1" }, "x")), [`weakened ${SETTING}`]);
    assert.deepEqual(found(bucketIs("import", { bucket: "images-1" })), [`weakened ${SETTING}`]);
    assert.deepEqual(found(bucketIs("same", {}, "other")), []);
    assert.deepEqual(found(bucketIs("create", { bucket: "images-1" })), []);
    assert.deepEqual(found(bucketIs("same", {}, "images-1"), "same"), []);
  });

  it("of what stays the same is read too, with null for what is empty", () => {
    const same = { op: "same", old: state({}), new: state({}), keys: null, diffs: null, detailedDiff: null };
    const { changes, unseen } = read(heard(Told.Before, before(same), ends({ same: 1 })));
    assert.deepEqual([changes.map(({ op }) => op), unseen], [["same"], 0]);
  });

  it("of a refresh is what it has found, not what it is about to look at", () => {
    const looks = before({ op: "refresh", old: state({ throughputMode: "elastic" }) });
    const found = after({
      op: "update",
      old: state({ throughputMode: "elastic" }),
      new: state({ throughputMode: "bursting" }),
      diffs: ["throughputMode"],
    });
    const { changes } = read(heard(Told.After, looks, found, ends({ update: 1 })));
    assert.deepEqual(
      changes.map(({ op, properties }) => [op, properties.map(({ path }) => path)]),
      [["update", ["throughputMode"]]],
    );
  });

  it("of policies is told once each, with whether it stops the deployment", () => {
    const finding = { resourceUrn: URN, policyName: "efs-encrypted", message: "<{%fg 13%}>Encrypt it.<{%reset%}>\n" };
    const twice = [1, 2].map(() => ({ policyEvent: { ...finding, enforcementLevel: "mandatory" } }));
    const ofStack = { policyEvent: { policyName: "backups", message: "None.", enforcementLevel: "warning" } };
    assert.deepEqual(heard(Told.Before, ...twice, ofStack).policies, [
      { policy: "efs-encrypted", level: "mandatory", urn: URN, message: "Encrypt it." },
      { policy: "backups", level: "advisory", message: "None." },
    ]);
  });

  it("is whole where it ends with its counts, and says why it failed", () => {
    assert.equal(heard(Told.Before, before(replaced)).isWhole, false);
    assert.equal(heard(Told.Before, ends({})).isWhole, true);
    const error = { diagnosticEvent: { severity: "error", message: "<{%fg 1%}>boom<{%reset%}>\n" } };
    const notice = { diagnosticEvent: { severity: "warning", message: "hm" } };
    const recording = heard(Told.Before, error, error, notice);
    recording.fail("killed");
    assert.deepEqual(recording.errors, ["boom", "killed"]);
  });

  it("is what the program says besides, each once, warnings first, whatever the order was", () => {
    const says = (severity: string, message: string, more: object = {}) => ({
      diagnosticEvent: { severity, message: `<{%reset%}>${message}<{%reset%}>\n`, ...more },
    });
    const events = [
      ...[says("info", "The disk grows."), says("warning", "b"), says("warning", "a"), says("info", "a")],
      ...[says("debug", "x"), says("info", "waiting", { ephemeral: true }), says("error", "boom"), says("info", "")],
      says("warning", "using pulumi-resource-aws from $PATH at /stand-in"),
    ];
    const expected = ["a", "b", "The disk grows."];
    assert.deepEqual(heard(Told.Before, ...events).notices, expected);
    assert.deepEqual(heard(Told.Before, ...[...events].reverse()).notices, expected);
  });
});
