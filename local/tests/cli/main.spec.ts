import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

describe("on Windows", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "windows-"));
  const windows = path.join(directory, "windows.cjs");
  before(() => fs.writeFileSync(windows, 'Object.defineProperty(process, "platform", { value: "win32" });'));
  after(() => fs.rmSync(directory, { recursive: true }));

  /** Runs something of this checkout as Windows would, where there is no Go that could build anything. */
  function run(...args: string[]) {
    const node = ["--require", require.resolve("tsx/cjs"), "--require", windows, ...args];
    const env = { PATH: directory, HOME: directory, LOCALAPPDATA: directory };
    return spawnSync(process.execPath, node, { encoding: "utf8", env, timeout: 20_000 });
  }

  const main = require.resolve("../../cli/main");
  for (const command of [["doctor"], ["up"], ["kubectl", "get", "pods"], ["kubernetes-plugin"]]) {
    it(`${command[0]} says what to do`, () => {
      const { status, stdout, stderr } = run(main, ...command);
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(stderr, /^error: The local cloud runs on Linux and macOS\. On Windows use WSL 2 /);
    });
  }

  it("the engine tests say what to do", () => {
    const setup = JSON.stringify(path.join(__dirname, "..", "..", "..", "tests", "engine", "setup.ts"));
    const { status, stderr } = run("--eval", `require(${setup}).mochaGlobalSetup()`);
    assert.equal(status, 1);
    assert.match(stderr, /UserError: The local cloud runs on Linux and macOS\. On Windows use WSL 2 /);
  });
});
