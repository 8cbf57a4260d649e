import assert from "node:assert/strict";
import { UserError } from "../../cli/terminal";
import { namespaced, parseConfig } from "../../stack/configuration";

describe("a local stack's configuration", () => {
  it("is set as the person writes it", () => {
    assert.deepEqual(parseConfig("p", ["replicas=3", "aws:region=eu-west-1", "a=b=c", 'zones=["x","y"]', "empty="]), {
      "p:replicas": "3",
      "aws:region": "eu-west-1",
      "p:a": "b=c",
      "p:zones": ["x", "y"],
      "p:empty": "",
    });
  });

  it("is refused where it can't be read", () => {
    assert.throws(() => parseConfig("p", ["replicas"]), new UserError("--config must be key=value, got replicas"));
    assert.throws(
      () => parseConfig("p", ["zones=[x"]),
      new UserError("--config zones must be JSON, since it begins with [ or {; got [x"),
    );
  });

  it("has the project's namespace where a stack's file gives none", () => {
    assert.deepEqual(namespaced("p", { vpcId: "vpc-1", "p:zone": "a", "aws:region": "eu-west-1" }), {
      "p:vpcId": "vpc-1",
      "p:zone": "a",
      "aws:region": "eu-west-1",
    });
    assert.deepEqual(namespaced("p"), {});
  });
});
