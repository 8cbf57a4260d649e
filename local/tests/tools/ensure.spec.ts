import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { controlPlaneTools } from "../../tools/toolSets";
import { answers, bytes, ReleaseServer, sha256 } from "./releaseServer";

const home = fs.mkdtempSync(path.join(os.tmpdir(), "cache-"));
const bin = path.join(home, "bin");
const cache = path.join(home, ".cache", "eks-storage", "tools");
const entries = () => fs.readdirSync(cache);

interface Options {
  /** What `go` does; there is none by default. */
  go?: string;
  /** Where the releases of the tools `one` and `two` are. */
  origin?: string;
  /** After how many milliseconds the command is interrupted. */
  interruptedAfter?: number;
}

/** Gets a tool set with two small tools, in a process of its own: the cache's place is known from its start. */
async function ensured({ go, origin, interruptedAfter }: Options) {
  fs.rmSync(path.join(bin, "go"), { force: true });
  const script = `#!/bin/sh\n[ "$1" = version ] && exec echo go version go1.99\n${go}\n`;
  if (go) fs.writeFileSync(path.join(bin, "go"), script, { mode: 0o755 });
  const tools = (file: string) => JSON.stringify(require.resolve(`../../tools/${file}`));
  const code = `
    const release = (binary) => {
      const url = "${origin}/" + binary;
      return { url, checksum: { url: url + ".sha256", find: (text) => text }, gives: { binary } };
    };
    const releases = () => ${origin ? `["one", "two"].map(release)` : "[]"};
    const set = { ...require(${tools("toolSets")}).controlPlaneTools(), binaries: ["one", "two"], hash: "test", releases };
    ${interruptedAfter ? `setTimeout(() => process.exit(130), ${interruptedAfter});` : ""}
    require(${tools("ensure")}).ensure(set).then(([made]) => console.log("made", Object.keys(made.paths).join(" ")),
      (error) => { console.log(error.message); process.exit(1); });`;
  // Whatever a command needs but Go; its caches belong to this test.
  const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: home, XDG_CACHE_HOME: path.join(home, ".cache") };
  const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", code], { env });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) child[stream].on("data", (text) => (said[stream] += text));
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, ...said };
}

const builds = `echo built >>${home}/builds
while [ "$1" != -o ]; do shift; done
for tool in one two; do printf '#!/bin/sh\\necho v1\\n' >"$2$tool"; chmod +x "$2$tool"; done`;
const timesBuilt = () => {
  const file = path.join(home, "builds");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n").length : 0;
};
const place = (suffix = "") =>
  path.join(
    cache,
    entries().find((name) => name.startsWith("kubernetes-") && name.endsWith(suffix))!,
  );

async function assertMade(options: Options): Promise<string> {
  const { status, stdout, stderr } = await ensured(options);
  assert.deepEqual({ status, stdout }, { status: 0, stdout: "made one two\n" }, stderr);
  return stderr;
}

