import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";

const MODULE = path.resolve("tests/live/support/endWithSignals.ts");

/** A process with the handler, whose stop takes a while; what it printed, and how it ended after the signals. */
async function ended(signals: NodeJS.Signals[], stop: string) {
  const program = `
    require(${JSON.stringify(MODULE)}).endWithSignals(${stop});
    setInterval(() => undefined, 1000);
    console.log("ready");
  `;
  const child = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", program], { stdio: "pipe" });
  const closed = once(child, "close") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  let output = "";
  child.stderr.on("data", (data: Buffer) => (output += data.toString()));
  await once(child.stdout, "data");
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  for (const signal of signals) {
    child.kill(signal);
    // One after the other, as they come: what comes at once is one signal to the kernel.
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [code, signal] = await closed;
  return { output, code, signal };
}

describe("a signal to the live tests", () => {
  it("lets their stack stop, once, though Ctrl-C reaches them three times", async () => {
    const stop = `async () => {
      console.log("stopping");
      await new Promise((resolve) => setTimeout(resolve, 500));
      console.log("stopped");
    }`;
    const { output, code, signal } = await ended(["SIGINT", "SIGINT", "SIGTERM"], stop);
    assert.deepEqual([code, signal], [130, null]);
    assert.equal(output, "\nSIGINT\nThe node and the control plane are taken down.\nstopping\nstopped\n");
  });

  it("ends them also where stopping fails, and says why", async () => {
    const { output, code } = await ended(["SIGTERM"], `() => Promise.reject(new Error("a mount is busy"))`);
    assert.equal(code, 130);
    assert.match(output, /^\nSIGTERM\n.*\n.*Error: a mount is busy/);
  });
});
