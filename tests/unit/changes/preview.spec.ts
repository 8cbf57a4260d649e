import assert from "node:assert/strict";
import { type Change, Operation, partsOf } from "../../../changes/changes";
import { PreviewError, readPreview } from "../../../changes/preview";
import { notKnown, secret } from "../../../changes/values";
import { type Digest, digest, SECRET, state, type Step, step, UNKNOWN, urnOf } from "../../support/previews";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const SECRET_TYPE = "kubernetes:core/v1:Secret";

/** The changes that a preview of these steps has, without the stack itself. */
const read = (...steps: Step[]): Change[] => readPreview(JSON.stringify(digest(steps))).changes.slice(1);
const one = (...steps: Step[]): Change => {
  const [change, ...others] = read(...steps);
  assert.deepEqual(others, []);
  return change!;
};

describe("a preview's changes", () => {
  const old = state(FILE_SYSTEM, "files", { id: "fs-1", protect: true, inputs: { kmsKeyId: "a", tags: { a: "1" } } });

  it("have what a step says of a resource", () => {
    const after = { ...old, inputs: { kmsKeyId: "a", tags: { a: "2" } }, parent: urnOf("x:y:Z", "parent") };
    const dependencies = [urnOf("aws:kms/key:Key", "key")];
    assert.deepEqual(
      one(
        step(
          "update",
          old,
          { ...after, dependencies },
          { detailedDiff: { "tags.a": { kind: "update", inputDiff: true } } },
        ),
      ),
      {
        urn: old.urn,
        type: FILE_SYSTEM,
        name: "files",
        parent: after.parent,
        op: Operation.Update,
        provider: "aws",
        custom: true,
        id: "fs-1",
        old: { type: FILE_SYSTEM, inputs: old.inputs, outputs: {}, protect: true, retainOnDelete: false },
        new: { type: FILE_SYSTEM, inputs: after.inputs, outputs: {}, protect: true, retainOnDelete: false },
        properties: [{ path: "tags.a", kind: "update", causesReplacement: false, old: "1", new: "2" }],
        dependencies,
      },
    );
  });

  it("are one for the steps of a replacement, with what causes it", () => {
    const after = { ...old, inputs: { ...old.inputs, kmsKeyId: UNKNOWN } };
    const diff = {
      replaceReasons: ["kmsKeyId"],
      detailedDiff: { kmsKeyId: { kind: "update-replace", inputDiff: true } },
    };
    const whole = [
      step("create-replacement", old, after, diff),
      step("replace", old, after, diff),
      step("delete-replaced", old),
    ];
    for (const steps of [whole, [whole[1]!], [whole[2]!, whole[0]!]]) {
      const { op, properties } = one(...steps);
      assert.equal(op, Operation.Replace);
      assert.deepEqual(properties, [
        { path: "kmsKeyId", kind: "update", causesReplacement: true, old: "a", new: notKnown },
      ]);
    }
  });

  it("tell what an earlier replacement left from what is there now", () => {
    const [left, now] = read(step("delete", { ...old, delete: true }), step("same", old, old));
    assert.deepEqual([left!.leftover, left!.op, now!.leftover, now!.op], [true, "delete", undefined, "same"]);
  });

  it("name the leaves of what differs, where a provider names but the property", () => {
    const before = { ...old, inputs: { root: { path: "/a", owner: { uid: 1 } }, list: [1] } };
    const after = { ...old, inputs: { root: { path: "/b", owner: { uid: 1 }, "x.y": 1 }, list: [1, 2] } };
    const { properties } = one(
      step("replace", before, after, { replaceReasons: ["root"], diffReasons: ["list", "root"] }),
    );
    assert.deepEqual(properties, [
      { path: "list", kind: "update", causesReplacement: false, old: [1], new: [1, 2] },
      { path: "root.path", kind: "update", causesReplacement: true, old: "/a", new: "/b" },
      { path: 'root["x.y"]', kind: "add", causesReplacement: true, new: 1 },
    ]);
  });

  it("take the old value from the outputs where the difference is one of the state", () => {
    const before = { ...old, inputs: { size: 1 }, outputs: { size: 2 } };
    const { properties } = one(
      step(
        "update",
        before,
        { ...old, inputs: { size: 1 } },
        { detailedDiff: { size: { kind: "update", inputDiff: false } } },
      ),
    );
    assert.deepEqual(properties, [{ path: "size", kind: "update", causesReplacement: false, old: 2, new: 1 }]);
  });

  it("show a secret that changes as one that stays a secret: both look the same, and nothing is known of the state yet", () => {
    const before = { ...old, inputs: { value: SECRET }, outputs: { value: SECRET } };
    const after = { ...old, inputs: { value: SECRET }, outputs: {} };
    const { properties } = one(step("update", before, after, { diffReasons: ["value"] }));
    assert.deepEqual(properties, [
      { path: "value", kind: "update", causesReplacement: false, old: secret, new: secret },
    ]);
  });

  it("show no secret, also one that the program forgot to mark", () => {
    const data = { data: { password: "aHVudGVyMg==" }, stringData: { password: "hunter2" } };
    const metadata = { annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(data) } };
    const kept = state(SECRET_TYPE, "s", {
      inputs: { ...data, metadata },
      outputs: { ...data, __inputs: data, metadata },
    });
    const marked = state("random:index/randomPassword:RandomPassword", "p", {
      inputs: { length: 8, keepers: SECRET },
      outputs: { result: "hunter2", length: 8 },
      additionalSecretOutputs: ["result"],
    });
    const changes = read(
      step("update", kept, kept, { diffReasons: ["data", "stringData"] }),
      step("delete", marked),
      step("replace", marked, marked, { replaceReasons: ["keepers", "result"] }),
    );
    assert.doesNotMatch(JSON.stringify(changes), /hunter2|aHVudGVyMg/);
    assert.deepEqual(changes[1]!.old!.outputs, { result: secret, length: 8 });
    assert.deepEqual(changes[0]!.properties[0], {
      path: "data",
      kind: "update",
      causesReplacement: false,
      old: secret,
      new: secret,
    });
  });

  it("belong to one stack and project, whose names the URNs have", () => {
    const { stack, project } = readPreview(JSON.stringify(digest([step("delete", old)])));
    assert.deepEqual([stack, project], ["dev", "eks-storage"]);
    assert.deepEqual(partsOf("urn:pulumi:s::p::a:b:C$d:e/f:G::name::of:it\nx"), {
      stack: "s",
      project: "p",
      type: "d:e/f:G",
      name: "name::of:it\nx",
    });
    assert.equal(partsOf("urn:pulumi:s::p::a:b:C"), undefined);
    assert.equal(partsOf("urn:pulumi:../s::p::a:b:C::n"), undefined);
  });

  it("count what stays as it is and isn't shown", () => {
    const preview = digest([]);
    preview.changeSummary["same"] = 5;
    assert.equal(readPreview(JSON.stringify(preview)).unseen, 4);
    assert.equal(readPreview(JSON.stringify(digest([step("same", old, old)]))).unseen, 0);
  });
});

