import assert from "node:assert/strict";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { releasedSchema } from "../../../schema/released";
import { assertCompatible, incompatibilities, mayBreak } from "../../../schema/compatibility";

/** A released schema, anew each time, so that a case can change it. */
const released = () => ({
  name: "p",
  version: "1.2.3",
  resources: {
    "p:index:Volume": {
      type: "object" as const,
      inputProperties: {
        size: { type: "number" as const } as Record<string, unknown>,
        labels: { type: "object" as const, additionalProperties: { type: "string" } } as Record<string, unknown>,
        class: { $ref: "#/types/p:index:Class", plain: true } as Record<string, unknown>,
      } as Record<string, any>,
      requiredInputs: ["size"],
      properties: { id: { type: "string" as const } } as Record<string, any>,
      required: ["id"],
    },
  } as Record<string, any>,
  types: {
    "p:index:Class": {
      type: "object" as const,
      properties: { tier: { $ref: "#/types/p:index:Tier" } } as Record<string, any>,
      required: [] as string[],
    },
    "p:index:Tier": { type: "string" as const, enum: [{ name: "Hot", value: "hot" }] },
  } as Record<string, any>,
});

type Schema = ReturnType<typeof released>;

/** By what changes: how, and what is said of it. */
const cases: Record<string, [change: (schema: Schema, volume: any, type: any) => void, said: string[]]> = {
  "a removed component": [
    ({ resources }) => delete resources["p:index:Volume"],
    ["the component p:index:Volume is gone"],
  ],
  "a renamed argument": [
    (_, volume) => {
      volume.inputProperties.sizeInGib = volume.inputProperties.size;
      delete volume.inputProperties.size;
      volume.requiredInputs = ["sizeInGib"];
    },
    ["Volume: the argument size is gone", "Volume: the argument sizeInGib is required now"],
  ],
  "an argument of another type": [
    (_, volume) => (volume.inputProperties.size = { type: "string" }),
    ["Volume: the argument size is of another type"],
  ],
  "a collection of another type": [
    (_, volume) => (volume.inputProperties.labels.additionalProperties = { type: "number" }),
    ["Volume: the argument labels is of another type"],
  ],
  "an argument that no output may be given to any more": [
    (_, volume) => (volume.inputProperties.size.plain = true),
    ["Volume: the argument size takes no output any more"],
  ],
  "a collection whose items may be no outputs any more": [
    (_, volume) => (volume.inputProperties.labels.additionalProperties.plain = true),
    ["Volume: the argument labels takes no output any more"],
  ],
  "an argument that is required now": [
    (_, volume) => (volume.requiredInputs = ["size", "class"]),
    ["Volume: the argument class is required now"],
  ],
  "a new argument that is required": [
    (_, volume) => {
      volume.inputProperties.zone = { type: "string" };
      volume.requiredInputs = ["size", "zone"];
    },
    ["Volume: the argument zone is required now"],
  ],
  "a removed output": [
    (_, volume) => {
      volume.properties = {};
      volume.required = [];
    },
    ["Volume: the output id is gone"],
  ],
  "an output that may be absent now": [
    (_, volume) => (volume.required = []),
    ["Volume: the output id may be absent now"],
  ],
  "a removed type": [({ types }) => delete types["p:index:Tier"], ["the type p:index:Tier is gone"]],
  "a property of a type that is required now": [
    (_, __, type) => (type.required = ["tier"]),
    ["Class: the property tier is required now"],
  ],
  "a removed property of a type": [(_, __, type) => delete type.properties.tier, ["Class: the property tier is gone"]],
  "a removed value": [({ types }) => (types["p:index:Tier"].enum = []), ["Tier: the value Hot = hot is gone"]],
  "a value of another name": [
    ({ types }) => (types["p:index:Tier"].enum[0].name = "Warm"),
    ["Tier: the value Hot = hot is gone"],
  ],
  "descriptions, secrets, and what is new and optional": [
    ({ resources, types }, volume, type) => {
      volume.description = "Another text.";
      volume.inputProperties.size.description = "Another text.";
      volume.inputProperties.zone = { type: "string", plain: true };
      volume.properties.id.secret = true;
      volume.properties.arn = { type: "string" };
      type.properties.name = { type: "string" };
      types["p:index:Tier"].enum.push({ name: "Cold", value: "cold" });
      types["p:index:More"] = { type: "object" };
      resources["p:index:Bucket"] = { type: "object" };
    },
    [],
  ],
  "an argument that may be left out, or be an output, now": [
    (_, volume) => {
      volume.requiredInputs = [];
      delete volume.inputProperties.class.plain;
    },
    [],
  ],
};

const asSpec = (schema: Schema) => schema as unknown as PackageSpec;

describe("a schema's compatibility with the last release's", () => {
  for (const [what, [change, said]] of Object.entries(cases)) {
    it(`${said.length > 0 ? "is broken" : "is kept"} by ${what}`, () => {
      const now = released();
      change(now, now.resources["p:index:Volume"], now.types["p:index:Class"]);
      assert.deepEqual(incompatibilities(asSpec(released()), asSpec(now)), said);
    });
  }

  it("is asked of nothing before the first release, then of what that was", () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "released-")), "released.json");
    assert.equal(releasedSchema(file), undefined);
    fs.writeFileSync(file, JSON.stringify(released()));
    assert.deepEqual(releasedSchema(file), released());
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  it("may be broken by another major version, and below 1.0.0 by another minor", () => {
    const broken = (before: string, after: string) => mayBreak(before, after);
    assert.deepEqual(
      [broken("1.2.3", "1.3.0"), broken("1.2.3", "2.0.0"), broken("0.1.0", "0.1.1"), broken("0.1.0", "0.2.0")],
      [false, true, false, true],
    );
    assert.deepEqual(
      [broken("0.9.0", "1.0.0"), broken("10.0.0", "1.0.0"), broken("1.0.0", "1.0.0")],
      [true, true, false],
    );
  });

  it("is refused in one message unless the version says so", () => {
    const now = released();
    now.version = "1.3.0";
    now.resources["p:index:Volume"].requiredInputs = ["size", "class"];
    now.types["p:index:Tier"].enum = [];
    assert.throws(() => assertCompatible(asSpec(released()), asSpec(now)), {
      message:
        "Version 1.3.0 breaks programs that work with 1.2.3:\n" +
        "  - Volume: the argument class is required now\n" +
        "  - Tier: the value Hot = hot is gone\n" +
        "Keep the old beside the new, or make it a major version (components/README.md, Versions).",
    });
    now.version = "2.0.0";
    assert.doesNotThrow(() => assertCompatible(asSpec(released()), asSpec(now)));
  });
});
