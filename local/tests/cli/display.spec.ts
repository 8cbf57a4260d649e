import * as assert from "node:assert/strict";
import { stepLine, summary } from "../../cli/display";

describe("an operation's display", () => {
  it("shows steps that change something", () => {
    const step = (op: string, diffs?: string[]) =>
      stepLine({ op, diffs, type: "aws:ec2/vpc:Vpc", urn: "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::main" } as never);
    assert.equal(step("create"), "+ create aws:ec2:Vpc main");
    assert.equal(step("update", ["tags"]), "~ update aws:ec2:Vpc main [tags]");
    assert.equal(step("same"), undefined);
    assert.equal(summary({ create: 2, same: 1 }, 61), "\n2 create, 1 same, in 1 min 01 s");
  });
});
