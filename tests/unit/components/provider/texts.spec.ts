import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { withTexts } from "../../../../components/provider/texts";

const text = { type: "string" };
const types = { "#/types/Owner": { account: text, permissions: text, uid: { type: "number" } } };

describe("a number where a schema has a text", () => {
  const cases: [what: string, value: unknown, form: object, as: unknown][] = [
    ["is that text", 111122223333, text, "111122223333"],
    ["is that text in a list", [1, "a"], { type: "array", items: text }, ["1", "a"]],
    ["is that text in a map", { a: 1 }, { type: "object", additionalProperties: text }, { a: "1" }],
    ["is that text in an object", { account: 1, uid: 1 }, { $ref: "#/types/Owner" }, { account: "1", uid: 1 }],
    ["is that text where it is a boolean", { encrypted: true }, { additionalProperties: text }, { encrypted: "true" }],
    [
      "stays where YAML has made it of octal digits",
      { permissions: 0o770 },
      { $ref: "#/types/Owner" },
      { permissions: 504 },
    ],
    ["stays where a number belongs", 1, { type: "number" }, 1],
    ["stays where nothing is known", { other: 1 }, { $ref: "#/types/Owner" }, { other: 1 }],
  ];
  for (const [what, value, form, as] of cases)
    it(what, () => assert.deepEqual(withTexts("name", value, form, types), as));

  it("is that text in an output, which stays a secret", async () => {
    const output = withTexts("name", pulumi.secret(111122223333), text, types) as pulumi.Output<string>;
    assert.equal(await new Promise((resolve) => output.apply(resolve)), "111122223333");
    assert.equal(await pulumi.isSecret(output), true);
  });
});
