import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { SeedingExitCode, SeedingMode } from "../../../../components/workloads/seeding";
import { coreutils, images, read, Trial, which, write } from "../../../support/seeding";

/** Shows a half-copied file for a while before it finishes, and takes its time then. */
const slowCp = `#!/bin/sh\nhead -c 3 "$1" >"$2"\nsleep 0.1\n${which("cp")} "$1" "$2"\nsleep 0.1\n`;
/** Copies, while a shop keeper puts a file of that name on the volume. */
const overtakenCp = `#!/bin/sh\n${which("cp")} "$1" "$2"\necho mine >"$TARGET/\${1##*/}"\n`;
/** As Amazon Linux has it. */
const shell = ["bash", "--posix"];

describe("seeding while others are at work", () => {
  let trial: Trial;
  beforeEach(() => (trial = new Trial()));
  afterEach(() => trial.remove());

  it("never shows a half-copied file under its own name", async () => {
    const slow = trial.tools(coreutils, { cp: slowCp });
    const later = new Promise((resolve) => setTimeout(resolve, 150));
    const run = () => trial.seed(shell, SeedingMode.Link, { tools: slow });
    const runs = [run(), later.then(run)];
    const state = { running: true };
    const end = Promise.all(runs).finally(() => (state.running = false));
    const seen = new Set<string>();
    while (state.running) {
      for (const [name, content] of Object.entries(visible(trial.target))) {
        assert.ok(content === images[name], `${name} was seen with ${content.length} bytes`);
        seen.add(name);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const result of await end) assert.equal(result.code, SeedingExitCode.Done, result.errors);
    assert.ok(seen.size > 0);
  });

  it("keeps a file that somebody puts there while it copies", async () => {
    const result = await trial.seed(shell, SeedingMode.Link, { tools: trial.tools(coreutils, { cp: overtakenCp }) });
    assert.equal(result.code, SeedingExitCode.Done, result.errors);
    assert.ok(result.lines.includes("kept: chrono_classic.jpg"), result.lines.join());
    assert.equal(read(trial.target)["chrono_classic.jpg"], "mine\n");
  });

  it("tidies up when it is told to stop", async () => {
    const stop = AbortSignal.timeout(300);
    const result = await trial.seed(shell, SeedingMode.Link, { tools: trial.tools(coreutils, { cp: slowCp }), stop });
    assert.equal(result.code, 128 + os.constants.signals.SIGTERM);
    const hidden = fs.readdirSync(trial.target).filter((name) => name.startsWith("."));
    assert.deepEqual(hidden, []);
  });

  it("lets an older image's run end, and sweep, in the midst of a newer one's", async () => {
    const older = path.join(path.dirname(trial.target), "older");
    write(older, { "chrono_classic.jpg": images["chrono_classic.jpg"]! });
    const newer = trial.seed(shell, SeedingMode.Link, { tools: trial.tools(coreutils, { cp: slowCp }) });
    const state = { running: true };
    void newer.finally(() => (state.running = false));
    while (state.running) await trial.seed(shell, SeedingMode.Link, { source: older, tools: trial.tools(coreutils) });
    const result = await newer;
    if (result.code !== SeedingExitCode.Done) {
      // Swept away three times running: it says so, and its pod starts it again.
      assert.equal(result.code, SeedingExitCode.CopyFailed);
      await trial.seed(shell, SeedingMode.Link, { tools: trial.tools(coreutils) });
    }
    assert.deepEqual(read(trial.target), images);
  });
});

/** The bundled files that can be seen by now, under their own names. */
function visible(directory: string): Record<string, string> {
  const present = Object.keys(images).filter((name) => fs.existsSync(path.join(directory, name)));
  return Object.fromEntries(present.map((name) => [name, fs.readFileSync(path.join(directory, name), "utf8")]));
}
