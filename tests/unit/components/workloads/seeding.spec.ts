import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { SeedingExitCode, SeedingMode, seedingCommand } from "../../../../components/workloads/seeding";
import { coreutils, images, read, shells, Trial, user, write } from "../../../support/seeding";

/** What still works on Mountpoint: no links, no renames, no changed modes. */
const onMountpoint = coreutils.filter((tool) => tool !== "ln" && tool !== "mktemp");
/** Copies the first 100 bytes, then is killed together with the shell that called it. */
const killedCp = `#!/bin/sh\nhead -c 100 "$1" >"$2"\nkill -KILL 0\n`;

const names = Object.keys(images);
const copied = names.map((name) => `copied: ${name}`).sort();
const kept = names.map((name) => `kept: ${name}`).sort();

describe("seeding", () => {
  let trial: Trial;
  beforeEach(() => (trial = new Trial()));
  afterEach(() => trial.remove());

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
        const run = (ours: Record<string, string> = {}) =>
          trial.seed(shell, mode, { tools: trial.tools(available, ours) });

        it("copies everything onto an empty volume, readable for every user", async () => {
          const result = await run();
          assert.deepEqual([...result.lines].sort(), copied, result.errors);
          assert.equal(result.code, SeedingExitCode.Done);
          assert.equal(result.errors, "");
          assert.deepEqual(read(trial.target), images);
          assert.equal(fs.statSync(path.join(trial.target, "sets/smart_2.jpg")).mode & 0o777, 0o644);
          assert.equal(fs.statSync(path.join(trial.target, "sets")).mode & 0o777, 0o755);
        });

        it("changes nothing when run again", async () => {
          await run();
          const before = fs.statSync(path.join(trial.target, "sets/smart_2.jpg"));
          const result = await run();
          assert.equal(result.code, SeedingExitCode.Done);
          assert.deepEqual([...result.lines].sort(), kept);
          assert.deepEqual(read(trial.target), images);
          assert.equal(fs.statSync(path.join(trial.target, "sets/smart_2.jpg")).mtimeMs, before.mtimeMs);
        });

        it("keeps what is on the volume, under whatever name", async () => {
          const own = {
            "chrono_classic.jpg": "replaced by a shop keeper",
            "newproduct.png": "new",
            "sets/.note": "mine",
          };
          write(trial.target, own);
          fs.symlinkSync("nowhere", path.join(trial.target, "pocket watch.jpg"));
          fs.chmodSync(path.join(trial.target, "sets"), 0o777);
          const result = await run();
          assert.equal(result.code, SeedingExitCode.Done, result.errors);
          assert.ok(result.lines.includes("kept: chrono_classic.jpg"), result.lines.join());
          assert.ok(result.lines.includes("kept: pocket watch.jpg"), result.lines.join());
          assert.equal(fs.readlinkSync(path.join(trial.target, "pocket watch.jpg")), "nowhere");
          fs.rmSync(path.join(trial.target, "pocket watch.jpg"));
          const { "pocket watch.jpg": _, ...others } = images;
          assert.deepEqual(read(trial.target), { ...others, ...own });
        });

        it("adds the new files of a newer image", async () => {
          await run();
          write(trial.source, { "smart_3.jpg": "smart 3", "chrono_classic.jpg": "another picture" });
          const result = await run();
          assert.deepEqual(
            result.lines.filter((line) => line.startsWith("copied")),
            ["copied: smart_3.jpg"],
          );
          assert.deepEqual(read(trial.target), { ...images, "smart_3.jpg": "smart 3" });
        });

        it("makes good what a killed run has left", async () => {
          const killed = await run({ cp: killedCp });
          assert.equal(killed.code, null);
          assert.notDeepEqual(fs.readdirSync(trial.target), [], "the run was killed before it wrote anything");
          const result = await run();
          assert.equal(result.code, SeedingExitCode.Done, result.errors);
          assert.deepEqual([...result.lines].sort(), copied);
          assert.deepEqual(read(trial.target), images);
          assert.deepEqual(fs.readdirSync(trial.target).sort(), ["chrono_classic.jpg", "pocket watch.jpg", "sets"]);
        });

        it("lets eight replicas run at once, time and again", async function () {
          this.timeout(60_000);
          for (let round = 0; round < 5; round++) {
            const results = await Promise.all(Array.from({ length: 8 }, () => run()));
            for (const result of results) {
              assert.equal(result.code, SeedingExitCode.Done, result.errors);
              assert.equal(result.errors, "");
              assert.deepEqual(result.lines.map((line) => line.replace(/^\w+: /, "")).sort(), [...names].sort());
            }
            assert.deepEqual(read(trial.target), images);
            fs.readdirSync(trial.target).forEach((name) =>
              fs.rmSync(path.join(trial.target, name), { recursive: true }),
            );
          }
        });

        it("is done although another replica writes where it sweeps", async () => {
          const busy = `echo "rm: cannot remove '$2': Directory not empty" >&2; exit 1`;
          const result = await run({
            rm: `#!/bin/sh\ncase $2 in */.seeding.\\*) ${busy} ;; esac\nexec /bin/rm "$@"\n`,
          });
          assert.equal(result.errors, "");
          assert.equal(result.code, SeedingExitCode.Done);
        });

        it("refuses a volume that it may not write to, and says who it is", async () => {
          fs.chmodSync(trial.target, 0o555);
          const result = await run();
          assert.equal(result.code, SeedingExitCode.NotWritable);
          assert.ok(
            result.errors.startsWith(
              `seeding: user ${user} may not write to ${trial.target}, or it is mounted read-only`,
            ),
          );
          assert.ok(result.errors.includes("the pod's user must be the one that the access point"), result.errors);
        });

        it("refuses when the volume isn't there", async () => {
          fs.rmdirSync(trial.target);
          const result = await run();
          assert.equal(result.code, SeedingExitCode.NotWritable);
          assert.equal(result.errors, `seeding: ${trial.target} is not a directory; expected the mounted volume\n`);
        });

        it("takes an image that bundles nothing for a mistake", async () => {
          const source = path.join(trial.target, "nothing");
          const result = await trial.seed(shell, mode, { tools: trial.tools(available), source });
          assert.equal(result.code, SeedingExitCode.NothingBundled);
          assert.ok(result.errors.startsWith(`seeding: no images in ${source}; expected those that`), result.errors);
        });

        it("names the file that couldn't be copied, and leaves nothing of it", async () => {
          const result = await run({ cp: `#!/bin/sh\necho "cp: no space left" >&2\nexit 1\n` });
          assert.equal(result.code, SeedingExitCode.CopyFailed);
          assert.equal(result.errors, `seeding: can't copy chrono_classic.jpg to ${trial.target}: cp: no space left\n`);
          assert.deepEqual(fs.readdirSync(trial.target), []);
        });

        it("names the directory that it couldn't make", async () => {
          write(trial.target, { sets: "a file" });
          const result = await run();
          assert.equal(result.code, SeedingExitCode.CopyFailed);
          assert.ok(result.errors.includes(`seeding: can't make the directory sets in ${trial.target}`), result.errors);
          assert.equal(read(trial.target).sets, "a file");
        });
      });
    }
  }
});
