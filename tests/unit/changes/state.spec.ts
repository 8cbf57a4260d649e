import assert from "node:assert/strict";
import { type Change, Operation } from "../../../changes/changes";
import { readState, StateError, withChanges } from "../../../changes/state";
import { urnOf } from "../../support/urns";

const urn = urnOf("aws:ssm/parameter:Parameter", "p");
const parameter = {
  ...{
    urn,
    custom: true,
    id: "/p",
    type: "aws:ssm/parameter:Parameter",
    parent: urnOf("pulumi:pulumi:Stack", "shop-dev"),
  },
  ...{ inputs: { value: "a password" }, outputs: { value: "a password" }, dependencies: [urnOf("a:b:C", "d")] },
};
const read = { urn, custom: true, parent: parameter.parent, dependencies: parameter.dependencies };
const exported = (...resources: object[]) => JSON.stringify({ version: 3, deployment: { manifest: {}, resources } });

describe("a stack's state", () => {
  it("is read as pulumi stack export prints it, and as a backend of files keeps it; nothing secret is among it", () => {
    assert.deepEqual(readState(exported(parameter)), [read]);
    const kept = JSON.stringify({ version: 3, checkpoint: { stack: "s", latest: { resources: [parameter] } } });
    assert.deepEqual(readState(`\ufeff${kept}`), [read]);
  });

  it("of a new stack is empty", () => {
    assert.deepEqual(readState(JSON.stringify({ deployment: {} })), []);
    assert.deepEqual(readState(JSON.stringify({ checkpoint: { latest: null } })), []);
  });

  it("has a resource once, also where a replacement has left another one to delete", () => {
    const left = { ...parameter, delete: true, dependencies: [] };
    assert.deepEqual(readState(exported(left, parameter)), [read]);
    assert.deepEqual(readState(exported(parameter, left)), [read]);
    assert.deepEqual(readState(exported(left)), [{ ...read, dependencies: [] }]);
  });

  it("is refused where it is none, with how to get one", () => {
    const how = /\nMake it anew: pulumi stack export --file state\.json$/;
    for (const text of ["", "{", exported(parameter).slice(0, -9)])
      assert.throws(
        () => readState(text),
        (error: Error) =>
          error instanceof StateError &&
          /^A state in JSON was expected\. .*cut off: /.test(error.message) &&
          how.test(error.message),
      );
    for (const text of [
      "[]",
      "7",
      '{"steps": []}',
      exported({ urn: 7 }),
      exported({ urn: "a" }),
      '{"checkpoint": {"latest": []}}',
    ])
      assert.throws(
        () => readState(text),
        (error: Error) =>
          error instanceof StateError &&
          /^A state has a deployment with resources/.test(error.message) &&
          how.test(error.message),
        text,
      );
  });
});

describe("a state with a preview's changes", () => {
  const change = (of: Partial<Change>): Change => ({
    ...{ urn, type: "aws:ssm/parameter:Parameter", name: "p", op: Operation.Update, provider: "aws", custom: true },
    ...{ properties: [], dependencies: [], ...of },
  });

  it("has what changes as the preview leaves it, and the rest as it is", () => {
    const other = { ...read, urn: urnOf("a:b:C", "e") };
    const created = urnOf("a:b:C", "new");
    assert.deepEqual(
      withChanges([read, other], [change({}), change({ urn: created, op: Operation.Create, parent: urn })]),
      [
        // The engine's events don't say what an update needs.
        { urn, custom: true, dependencies: read.dependencies, op: Operation.Update },
        other,
        { urn: created, custom: true, dependencies: [], op: Operation.Create, parent: urn },
      ],
    );
  });

  it("has of what a change needs what the preview says", () => {
    const [{ dependencies }] = withChanges([read], [change({ dependencies: ["x"] })]) as [typeof read];
    assert.deepEqual(dependencies, ["x"]);
  });

  it("isn't without a resource because what it replaced is deleted at last", () => {
    const leftover = change({ op: Operation.Delete, leftover: true });
    assert.deepEqual(withChanges([read], [leftover]), [read]);
    assert.deepEqual(
      withChanges([], [leftover, change({})]).map(({ op }) => op),
      [Operation.Update],
    );
    assert.deepEqual(
      withChanges([], [change({}), leftover]).map(({ op }) => op),
      [Operation.Update],
    );
  });
});
