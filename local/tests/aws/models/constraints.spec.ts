import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { constraintsOf, isOfType, regularExpression } from "../../../aws/models/constraints";
import { modelOf, type Shape } from "../../../aws/models/model";

const MODELS = path.join(__dirname, "../../../aws/models");
const services = fs
  .readdirSync(MODELS)
  .filter((file) => file.endsWith(".json"))
  .map((file) => path.basename(file, ".json"));

const failing = (shape: Partial<Shape>, value: unknown) =>
  constraintsOf({ type: "string", ...shape })
    .filter(({ isMet }) => !isMet(value))
    .map(({ kind, words }) => `${kind}: ${words}`);

describe("the constraints of AWS's models", () => {
  it("are read in all services: every pattern is a regular expression, every shape's shapes are there", () => {
    assert.ok(services.length >= 10);
    let patterns = 0;
    for (const { operations, shapes } of services.map(modelOf)) {
      for (const shape of Object.values(shapes)) {
        if (shape.pattern) assert.ok(regularExpression(shape.pattern), String(patterns++));
        const inner = [...Object.values(shape.members ?? {}), shape.member, shape.key, shape.value];
        for (const name of inner) assert.ok(name === undefined || name in shapes, name);
      }
      for (const input of Object.values(operations)) assert.ok(input in shapes, input);
    }
    assert.ok(patterns > 40, `${patterns} patterns`);
  });

  it("hold for the whole of a value", () => {
    assert.deepEqual(failing({ pattern: "[a-z]+" }, "ab"), []);
    assert.deepEqual(failing({ pattern: "[a-z]+" }, "ab1"), [
      "pattern: Member must satisfy regular expression pattern: [a-z]+",
    ]);
    assert.equal(failing({ pattern: "a|b" }, "ac").length, 1);
  });

  it("know letters of all languages, as Java does", () => {
    const pattern = "^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$";
    assert.deepEqual(failing({ pattern }, "Größe 空 1/2-@"), []);
    assert.equal(failing({ pattern }, "R&D").length, 1);
    // What needs no backslash is refused by JavaScript's flag `u`, unlike by Java.
    assert.deepEqual(failing({ pattern: "[\\p{L}\\:\\_]+\\#" }, "a:_#"), []);
  });

  it("bound the value of a number, the length of a text, a list and a map", () => {
    assert.deepEqual(failing({ type: "integer", min: 1, max: 3 }, 0), [
      "range: Member must have value greater than or equal to 1",
    ]);
    assert.deepEqual(failing({ type: "long", max: 3 }, 4), ["range: Member must have value less than or equal to 3"]);
    assert.deepEqual(failing({ type: "string", min: 1, max: 3 }, "1234"), [
      "length: Member must have length less than or equal to 3",
    ]);
    assert.equal(failing({ type: "list", max: 1 }, [1, 2]).length, 1);
    assert.equal(failing({ type: "map", max: 1 }, { a: 1, b: 2 }).length, 1);
    assert.deepEqual(failing({ type: "integer", min: 1, max: 3 }, 1), []);
  });

  it("name what a closed set allows", () => {
    assert.deepEqual(failing({ enum: ["a", "b"] }, "A"), ["enum: Member must satisfy enum value set: [a, b]"]);
  });

  for (const [type, right, wrong] of [
    ["string", "1", 1],
    ["integer", 1, 1.5],
    ["long", 1, "1"],
    ["double", 1.5, "1.5"],
    ["boolean", false, "false"],
    ["list", [1], { 0: 1 }],
    ["map", { a: 1 }, [1]],
    ["structure", {}, null],
    ["timestamp", "2026-01-01", 1],
  ] as const) {
    it(`tell a ${type} from what is none`, () => {
      assert.deepEqual([isOfType({ type }, right), isOfType({ type }, wrong)], [true, false]);
    });
  }
});
