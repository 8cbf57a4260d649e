import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { endAllIn, measure } from "../../../bench/processes";

describe("what the bench measures of a command", function () {
  this.timeout("1m");
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-measured-"));
  const log = path.join(directory, "log");
  after(() => fs.rmSync(directory, { recursive: true, force: true }));
  const node = (script: string) => measure([process.execPath, "--eval", script], log, directory);

  it("is its time, and its processor time with that of what it starts", async () => {
    const busy = "for (const end = process.cpuUsage().user + 5e5; process.cpuUsage().user < end; );";
    const waiting = await node("setTimeout(() => {}, 500)");
    const starting = await node(`require("child_process").execFileSync(process.execPath, ["--eval", "${busy}"])`);
    assert.ok(waiting.seconds >= 0.5);
    assert.ok(waiting.processorSeconds! < waiting.seconds);
    assert.ok(starting.processorSeconds! >= 0.5);
  });

  it("is the memory of its largest process, and of all together", async () => {
    const holds = "const held = Buffer.alloc(2e8, 1); setTimeout(() => held, 1000);";
    const { largestMegabytes, allMegabytes } = await node(
      `${holds} require("child_process").spawn(process.execPath, ["--eval", ${JSON.stringify(holds)}])`,
    );
    assert.ok(largestMegabytes! > 200 && largestMegabytes! < 350, `${largestMegabytes} MB`);
    assert.ok(allMegabytes! > 400, `${allMegabytes} MB`);
  });

  it("isn't taken from one that fails, which tells what it said", async () => {
    await assert.rejects(node("console.log('no cloud'); process.exit(3)"), /--eval .* failed:\nno cloud/);
  });

  it("leaves nothing: what runs from a directory ends with it", async () => {
    const own = path.join(directory, "own");
    fs.mkdirSync(own);
    const stays = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)", path.join(own, "resident")]);
    const ended = new Promise((resolve) => stays.once("exit", (_, signal) => resolve(signal)));
    endAllIn(own);
    assert.equal(await ended, "SIGKILL");
    assert.ok(!fs.existsSync(own));
  });
});
