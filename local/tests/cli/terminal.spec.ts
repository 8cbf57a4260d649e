import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  countingInterruptions,
  duration,
  explained,
  fit,
  interactive,
  interruption,
  locked,
  UserError,
} from "../../cli/terminal";

describe("local commands at the terminal", () => {
  it("write durations and lines that fit", () => {
    assert.equal(duration(400), "0 s");
    assert.equal(duration(125_000), "2 min 05 s");
    assert.equal(fit("x".repeat(77), 80).length, 77);
    assert.equal(fit("x".repeat(90), 80).length, 77);
  });

  it("take signals that come at once for one interruption", () => {
    const counts: number[] = [];
    const signal = countingInterruptions((count) => counts.push(count));
    const now = performance.now.bind(performance);
    try {
      for (const milliseconds of [5000, 5001, 5900, 6100, 6101, 9000]) {
        performance.now = () => milliseconds;
        signal();
      }
    } finally {
      performance.now = now;
    }
    assert.deepEqual(counts, [1, 2, 3]);
  });

  it("say what commands are for beside them where 80 columns have room, otherwise above", () => {
    const commands: [string, string][] = [
      ["npm run outputs:local", "what is printed above"],
      ["npm run up:local", "deploys"],
    ];
    assert.equal(
      explained(commands),
      "  npm run outputs:local  # what is printed above\n  npm run up:local       # deploys",
    );
    const long = `npm run up:local -- --project ${"x".repeat(50)}`;
    assert.equal(explained([[long, "deploys"]]), `  # deploys\n  ${long}`);
  });

  it("redraw lines on terminals that say how wide they are, and nowhere else", () => {
    const terminal = { isTTY: true, columns: 80 };
    assert.equal(interactive([terminal, terminal], {}), true);
    // A serial console, or a container's terminal at first.
    assert.equal(interactive([terminal, { isTTY: true, columns: 0 }], {}), false);
    assert.equal(interactive([{}, terminal], {}), false, "a pipe");
    for (const env of [{ CI: "true" }, { NO_COLOR: "1" }, { TERM: "dumb" }]) {
      assert.equal(interactive([terminal, terminal], env), false, JSON.stringify(env));
    }
  });

  it("work on a stack one at a time", async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
    const lock = path.join(directory, "stack.lock");
    const said: string[] = [];
    const log = console.error;
    console.error = (text: string) => said.push(text);
    try {
      const withoutWaiting = () => locked(lock, "works on dev", 0, async () => "second");
      const holder = `process ${process.pid}: ${process.argv.slice(2).join(" ")}`;
      const refused = new UserError(`Another command (${holder}) still works on dev. Run this one when it has ended.`);
      await locked(lock, "works on dev", 0, () => assert.rejects(withoutWaiting, refused));
      assert.deepEqual(said, [`Another command (${holder}) works on dev: waiting for it to end.`]);
      assert.equal(await withoutWaiting(), "second");
      // The lock of a process that was killed 2 s ago, and that of one that can't be known, after 31 s.
      const { pid } = spawnSync("true");
      fs.mkdirSync(lock);
      fs.writeFileSync(`${lock}.holder`, `process ${pid}: up`);
      fs.utimesSync(lock, Date.now() / 1000 - 2, Date.now() / 1000 - 2);
      assert.equal(await withoutWaiting(), "second");
      fs.mkdirSync(lock);
      fs.utimesSync(lock, Date.now() / 1000 - 31, Date.now() / 1000 - 31);
      assert.equal(await withoutWaiting(), "second");
    } finally {
      console.error = log;
      fs.rmSync(directory, { recursive: true });
    }
  });

  it("stop, and say why, when the lock is taken away from them", async function () {
    this.timeout("10s");
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
    const lock = path.join(directory, "stack.lock");
    const said: string[] = [];
    const log = console.error;
    console.error = (text: string) => said.push(text);
    try {
      await locked(lock, "works on dev", 0, async () => {
        const stopped = new Promise<void>((resolve) => (interruption.stop = resolve));
        fs.rmdirSync(lock);
        await stopped;
      });
      assert.deepEqual(said, [`\n${lock} is gone or another command's: this one stops. Run it again.`]);
    } finally {
      delete interruption.stop;
      console.error = log;
      fs.rmSync(directory, { recursive: true });
    }
  });
});
