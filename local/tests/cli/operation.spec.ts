import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { EngineFailure, withEngine } from "../../cli/operation";
import { interruption } from "../../cli/terminal";
import { runningEngines } from "../../stack/recovery";

describe("an operation of the engine", () => {
  it("is stopped in order by one Ctrl-C that comes as two signals, and the engine isn't killed", async () => {
    const cloud = fs.mkdtempSync(path.join(os.tmpdir(), "operation-"));
    fs.writeFileSync(path.join(cloud, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const engine = spawn("sleep", ["30"], { argv0: "pulumi" });
    const locks = path.join(cloud, "state", ".pulumi", "locks");
    fs.mkdirSync(locks, { recursive: true });
    fs.writeFileSync(path.join(locks, "lock.json"), JSON.stringify({ pid: engine.pid }));
    const said: string[] = [];
    let atTheEnd: number[] = [];
    const { error } = console;
    console.error = (text: string) => said.push(text);
    try {
      assert.deepEqual(runningEngines(cloud), [engine.pid]);
      const ended = withEngine({ checkout: cloud, stack: "dev", cloud }, async (options) => {
        const { signal } = options as { signal: AbortSignal };
        interruption.stop!();
        interruption.stop!();
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        // A second one would have ended the engine by now.
        await new Promise((resolve) => setTimeout(resolve, 200));
        atTheEnd = runningEngines(cloud);
        throw new Error("cancelled");
      });
      await assert.rejects(ended, (failure: EngineFailure) => failure.exitCode === 130);
      assert.deepEqual(atTheEnd, [engine.pid]);
      assert.equal(said.filter((it) => it.includes("Ctrl-C again")).length, 1);
    } finally {
      console.error = error;
      engine.kill();
      fs.rmSync(cloud, { recursive: true });
    }
  });
});
