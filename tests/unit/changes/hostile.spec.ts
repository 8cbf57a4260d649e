import assert from "node:assert/strict";
import * as fc from "fast-check";
import { asJson, asMarkdown, asText } from "../../../changes/gateReport";
import { ExitCode, judge } from "../../../changes/verdict";
import { durableTypes } from "../../../components/retention/durable";
import { digest, SECRET, state, step, UNKNOWN } from "../../support/previews";

const PASSWORD = "hunter2-of-the-database";

/** A preview with each kind of step, and something durable in most. */
const files = state("aws:efs/fileSystem:FileSystem", "files", {
  id: "fs-1",
  protect: true,
  inputs: { kmsKeyId: "a", tags: { "a.b": ["x"] } },
  dependencies: [],
});
const bucket = state("aws:s3/bucket:Bucket", "images", { retainOnDelete: true, inputs: { forceDestroy: false } });
const secret = state("kubernetes:core/v1:Secret", "passwords", {
  inputs: { stringData: { password: PASSWORD } },
  outputs: {
    data: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: PASSWORD },
    stringData: SECRET,
  },
});
const vpc = state("aws:ec2/vpc:Vpc", "vpc", { inputs: { cidrBlock: UNKNOWN } });
const preview = digest([
  step("delete", state("aws:ebs/volume:Volume", "disk")),
  step("create", undefined, vpc),
  step(
    "update",
    bucket,
    { ...bucket, retainOnDelete: false, inputs: { forceDestroy: true } },
    { diffReasons: ["forceDestroy"] },
  ),
  step("replace", secret, secret, { replaceReasons: ["stringData"] }),
  step(
    "replace",
    files,
    { ...files, inputs: { kmsKeyId: UNKNOWN } },
    {
      replaceReasons: ["kmsKeyId"],
      detailedDiff: {
        kmsKeyId: { kind: "update-replace", inputDiff: true },
        'tags["a.b"][0]': { kind: "delete", inputDiff: true },
      },
    },
  ),
  step("delete-replaced", files),
]);
const text = JSON.stringify(preview);

/** Previews of one step each, which is all that they are refused for. */
const kept = { ...files, retainOnDelete: true };
const losses = [
  step("delete", files),
  step("replace", files, files),
  step("create-replacement", files, files),
  step("delete-replaced", files),
  step("same", kept, { ...kept, protect: false }),
  step("update", kept, { ...kept, retainOnDelete: false }),
].map((it) => digest([it]));

type Json = unknown;
type Path = (string | number)[];

/** Where something can be changed: the paths of all values of a document. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, it]) => pathsOf(it, [...path, key]))];
}

/** A document with another value at a path, or with none. */
function changed(document: Json, path: Path, value: Json): Json {
  if (typeof document !== "object" || document === null) return document;
  const [first, ...rest] = path as [string, ...string[]];
  if (!(first in document)) return document;
  const inner = (document as Record<string, Json>)[first];
  const next = rest.length === 0 ? value : changed(inner, rest, value);
  if (Array.isArray(document)) {
    return document.flatMap((it: Json, index) => (String(index) === first ? (next === undefined ? [] : [next]) : [it]));
  }
  const others = Object.entries(document).filter(([key]) => key !== first || next !== undefined);
  return Object.fromEntries(others.map(([key, it]) => [key, key === first ? next : it]));
}

const values = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<Json[]>(
    null,
    true,
    0,
    -1,
    1e400,
    "",
    "same",
    "delete",
    "__proto__",
    "constructor",
    [],
    {},
    [[]],
    SECRET,
    UNKNOWN,
  ),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.jsonValue({ maxDepth: 2 }),
);
/** A preview, and what is changed in it. */
const mutated = fc.oneof(
  ...[preview, ...losses].map((document) => {
    const mutation = fc.tuple(fc.constantFrom(...pathsOf(document).slice(1)), values);
    return fc.tuple(fc.constant<Json>(document), fc.array(mutation, { minLength: 1, maxLength: 4 }));
  }),
);
const isDurable = (type: unknown): boolean => typeof type === "string" && Object.hasOwn(durableTypes, type);

/** Steps that end a resource, and those that leave it, with what keeps it or without. */
const ENDING = ["delete", "replace", "create-replacement", "delete-replaced"];
const LEAVING = ["same", "update"];

interface Loss {
  op: string;
  urn: string;
  oldState?: Record<string, unknown>;
  newState?: Record<string, unknown>;
}

