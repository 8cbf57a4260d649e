import assert from "node:assert/strict";
import type { Model } from "../../../aws/models/model";
import { explanation, violations } from "../../../aws/models/validate";
import type { Properties } from "../../../plugins/properties";

const model: Model = {
  apiVersion: "2026-01-01",
  operations: { CreateThing: "Thing" },
  shapes: {
    Thing: {
      type: "structure",
      required: ["Name"],
      members: { Name: "Name", Size: "Size", Groups: "Names", Tags: "Tags", Labels: "Labels", Secret: "Secret" },
    },
    Name: { type: "string", min: 2, max: 5, pattern: "[a-z]+" },
    Size: { type: "integer", min: 1 },
    Names: { type: "list", member: "Name", max: 2 },
    Tags: { type: "list", member: "Tag" },
    Tag: { type: "structure", required: ["Key"], members: { Key: "Name", Value: "Name" } },
    Labels: { type: "map", key: "Name", value: "Name" },
    Secret: { type: "string", max: 3, sensitive: true },
  },
};

const EACH =
  "[Member must have length less than or equal to 5, Member must have length greater than or equal to 2, " +
  "Member must satisfy regular expression pattern: [a-z]+]";

const CASES: [what: string, request: Properties, answer: string][] = [
  [
    "a length",
    { Name: "abcdef" },
    "1 validation error detected: Value 'abcdef' at 'name' failed to satisfy constraint: Member must have length less than or equal to 5",
  ],
  [
    "two at once",
    { Name: "A" },
    "2 validation errors detected: Value 'A' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 2; " +
      "Value 'A' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
  ],
  [
    "what is missing",
    {},
    "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
  ],
  [
    "a number",
    { Name: "ab", Size: 0 },
    "1 validation error detected: Value '0' at 'size' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    "a text in a list, as a whole with all that is asked of each",
    { Name: "ab", Groups: ["ab", "1"] },
    `1 validation error detected: Value '[ab, 1]' at 'groups' failed to satisfy constraint: Member must satisfy constraint: ${EACH}`,
  ],
  [
    "a structure in a list, by its number",
    { Name: "ab", Tags: [{ Key: "ab" }, { Value: "1b" }] },
    "2 validation errors detected: Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null; " +
      "Value '1b' at 'tags.2.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-z]+",
  ],
  [
    "a key of a map",
    { Name: "ab", Labels: { "1": "ab" } },
    `1 validation error detected: Value at 'labels' failed to satisfy constraint: Map keys must satisfy constraint: ${EACH}`,
  ],
  [
    "a value of a map",
    { Name: "ab", Labels: { ab: "1" } },
    `1 validation error detected: Value at 'labels' failed to satisfy constraint: Map value must satisfy constraint: ${EACH}`,
  ],
  [
    "what is secret, without saying it",
    { Name: "ab", Secret: "hunter2" },
    "1 validation error detected: Value at 'secret' failed to satisfy constraint: Member must have length less than or equal to 3",
  ],
  [
    "what there isn't",
    { Name: "ab", Colour: "red" },
    "1 validation error detected: Value 'red' at 'colour' failed to satisfy constraint: Unknown parameter, must be one of: Name, Size, Groups, Tags, Labels, Secret",
  ],
  [
    "another type",
    { Name: "ab", Size: "large" },
    "1 validation error detected: Value 'large' at 'size' failed to satisfy constraint: Member must be of type integer",
  ],
];

describe("a request held against a model", () => {
  for (const [what, request, answer] of CASES) {
    it(`is answered in AWS's words: ${what}`, () => {
      assert.equal(explanation(violations(model, "CreateThing", request)), answer);
    });
  }

  it("is right where nothing is said", () => {
    const right = { Name: "ab", Size: 1, Groups: ["ab"], Tags: [{ Key: "ab" }], Labels: { ab: "cd" }, Secret: "x" };
    assert.deepEqual(violations(model, "CreateThing", right), []);
  });

  it("needs its operation in the model", () => {
    assert.throws(() => violations(model, "DropThing", {}), /No operation DropThing in the model: run npm run models/);
  });
});
