import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { lastWords } from "../../live/support/lastWords";
import { KEEP } from "../../live/support/nodeFiles";

describe("a real node whose program ends", () => {
  let directory: string;
  beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), "last-words-"))));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  /** What a node's script does once it is set up, with other programs. */
  const runs = (...lines: string[]) => {
    const script = `set -eu\n${KEEP}\n${lines.join("\n")}\nwait\n`;
    return spawnSync("sh", ["-c", script], { cwd: directory, timeout: 10_000 });
  };

  it("ends at once, with that one's name, how it ended, and its last lines", () => {
    const { status, signal } = runs(
      "keep waiting sleep 0.2",
      `keep kubelet sh -c 'for i in $(seq 40); do echo "line $i"; done; echo "failed to run" >&2; exit 3'`,
    );
    assert.deepEqual([status, signal], [1, null]);
    const said = lastWords(directory);
    assert.match(
      said,
      /^kubelet has ended, with the exit code 3, and with it the node\. The last lines of kubelet\.log:\n/,
    );
    assert.match(said, /\n {2}line 40\n {2}failed to run$/);
    assert.equal(said.split("\n").length, 26);
  });

  it("says why it has crashed, without what its goroutines were at", () => {
    fs.writeFileSync(path.join(directory, "ended"), "kubelet 2\n");
    const crash = "I1130 started\npanic: assignment to entry in nil map\n\ngoroutine 1 [running]:\nmain.main()\n";
    fs.writeFileSync(path.join(directory, "kubelet.log"), crash + "\ngoroutine 2 [sleep]:\n".repeat(40));
    assert.match(lastWords(directory), / kubelet\.log:\n {2}I1130 started\n {2}panic: assignment to entry in nil map$/);
  });

  it("says that it was killed", () => {
    runs("keep containerd sh -c 'kill -KILL $$'");
    assert.match(lastWords(directory), /^containerd has ended, killed by signal 9, /);
  });

  it("tells the script's own log where none of them has ended", () => {
    fs.writeFileSync(path.join(directory, "node.log"), "mount: /opt: permission denied.\n");
    assert.equal(
      lastWords(directory),
      "The node has ended. The last lines of node.log:\n  mount: /opt: permission denied.",
    );
  });
});