/** Whether a text is a preview in which a durable thing, or what keeps it, goes; by itself, apart from what the gate does. */
function losesSomething(input: string): boolean {
  try {
    const { steps } = JSON.parse(input) as { steps: Loss[] };
    return steps.some(({ op, urn, oldState, newState }) => {
      const isLost = (option: string) => oldState?.[option] === true && newState?.[option] !== true;
      const goes = ENDING.includes(op) || (LEAVING.includes(op) && ["protect", "retainOnDelete"].some(isLost));
      return goes && isDurable(urn.split("::")[2]?.split("$").at(-1));
    });
  } catch {
    return false;
  }
}

const PRINTS = [asText, asJson, asMarkdown];

/** Judges anything: it never throws, and what loses something never passes. */
function holds(input: string, overrides?: string): void {
  const verdict = judge(input, (stack) => ({
    name: `gate.${stack}.yaml`,
    ...(overrides === undefined ? {} : { content: overrides }),
  }));
  assert.ok(Object.values(ExitCode).includes(verdict.exitCode));
  assert.equal(verdict.exitCode === ExitCode.NotJudged, verdict.problem !== undefined);
  if (overrides === undefined && losesSomething(input)) assert.notEqual(verdict.exitCode, ExitCode.Passed);
  const printed = PRINTS[input.length % PRINTS.length]!(verdict);
  assert.ok(printed.length > 0);
  assert.doesNotMatch(printed, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
}

/** Together 10,000. */
const runs = (numRuns: number) => ({ numRuns });

describe("the gate, given anything,", function () {
  this.timeout(20_000);

  it("judges the preview that is changed below", () => {
    const verdict = judge(text, () => ({ name: "gate.dev.yaml" }));
    assert.equal(verdict.exitCode, ExitCode.Refused);
    assert.deepEqual(
      verdict.refused.map(({ kind, name }) => `${kind} ${name}`),
      ["deleted disk", "replaced files", "replaced passwords", "unretained images", "weakened images"],
    );
    for (const print of PRINTS) assert.ok(!print(verdict).includes(PASSWORD));
  });

  it("refuses each loss by itself", () => {
    for (const loss of losses.map((it) => JSON.stringify(it))) {
      assert.ok(losesSomething(loss), loss);
      assert.equal(judge(loss, () => ({ name: "gate.dev.yaml" })).exitCode, ExitCode.Refused, loss);
    }
  });

  it("never crashes or passes it where its end is cut off", () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), (end) => {
        const verdict = judge(text.slice(0, end), () => ({ name: "f" }));
        assert.equal(verdict.exitCode, ExitCode.NotJudged);
        holds(text.slice(0, end));
      }),
      runs(1500),
    );
  });

  it("never crashes or passes it where values are left out, or are others", () => {
    fc.assert(
      fc.property(mutated, ([document, mutations]) => {
        holds(JSON.stringify(mutations.reduce<Json>((it, [path, value]) => changed(it, path, value), document)));
      }),
      runs(5500),
    );
  });

  it("never crashes or passes it where some characters are others", () => {
    const edit = fc.tuple(fc.nat(text.length - 1), fc.nat(20), fc.string({ unit: "binary", maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        holds(edits.reduce((it, [at, length, other]) => it.slice(0, at) + other + it.slice(at + length), text));
      }),
      runs(1500),
    );
  });

  it("never crashes, whatever it gets", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((it) => Buffer.from(it).toString("utf8"));
    fc.assert(
      fc.property(fc.oneof(bytes, fc.json(), fc.string({ unit: "binary" })), (input) => holds(input)),
      runs(1000),
    );
  });

  it("never crashes on overrides", () => {
    const yaml =
      "overrides:\n  - resource: aws:ebs/volume:Volume disk\n    finding: deleted\n    reason: r\n    until: 2026-12-01\n";
    const edit = fc.tuple(fc.nat(yaml.length), fc.nat(5), fc.string({ unit: "grapheme-ascii", maxLength: 4 }));
    fc.assert(
      fc.property(edit, ([at, length, other]) => holds(text, yaml.slice(0, at) + other + yaml.slice(at + length))),
      runs(500),
    );
  });

  it("shows names that would redraw a terminal as what they are, in each form", () => {
    const redrawing = text.replaceAll("disk", "\\u001b[2J\\u202ek\\u007f\\nx");
    for (const spaces of ["", " ", "  "]) holds(redrawing + spaces);
    const printed = asText(judge(redrawing, () => ({ name: "f" })));
    assert.ok(printed.includes('resource: "aws:ebs/volume:Volume \\u001b[2J\\u202ek\\u007f\\nx"'), printed);
  });

  it("doesn't judge what is nested too deep, also for a parser", () => {
    for (const depth of [200, 9000, 200_000]) {
      const deep = text.replace('"kmsKeyId":"a"', `"a":${"[".repeat(depth)}${"]".repeat(depth)}`);
      assert.equal(judge(deep, () => ({ name: "f" })).exitCode, ExitCode.NotJudged);
    }
  });
});
