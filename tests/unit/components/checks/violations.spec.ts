import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { show } from "../../../../components/checks/violations";

const anOutput = () => pulumi.output("shop");

describe("a value in a message", () => {
  it("is named where it is an output, in what it is in, too", () => {
    const value = { a: anOutput(), b: [1, anOutput(), { c: Promise.resolve(), d: "x" }] };
    assert.equal(show(anOutput()), "an output");
    assert.equal(show(value), "{ a: an output, b: [ 1, an output, { c: a promise, d: 'x' } ] }");
  });

  it("is shown as ever where it is plain", () => {
    assert.deepEqual([undefined, null, "x", 1, ["a"], { a: { b: { c: { d: 1 } } } }].map(show), [
      "missing",
      "null",
      "'x'",
      "1",
      "[ 'a' ]",
      "{ a: { b: { c: [Object] } } }",
    ]);
  });
});
