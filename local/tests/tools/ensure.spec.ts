import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

describe("the tool cache", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "cache-"));
  const bin = path.join(home, "bin");
  const cache = path.join(home, ".cache", "eks-storage", "tools");

  /** Makes one small tool with this `go`, in a process of its own: the cache's place is known from its start. */
  function ensured(go: string, { interrupt = false } = {}) {
    fs.writeFileSync(path.join(bin, "go"), `#!/bin/sh\n[ "$1" = version ] && exec echo go version go1.99\n${go}\n`, {
      mode: 0o755,
    });
    const making = JSON.stringify(require.resolve("../../tools/ensure"));
    const tools = JSON.stringify(require.resolve("../../tools/toolSets"));
    const script = `
      const set = { ...require(${tools}).controlPlaneTools(), binaries: ["one", "two"], hash: "test" };
      ${interrupt ? `setTimeout(() => process.exit(130), 1500);` : ""}
      require(${making}).ensure(set).then(([made]) => console.log("made", Object.keys(made.paths).join(" ")),
        (error) => { console.log(error.message); process.exit(1); });`;
    // Whatever a command needs but Go; its caches belong to this test.
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: home, XDG_CACHE_HOME: path.join(home, ".cache") };
    const args = ["--require", require.resolve("tsx/cjs"), "--eval", script];
    const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    return { status, stdout };
  }

  const builds = `echo built >>${home}/builds
while [ "$1" != -o ]; do shift; done
for tool in one two; do printf '#!/bin/sh\\necho v1\\n' >"$2$tool"; chmod +x "$2$tool"; done`;
  const timesBuilt = () => fs.readFileSync(path.join(home, "builds"), "utf8").trim().split("\n").length;
  const made = { status: 0, stdout: "made one two\n" };
  const place = () =>
    path.join(
      cache,
      fs.readdirSync(cache).find((name) => name.startsWith("kubernetes-"))!,
    );

  before(() => fs.mkdirSync(bin));
  after(() => fs.rmSync(home, { recursive: true }));

  it("keeps nothing of a build for which the disk was too small, and says what to do", () => {
    const full = ensured(`echo "compile: writing output: write $TMPDIR/a: no space left on device" >&2; exit 1`);
    assert.equal(full.status, 1);
    assert.match(full.stdout, /no space left on device\nThe disk is full\. Building takes up to 10 GB.*\n.*Free some/);
    assert.deepEqual(fs.readdirSync(cache), []);
  });

  it("ends what it builds when it is interrupted, and uses nothing of it", () => {
    assert.equal(ensured(`echo $$ >${home}/pid; exec sleep 60`, { interrupt: true }).status, 130);
    const pid = fs.readFileSync(path.join(home, "pid"), "utf8").trim();
    assert.ok(!fs.existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8")));
    assert.match(fs.readdirSync(cache).join(), /^kubernetes-.*\.partial/);
    assert.deepEqual(ensured(builds), made);
    assert.equal(fs.readdirSync(cache).length, 1);
  });

  it("makes again what is missing, cut short or empty, and nothing that is whole", () => {
    assert.deepEqual(ensured(builds), made);
    assert.equal(timesBuilt(), 1);
    const damages = [
      () => fs.rmSync(path.join(place(), "two")),
      () => fs.truncateSync(path.join(place(), "one"), 3),
      () => fs.readdirSync(place()).forEach((file) => fs.rmSync(path.join(place(), file))),
    ];
    damages.forEach((damage, index) => {
      damage();
      assert.deepEqual(ensured(builds), made);
      assert.equal(timesBuilt(), index + 2);
    });
    assert.deepEqual(ensured(builds), made);
    assert.equal(timesBuilt(), damages.length + 1);
  });
});
