import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { SeedingExitCode, SeedingMode, seedingCommand } from "../../../components/seeding";

/** The POSIX shells of this machine; Amazon Linux's `sh` is bash in POSIX mode. */
const shells = [["dash"], ["bash", "--posix"], ["busybox", "sh"]].filter(([program]) => which(program!) !== "");

/** The script never runs as root in the pod; as root no directory would be unwritable. */
const asUser =
  process.getuid!() === 0 ? ["setpriv", "--reuid=1001", "--regid=1001", "--clear-groups", "--no-new-privs"] : [];

const images = {
  "chrono_classic.jpg": "chrono ".repeat(20_000),
  "pocket watch.jpg": "pocket ".repeat(30_000),
  "sets/summer sale/smart_1.jpg": "smart 1",
  "sets/smart_2.jpg": "smart 2",
};

let workspace: string;
let source: string;
let target: string;

function write(directory: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
    fs.writeFileSync(path.join(directory, name), content);
  }
}

/** All files of a directory, hidden ones too, with their content. */
function read(directory: string): Record<string, string> {
  const names = fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => fs.statSync(path.join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(directory, name), "utf8")]));
}

interface Result {
  code: number | null;
  lines: string[];
  errors: string;
}

/** Runs the script as the pod would, with `tools` instead of the real PATH if given. */
function seed(shell: string[], mode: SeedingMode, options: { tools?: string; from?: string } = {}): Promise<Result> {
  const [, ...command] = seedingCommand(options.from ?? source, target, mode);
  const [program, ...args] = [...asUser, ...shell, ...command];
  const env = { PATH: options.tools ?? process.env.PATH };
  // A group of its own, so that a tool can kill the whole run.
  const child = spawn(which(program!), args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve({ code, lines: output.split("\n").filter(Boolean), errors });
    });
  });
}

function which(program: string): string {
  return spawnSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).stdout.trim();
}

/** A PATH with these tools only: a real one by its name, or one of ours by its text. */
function tools(names: string[], ours: Record<string, string> = {}): string {
  const directory = fs.mkdtempSync(path.join(workspace, "tools-"));
  fs.chmodSync(directory, 0o755);
  for (const name of [...names, "sh", "setpriv", "dash", "bash", "busybox"]) {
    const file = which(name);
    if (file !== "" && !(name in ours)) fs.symlinkSync(file, path.join(directory, name));
  }
  for (const [name, text] of Object.entries(ours)) {
    fs.writeFileSync(path.join(directory, name), text, { mode: 0o755 });
  }
  return directory;
}
const coreutils = ["cksum", "cp", "head", "id", "ln", "mkdir", "mktemp", "rm", "sleep", "wc"];
/** What still works on Mountpoint: no links, no renames, no changed modes. */
const onMountpoint = ["cksum", "cp", "head", "id", "mkdir", "rm", "sleep", "wc"];

const realCp = which("cp");
/** Copies the first 100 bytes, then is killed together with the shell that called it. */
const killedCp = `#!/bin/sh\nhead -c 100 "$1" >"$2"\nkill -KILL 0\n`;
/** Shows a half-copied file for a while before it finishes. */
const slowCp = `#!/bin/sh\nhead -c 3 "$1" >"$2"\nsleep 0.2\nexec ${realCp} "$1" "$2"\n`;

const names = Object.keys(images);
const copied = names.map((name) => `copied: ${name}`);
const kept = names.map((name) => `kept: ${name}`);

function readVisible(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    if (fs.existsSync(path.join(target, name))) found[name] = fs.readFileSync(path.join(target, name), "utf8");
  }
  return found;
}

