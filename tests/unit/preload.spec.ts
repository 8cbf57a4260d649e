import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";

const CHECKOUT = path.join(__dirname, "..", "..");

/** What code prints, and says when it fails, in a process that has loaded preload.cjs. */
function run(code: string, environment: NodeJS.ProcessEnv = {}): { stdout: string; stderr: string } {
  const { stdout, stderr } = spawnSync(process.execPath, ["--require", "./preload.cjs", "--eval", code], {
    cwd: CHECKOUT,
    env: { ...process.env, ...environment },
    encoding: "utf8",
  });
  return { stdout, stderr };
}

const loaded = (what: string) =>
  `Object.keys(require.cache).filter((file) => file.includes(${JSON.stringify(what)})).length`;
const typescript = 'require("./components/typeTokens");';

describe("what Node.js loads before the program", function () {
  this.timeout(60_000);

  it("loads nothing before the first TypeScript, and the SDKs then, without npm's resolver", () => {
    const counts = `[${loaded("@pulumi/")}, ${loaded("@npmcli")}]`;
    const { stdout, stderr } = run(`const before = ${counts}; ${typescript} console.log(before, ${counts})`);
    assert.match(stdout, /^\[ 0, 0 \] \[ [1-9]\d*, 0 \]\n$/, stderr);
  });

  it("leaves the resolver to who asks for it", () => {
    const paths = 'require("@pulumi/pulumi/runtime/closure/codePaths").computeCodePaths()';
    const { stdout, stderr } = run(
      `${typescript} ${paths}.then(({ size }) => console.log(size > 0, ${loaded("@npmcli/arborist")} > 0))`,
    );
    assert.equal(stdout, "true true\n", stderr);
  });

  /** How many lines the trace of one of the SDK's promises has, and whether an error has one. */
  const traces = `${typescript} const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve();
    debuggablePromise(promise, "ours");
    console.log(promise._debugStackTrace.split("\\n").length, new Error().stack.includes("at "))`;

  it("leaves the SDK's promises without traces, and errors with theirs", () => {
    assert.equal(run(traces).stdout, "1 true\n");
  });

  it("gives the traces back to who looks for leaks", () => {
    assert.match(run(traces, { PULUMI_DEBUG_PROMISE_LEAKS: "true" }).stdout, /^(?!1 )\d+ true\n/);
  });
});
