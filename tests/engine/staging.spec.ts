import assert from "node:assert/strict";
import { changes, LocalStack } from "./localStack";

describe("staging", function () {
  this.timeout("5m");
  const staging = new LocalStack("staging");

  before(() => staging.start());
  after(() => staging.stop());

  it("deploys, stays as it is, and goes without a trace", async () => {
    await staging.up();
    assert.equal(staging.kubectl("get", "nodes", "--output", "json").items.length, 4);
    assert.deepEqual(changes(await staging.up()), {});
    await staging.destroy();
    assert.deepEqual(await staging.leaked(), []);
  });
});