describe("what is no preview", () => {
  const HOW = "\nMake it anew: pulumi preview --json --show-sames > preview.json";
  const old = state(FILE_SYSTEM, "files");
  const deletion = step("delete", old);
  const whole = digest([deletion]);
  const refused = (input: unknown): string => {
    try {
      readPreview(typeof input === "string" ? input : JSON.stringify(input));
    } catch (error) {
      assert.ok(error instanceof PreviewError, String(error));
      assert.ok(error.message.endsWith(HOW), error.message);
      return error.message.slice(0, -HOW.length);
    }
    return assert.fail("it was read");
  };
  const withStep = (change: Partial<Record<keyof Step, unknown>>): unknown => ({
    ...whole,
    steps: [whole.steps[0], { ...deletion, ...change }],
  });

  it("is nothing at all", () => {
    assert.equal(refused(" \n"), "A preview in JSON was expected; there is nothing.");
  });

  it("is cut off", () => {
    const text = JSON.stringify(whole);
    assert.match(
      refused(text.slice(0, -20)),
      /^A preview in JSON was expected\. This is none, or its end is cut off:\n {2}.*JSON/,
    );
    assert.match(refused("Previewing update (dev):\n"), /is none/);
  });

  it("is of another form", () => {
    const what = "This isn't what pulumi preview --json prints when it ends (steps and a changeSummary):\n";
    assert.ok(refused([]).startsWith(`${what}  all of it: `));
    assert.match(refused({ steps: whole.steps }), /\n {2}changeSummary: Invalid input: expected record/);
    assert.match(refused({ version: 3, deployment: {} }), /\n {2}steps: .*\n {2}changeSummary: /);
    assert.match(refused(withStep({ oldState: { ...old, protect: "yes" } })), /\n {2}steps\.1\.oldState\.protect: /);
    const many = { ...whole, steps: Array.from({ length: 9 }, () => 1) };
    assert.match(refused(many), /\n {2}steps\.4: .*\n {2}and 4 more$/);
  });

  it("failed", () => {
    const diagnostics = [
      { severity: "warning", message: "w" },
      { severity: "error", message: "resource is protected\n\u001b[2J" },
    ];
    assert.equal(
      refused({ ...whole, diagnostics }),
      "This preview failed, so that it doesn't show all that would happen:\n  resource is protected\\u000a\\u001b[2J",
    );
  });

  it("lacks steps that it counts", () => {
    assert.equal(
      refused({ ...whole, changeSummary: { delete: 2, replace: 1, same: 1 } }),
      "This preview isn't whole: steps are missing.\n  replace: it counts 1, and shows 0\n  delete: it counts 2, and shows 1",
    );
  });

  it("is of several stacks", () => {
    const other = { ...deletion, urn: urnOf(FILE_SYSTEM, "files", "prod") };
    const steps = [...whole.steps, other];
    assert.equal(
      refused({ ...whole, steps }),
      "One stack's preview was expected; these are of:\n  eks-storage/dev\n  eks-storage/prod",
    );
  });

  it("has steps that no engine makes, all of which are told", () => {
    const steps = [
      { ...deletion, op: "destroy" },
      { ...deletion, urn: "files" },
      { ...deletion, oldState: undefined },
      { ...deletion, oldState: { ...old, type: "aws:ec2/vpc:Vpc" } },
      { ...deletion, op: "delete-replaced", oldState: undefined },
    ];
    assert.equal(
      refused({ ...whole, steps, changeSummary: {} }),
      [
        "These steps can't be judged:",
        `  "destroy" is no operation of the engine (${old.urn}).`,
        '  "files" is no URN (delete).',
        `  The old state is missing (delete of ${old.urn}).`,
        `  Its type is aws:ec2/vpc:Vpc, and by its URN ${FILE_SYSTEM} (delete of ${old.urn}).`,
        `  The old state is missing (delete-replaced of ${old.urn}).`,
      ].join("\n"),
    );
  });

  it("is deeper than a resource", () => {
    const inputs = JSON.parse(`${'{"a":'.repeat(200)}1${"}".repeat(200)}`) as Record<string, unknown>;
    const preview: Digest = digest([step("delete", { ...old, inputs })]);
    assert.equal(refused(preview), "No engine wrote this:\n  no value is nested deeper than 100 levels");
  });
});
