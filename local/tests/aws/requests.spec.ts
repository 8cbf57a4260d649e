import assert from "node:assert/strict";
import type { Model } from "../../aws/models/model";
import { INLINE, type Members, NOT_SENT, requestsOf } from "../../aws/requests";
import type { Properties } from "../../plugins/properties";

const model: Model = {
  apiVersion: "2026-01-01",
  operations: { CreateThing: "Thing", PutPolicy: "PutPolicy", Protect: "Protect" },
  shapes: {
    Thing: {
      type: "structure",
      members: { ThingName: "Text", Encrypted: "Flag", Tags: "Tags", Rules: "Rules", Type: "Text", Options: "Rule" },
    },
    PutPolicy: { type: "structure", members: { ThingId: "Text", Policy: "Text" } },
    Protect: { type: "structure", members: { ThingId: "Text", Protection: "Text" } },
    Rules: { type: "list", member: "Rule" },
    Rule: { type: "structure", members: { RuleName: "Text", Groups: "Texts" } },
    Tags: { type: "list", member: "Tag" },
    Tag: { type: "structure", members: { Key: "Text", Value: "Text" } },
    Texts: { type: "list", member: "Text" },
    Text: { type: "string" },
    Flag: { type: "boolean" },
  },
};
const OPERATIONS = ["CreateThing", "PutPolicy", "Protect"];
const members: Members = {
  id: "ThingId",
  name: "ThingName",
  "rules.name": "RuleName",
  protection: INLINE,
  "protection.overwrite": "Protection",
  groupId: ["Rules[].Groups[]", "Type=group"],
  forceDestroy: NOT_SENT,
};
const sent = (inputs: Properties) => requestsOf(model, OPERATIONS, members, { id: "t-1", ...inputs });

/** What the first request has. */
const first = (inputs: Properties) => sent(inputs).requests[0]?.request;

describe("the requests of a resource", () => {
  it("have an input where it is called the same but for the case, or where the table says", () => {
    assert.deepEqual(first({ encrypted: true, name: "a" }), { Encrypted: true, ThingName: "a" });
    assert.deepEqual(first({ rules: [{ name: "r" }] }), { Rules: [{ RuleName: "r" }] });
    assert.deepEqual(first({ groupId: "g" }), { Rules: [{ Groups: ["g"] }], Type: "group" });
  });

  it("have AWS's form: pairs, lists of one, documents, and texts that are yes or no", () => {
    assert.deepEqual(first({ tags: { own: "a" }, tagsAll: { own: "a", all: "b" } }), {
      Tags: [
        { Key: "own", Value: "a" },
        { Key: "all", Value: "b" },
      ],
    });
    assert.deepEqual(first({ rules: { name: "r" }, options: [{ name: "o" }] }), {
      Rules: [{ RuleName: "r" }],
      Options: { name: "o" },
    });
    assert.deepEqual(first({ encrypted: "true", type: { a: [1] } }), { Encrypted: true, Type: '{"a":[1]}' });
  });

  it("are those of the operations that carry something", () => {
    const operations = (inputs: Properties) => sent(inputs).requests.map(({ operation }) => operation);
    assert.deepEqual(operations({}), ["CreateThing"]);
    assert.deepEqual(operations({ policy: "{}" }), ["CreateThing", "PutPolicy"]);
    assert.deepEqual(sent({ protection: { overwrite: "ON" } }).requests[1], {
      operation: "Protect",
      request: { ThingId: "t-1", Protection: "ON" },
    });
  });

  it("lack what is not sent or not given, and name what has no place", () => {
    const { requests, left } = sent({
      forceDestroy: true,
      name: undefined,
      __defaults: [],
      region: "eu-west-1",
      colour: 1,
    });
    assert.deepEqual([requests[0]?.request, left], [{}, ["colour"]]);
  });

  it("have what is unknown inside under its own name, for the model to find", () => {
    assert.deepEqual(first({ options: { colour: "red" } }), { Options: { colour: "red" } });
  });
});
