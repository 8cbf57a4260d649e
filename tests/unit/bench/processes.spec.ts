import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { endCloud, measure } from "../../../bench/processes";
import { runs } from "../../../local/stack/processes";

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

  it("leaves nothing: what works for a cloud ends with it, and nothing else", async () => {
    const cloud = path.join(directory, ".local", "own");
    fs.mkdirSync(cloud, { recursive: true });
    const start = (...args: string[]) => spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)", ...args]);
    const starts = `require("child_process").spawn("sleep", ["100"]).pid`;
    const engine = spawn(process.execPath, ["--eval", `console.log(${starts})`, path.join(cloud, "engine")]);
    const plugin = await new Promise<string>((resolve) => engine.stdout.setEncoding("utf8").once("data", resolve));
    const [resident, other] = [start(path.join(directory, "host.ts")), start()];
    fs.writeFileSync(path.join(cloud, "host.pid"), String(resident.pid));
    fs.writeFileSync(path.join(cloud, "older.pid"), String(other.pid));
    const ended = [engine, resident, other].map(
      (it) => new Promise((resolve) => it.once("exit", (_, by) => resolve(by))),
    );
    const [engineEnded, residentEnded, otherEnded] = ended;
    endCloud(directory, "own");
    assert.deepEqual(await Promise.all([engineEnded, residentEnded]), ["SIGKILL", "SIGKILL"]);
    other.kill("SIGTERM");
    assert.equal(await otherEnded, "SIGTERM");
    assert.ok(!runs(Number(plugin), "sleep"));
    assert.ok(!fs.existsSync(cloud));
  });
});
