import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { NOT_RUN } from "../../live/support/requirements";

const CHECKOUT = path.join(__dirname, "../../..");

describe("npm run test:live", () => {
  it("ends with 77 where it can't be run, says why, and begins nothing", function () {
    this.timeout(60_000);
    const mocha = path.join(path.dirname(require.resolve("mocha/package.json")), "bin/mocha.js");
    // There is no dpkg-query there, nor anything with which a node could be begun.
    const options = { cwd: CHECKOUT, env: { PATH: "/nowhere" }, encoding: "utf8" } as const;
    const { status, stdout } = spawnSync(process.execPath, [mocha, "--config", "tests/live/mocharc.cjs"], options);
    assert.deepEqual([status, NOT_RUN], [77, 77], stdout);
    assert.match(stdout, /^Not run: real pods need a real node\.\n- \w/);
    assert.doesNotMatch(stdout, /passing/);
  });
});