describe("seeding", () => {
  beforeEach(() => {
    workspace = fs.mkdtempSync(path.join(os.tmpdir(), "seeding-"));
    source = path.join(workspace, "bundled images");
    target = path.join(workspace, "the volume");
    write(source, images);
    fs.mkdirSync(target);
    fs.chmodSync(workspace, 0o755);
    fs.chmodSync(target, 0o777);
  });
  afterEach(() => fs.rmSync(workspace, { recursive: true }));

  it("comes through Kubernetes' expansion of commands unchanged", () => {
    const script = seedingCommand("/source", "/target", SeedingMode.Link)[2]!;
    assert.doesNotMatch(script, /\$\$/, "Kubernetes makes one $ of two");
    assert.doesNotMatch(script, /\$\(\w+\)/, "Kubernetes takes $(NAME) for a variable");
    assert.doesNotMatch(script, /<</, "a here-document needs a writable file system");
  });

  for (const shell of shells) {
    for (const mode of Object.values(SeedingMode)) {
      describe(`with ${shell.join(" ")}, mode ${mode}`, () => {
        const available = mode === SeedingMode.Copy ? onMountpoint : coreutils;
        const run = (ours: Record<string, string> = {}) => seed(shell, mode, { tools: tools(available, ours) });

        it("copies everything onto an empty volume, readable for every user", async () => {
          const result = await run();
          assert.deepEqual([...result.lines].sort(), copied.sort(), result.errors);
          assert.equal(result.code, SeedingExitCode.Done);
          assert.equal(result.errors, "");
          assert.deepEqual(read(target), images);
          assert.equal(fs.statSync(path.join(target, "sets/smart_2.jpg")).mode & 0o777, 0o644);
          assert.equal(fs.statSync(path.join(target, "sets")).mode & 0o777, 0o755);
        });

        it("changes nothing when run again", async () => {
          await run();
          const before = fs.statSync(path.join(target, "sets/smart_2.jpg"));
          const result = await run();
          assert.equal(result.code, SeedingExitCode.Done);
          assert.deepEqual([...result.lines].sort(), kept.sort());
          assert.deepEqual(read(target), images);
          assert.equal(fs.statSync(path.join(target, "sets/smart_2.jpg")).mtimeMs, before.mtimeMs);
        });

        it("keeps what is on the volume, under whatever name", async () => {
          const own = {
            "chrono_classic.jpg": "replaced by a shop keeper",
            "newproduct.png": "new",
            "sets/.note": "mine",
          };
          write(target, own);
          fs.symlinkSync("nowhere", path.join(target, "pocket watch.jpg"));
          fs.chmodSync(path.join(target, "sets"), 0o777);
          const result = await run();
          assert.equal(result.code, SeedingExitCode.Done, result.errors);
          assert.ok(result.lines.includes("kept: chrono_classic.jpg"), result.lines.join());
          assert.ok(result.lines.includes("kept: pocket watch.jpg"), result.lines.join());
          assert.equal(fs.readlinkSync(path.join(target, "pocket watch.jpg")), "nowhere");
          fs.rmSync(path.join(target, "pocket watch.jpg"));
          const { "pocket watch.jpg": _, ...others } = images;
          assert.deepEqual(read(target), { ...others, ...own });
        });

        it("adds the new files of a newer image", async () => {
          await run();
          write(source, { "smart_3.jpg": "smart 3", "chrono_classic.jpg": "another picture" });
          const result = await run();
          assert.deepEqual(
            result.lines.filter((line) => line.startsWith("copied")),
            ["copied: smart_3.jpg"],
          );
          assert.deepEqual(read(target), { ...images, "smart_3.jpg": "smart 3" });
        });

        it("makes good what a killed run has left", async () => {
          const killed = await run({ cp: killedCp });
          assert.equal(killed.code, null);
          assert.notDeepEqual(fs.readdirSync(target), [], "the run was killed before it wrote anything");
          const result = await run();
          assert.equal(result.code, SeedingExitCode.Done, result.errors);
          assert.deepEqual([...result.lines].sort(), copied.sort());
          assert.deepEqual(read(target), images);
          assert.deepEqual(fs.readdirSync(target).sort(), ["chrono_classic.jpg", "pocket watch.jpg", "sets"]);
        });

        it("lets eight replicas run at once, time and again", async function () {
          this.timeout(60_000);
          for (let round = 0; round < 3; round++) {
            const results = await Promise.all(Array.from({ length: 8 }, () => run()));
            for (const result of results) {
              assert.equal(result.code, SeedingExitCode.Done, result.errors);
              assert.equal(result.errors, "");
              assert.deepEqual(result.lines.map((line) => line.replace(/^\w+: /, "")).sort(), [...names].sort());
            }
            assert.deepEqual(read(target), images);
            fs.readdirSync(target).forEach((name) => fs.rmSync(path.join(target, name), { recursive: true }));
          }
        });

        it("refuses a volume that it may not write to, and says who it is", async () => {
          fs.chmodSync(target, 0o555);
          const result = await run();
          assert.equal(result.code, SeedingExitCode.NotWritable);
          const user = asUser.length > 0 ? 1001 : process.getuid!();
          assert.ok(
            result.errors.startsWith(`seeding: user ${user} may not write to ${target}, or it is mounted read-only`),
          );
          assert.ok(result.errors.includes("the pod's user must be the one that the access point"), result.errors);
        });

        it("refuses when the volume isn't there", async () => {
          fs.rmdirSync(target);
          const result = await run();
          assert.equal(result.code, SeedingExitCode.NotWritable);
          assert.equal(result.errors, `seeding: ${target} is not a directory; expected the mounted volume\n`);
        });

        it("takes an image that bundles nothing for a mistake", async () => {
          const from = path.join(workspace, "nothing");
          const result = await seed(shell, mode, { from });
          assert.equal(result.code, SeedingExitCode.NothingBundled);
          assert.ok(result.errors.startsWith(`seeding: no images in ${from}; expected those that`), result.errors);
        });

        it("names the file that couldn't be copied, and leaves nothing of it", async () => {
          const result = await run({ cp: `#!/bin/sh\necho "cp: no space left" >&2\nexit 1\n` });
          assert.equal(result.code, SeedingExitCode.CopyFailed);
          assert.equal(result.errors, `seeding: can't copy chrono_classic.jpg to ${target}: cp: no space left\n`);
          assert.deepEqual(fs.readdirSync(target), []);
        });

        it("names the directory that it couldn't make", async () => {
          write(target, { sets: "a file" });
          const result = await run();
          assert.equal(result.code, SeedingExitCode.CopyFailed);
          assert.ok(result.errors.includes(`seeding: can't make the directory sets in ${target}`), result.errors);
          assert.equal(read(target).sets, "a file");
        });
      });
    }

    describe(`with ${shell.join(" ")}, while others look on`, () => {
      it("never shows a half-copied file under its own name", async () => {
        const path_ = tools(coreutils, { cp: slowCp });
        const runs = [seed(shell, SeedingMode.Link, { tools: path_ }), seed(shell, SeedingMode.Link, { tools: path_ })];
        const state = { running: true };
        const end = Promise.all(runs).finally(() => (state.running = false));
        const seen = new Set<string>();
        while (state.running) {
          for (const [name, content] of Object.entries(readVisible())) {
            assert.ok(content === images[name as keyof typeof images], `${name} was seen with ${content.length} bytes`);
            seen.add(name);
          }
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        for (const result of await end) assert.equal(result.code, SeedingExitCode.Done, result.errors);
        assert.ok(seen.size > 0);
      });

      it("lets an older image's run end, and sweep, in the midst of a newer one's", async () => {
        const older = path.join(workspace, "older");
        write(older, { "chrono_classic.jpg": images["chrono_classic.jpg"] });
        const newer = seed(shell, SeedingMode.Link, { tools: tools(coreutils, { cp: slowCp }) });
        const state = { running: true };
        void newer.finally(() => (state.running = false));
        while (state.running) await seed(shell, SeedingMode.Link, { from: older });
        const result = await newer;
        if (result.code !== SeedingExitCode.Done) {
          // Swept away three times running: it says so, and its pod starts it again.
          assert.equal(result.code, SeedingExitCode.CopyFailed);
          await seed(shell, SeedingMode.Link);
        }
        assert.deepEqual(read(target), images);
      });
    });
  }
});