describe("the tool cache", () => {
  const server = new ReleaseServer();

  before(() => server.start());
  beforeEach(() => {
    fs.rmSync(home, { recursive: true, force: true });
    fs.mkdirSync(bin, { recursive: true });
    server.clear();
  });
  after(() => {
    server.stop();
    fs.rmSync(home, { recursive: true });
  });

  it("keeps nothing of a build for which the disk was too small, and says what to do", async () => {
    const full = await ensured({ go: `echo "compile: write $TMPDIR/a: no space left on device" >&2; exit 1` });
    assert.equal(full.status, 1);
    assert.match(full.stdout, /no space left on device\nThe disk is full\. .*building up to 10 GB.*\n.*Free some/);
    assert.deepEqual(entries(), []);
  });

  it("ends what it builds when it is interrupted, and uses nothing of it", async () => {
    const go = `echo $$ >${home}/pid; exec sleep 60`;
    assert.equal((await ensured({ go, interruptedAfter: 1500 })).status, 130);
    const pid = fs.readFileSync(path.join(home, "pid"), "utf8").trim();
    assert.ok(!fs.existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8")));
    assert.ok(entries().some((name) => name.endsWith(".partial")));
    await assertMade({ go: builds });
    assert.equal(entries().length, 1);
  });

  it("makes again what is missing, cut short or empty, and nothing that is whole", async () => {
    await assertMade({ go: builds });
    assert.equal(timesBuilt(), 1);
    const damages = [
      () => fs.rmSync(path.join(place(), "two")),
      () => fs.truncateSync(path.join(place(), "one"), 3),
      () => fs.readdirSync(place()).forEach((file) => fs.rmSync(path.join(place(), file))),
    ];
    for (const [index, damage] of damages.entries()) {
      damage();
      await assertMade({ go: builds });
      assert.equal(timesBuilt(), index + 2);
    }
    await assertMade({ go: builds });
    assert.equal(timesBuilt(), damages.length + 1);
  });

  it("downloads what is released, builds nothing, and asks for nothing that it has", async () => {
    const { origin } = server;
    for (const name of ["one", "two"]) server.release(name, bytes(1000));
    assert.match(await assertMade({ go: builds, origin }), /^Downloading kubernetes v[\d.]+$/m);
    assert.equal(timesBuilt(), 0);
    assert.equal(entries().length, 1);
    assert.deepEqual(fs.readdirSync(place()).sort(), ["one", "sizes.json", "two"]);
    server.clear();
    await assertMade({ go: builds, origin });
    assert.deepEqual(server.requests, []);
  });

  it("goes on with a download that was interrupted, and removes parts of other versions", async () => {
    const { origin } = server;
    server.release("one", bytes(1000));
    server.release("two", bytes(1_000_000));
    server.whenAsked("two", answers.slowly(20, 1000));
    assert.equal((await ensured({ origin, interruptedAfter: 3000 })).status, 130);
    const has = fs.statSync(path.join(place(".parts"), `two.${sha256(bytes(1_000_000))}`)).size;
    assert.ok(has > 0 && has < 1_000_000, `${has} bytes had come`);
    fs.mkdirSync(path.join(cache, "kubernetes-v1.0.0-other-linux-x64.parts"));
    fs.mkdirSync(path.join(cache, "kubernetes-plugin-v1.0.0-other-linux-x64.parts"));
    server.whenAsked("two", answers.well);
    await assertMade({ origin });
    assert.equal(server.requests.at(-1), `/two bytes=${has}-`);
    assert.equal(entries().length, 2);
    assert.ok(fs.existsSync(path.join(cache, "kubernetes-plugin-v1.0.0-other-linux-x64.parts")));
  });

  it("builds with Go what can't be downloaded, says why, and keeps nothing of the download", async () => {
    server.release("one", bytes(1000));
    server.release("two", bytes(1000), { binary: "two" }, "f".repeat(64));
    const { origin } = server;
    const said = await assertMade({ go: builds, origin });
    const why = `${origin}/two has the SHA-256 ${sha256(bytes(1000))}; ${origin}/two.sha256 says ${"f".repeat(64)}`;
    assert.match(
      said,
      new RegExp(`^Not downloaded: ${why.replaceAll(".", "[.]")}\\. Go builds kubernetes v[\\d.]+\\.$`, "m"),
    );
    assert.equal(timesBuilt(), 1);
    assert.equal(entries().length, 1);
    assert.ok(!place().endsWith(".parts"));
  });

  it("stops, and builds nothing, where it can't write what it downloads", async () => {
    server.release("one", bytes(1000));
    server.release("two", bytes(1000));
    fs.mkdirSync(cache, { recursive: true });
    const platform = `${process.platform}-${process.arch}`;
    fs.writeFileSync(
      path.join(cache, `kubernetes-${controlPlaneTools().version}-test-${platform}.parts`),
      "no directory",
    );
    const { status, stdout } = await ensured({ go: builds, origin: server.origin });
    assert.equal(status, 1);
    assert.match(stdout, /^EEXIST: /);
    assert.equal(timesBuilt(), 0);
  });

  it("uses no release that lacks a tool", async () => {
    server.release("one", bytes(1000));
    server.release("two", bytes(0));
    const { origin } = server;
    assert.match(
      await assertMade({ go: builds, origin }),
      new RegExp(`^Not downloaded: ${origin}/one has no two\\.`, "m"),
    );
  });

  it("says in one message why it can be had in no way", async () => {
    const { status, stdout } = await ensured({ origin: "http://nowhere.invalid" });
    assert.equal(status, 1);
    assert.match(
      stdout,
      /can be neither found nor made:\n.*\n {2}- official download: no connection to nowhere\.invalid \(.*\)\n {2}- built with Go: there is no Go on PATH\n/,
    );
  });
});
