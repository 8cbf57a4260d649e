import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const RUN = path.join(__dirname, "../../.ci/run");

/** How many suites it has; each stands in a line of its own. */
const SUITES = fs.readFileSync(RUN, "utf8").match(/^ *suite npm /gm)!.length;

/** The last line where of so many suites all but one have passed their three tests. */
const counts = (ofTheOther: number, failed: number) => `${(SUITES - 1) * 3 + ofTheOther} passed, ${failed} failed`;

/** What the script takes of a machine. */
const PROGRAMS = ["awk", "bash", "cat", "cut", "dirname", "mktemp", "rm", "sed"];

/** A suite's tests have been run, all of them or but one; `$TEST_COUNTS` is as .ci/countingReporter.cjs writes it. */
const PASSED = 'echo "3 0" >"$TEST_COUNTS"';
const FAILED = 'echo "2 1" >"$TEST_COUNTS"; exit 1';

describe(".ci/run", () => {
  let directory: string;
  let bin: string;
  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "ci-run-"));
    bin = path.join(directory, "bin");
    for (const name of [".ci", "bin"]) fs.mkdirSync(path.join(directory, name));
    fs.copyFileSync(RUN, path.join(directory, ".ci/run"));
    for (const program of PROGRAMS) {
      const found = execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
      fs.symlinkSync(found, path.join(bin, program));
    }
    put("id", "echo 1000");
  });
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  const put = (name: string, script: string) =>
    fs.writeFileSync(path.join(bin, name), `#!/usr/bin/env bash\n${script}\n`, { mode: 0o755 });

  /** Runs it where npm does so for a script, and passes all others. */
  function run(scripts: Record<string, string> = {}) {
    const cases = Object.entries(scripts).map(([name, script]) => `"${name}") ${script} ;;`);
    put("npm", `case "$1 $2" in\n${cases.join("\n")}\nci*|"run check") ;;\n*) ${PASSED} ;;\nesac`);
    const { status, stdout } = spawnSync("bash", [".ci/run"], { cwd: directory, env: { PATH: bin }, encoding: "utf8" });
    const lines = stdout.trimEnd().split("\n");
    return { status, stdout, last: lines.at(-1)! };
  }

  it("counts every suite's tests, and ends with 0 when all have passed", () => {
    const { status, stdout, last } = run();
    assert.deepEqual([status, last], [0, counts(3, 0)], stdout);
    assert.doesNotMatch(stdout, /not run/);
  });

  it("counts a suite that can't be run here as neither, and names it", () => {
    const { status, stdout, last } = run({ "run test:live": "echo 'Not run: no root'; exit 77" });
    assert.deepEqual([status, last], [0, counts(0, 0)], stdout);
    assert.match(stdout, /\nNot run: no root\n/);
    assert.match(stdout, /\n +\d+ s {2}npm run test:live \(not run: see there\)\n/);
  });

  const failures: [what: string, script: string, last: string][] = [
    ["has failed", FAILED, counts(2, 1)],
    ["ends with an error, though its tests have passed", `${PASSED}; exit 1`, counts(3, 1)],
    ["ends with 77 after it has run tests", `${PASSED}; exit 77`, counts(3, 1)],
    ["runs no test", "true", counts(0, 1)],
    ["ends before it has run one", "exit 1", counts(0, 1)],
  ];
  for (const [what, script, expected] of failures) {
    it(`ends with 1 when a suite ${what}`, () => {
      const { status, stdout, last } = run({ "run test:live": script });
      assert.deepEqual([status, last], [1, expected], stdout);
      if (script !== FAILED) assert.match(stdout, /=== failed: npm run test:live \(exit code \d+, \d tests passed\)/);
    });
  }

  it("ends at once where npm ci fails, and counts a step that fails", () => {
    assert.equal(run({ "ci ": "exit 1" }).stdout.includes("npm test"), false);
    const { status, last } = run({ "run check": "exit 1" });
    assert.deepEqual([status, last], [1, counts(3, 1)]);
  });

  it("as root installs what isn't on PATH, and has apt-get remove nothing for it", () => {
    put("id", "echo 0");
    const file = path.join(directory, "asked");
    put("apt-get", `echo "$*" >>${file}`);
    for (const program of ["containerd", "ss"]) put(program, "true");
    assert.equal(run().status, 0);
    const [update, install] = fs.readFileSync(file, "utf8").split("\n");
    assert.equal(update, "update --quiet");
    assert.match(install!, /^install --yes --no-remove --quiet nginx-light mariadb-server-core /);
    assert.match(install!, / runc /);
    assert.doesNotMatch(install!, /containerd|iproute2/);
  });

  it("counts it as a failure where they can't be installed, and goes on", () => {
    put("id", "echo 0");
    put("apt-get", 'case "$1" in install) exit 100 ;; esac');
    const { status, last } = run();
    assert.deepEqual([status, last], [1, counts(3, 1)]);
  });
});
