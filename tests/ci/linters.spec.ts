import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ensureLinters, type Linters } from "../../local/tools/linters/linters";

const CHECKOUT = path.join(__dirname, "..", "..");

describe("npm run check:ci", function () {
  this.timeout(120_000);
  let linters: Linters;

  before(async function () {
    // Building actionlint and installing the others, once.
    this.timeout(900_000);
    linters = await ensureLinters();
  });

  /** What a linter finds: nothing, or its own words. */
  function found(command: string, args: string[], cwd: string): string {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8" });
    if (error) throw error;
    return status === 0 ? "" : `${stdout}${stderr}`.trim() || `ended with ${status}`;
  }

  /** Each linter over a checkout's files. */
  const lint: Record<string, (cwd: string, scripts?: string[]) => string> = {
    actionlint: (cwd) => {
      const workflows = fs.readdirSync(path.join(cwd, ".github/workflows")).map((file) => `.github/workflows/${file}`);
      return found(linters.actionlint, ["-shellcheck", linters.shellcheck, "-pyflakes", "", ...workflows], cwd);
    },
    zizmor: (cwd) => found(linters.zizmor, ["--offline", "--no-progress", "--quiet", ".github"], cwd),
    shellcheck: (cwd, scripts = []) => found(linters.shellcheck, scripts, cwd),
  };

  /** The shell scripts of the checkout. */
  const scripts = execFileSync("git", ["ls-files", "-z"], { cwd: CHECKOUT, encoding: "utf8" })
    .split("\0")
    .filter((file) => file && fs.statSync(path.join(CHECKOUT, file), { throwIfNoEntry: false })?.isFile())
    .filter((file) => /^#!.*\b(ba)?sh\n/.test(fs.readFileSync(path.join(CHECKOUT, file), "latin1").slice(0, 80)));

  it("looks at every shell script", () => {
    assert.ok(scripts.includes(".ci/run") && scripts.length >= 4, scripts.join());
  });

  for (const name of Object.keys(lint))
    it(`has nothing of ${name} to say`, () => {
      const said = lint[name]!(CHECKOUT, scripts);
      if (said) assert.fail(`\n${said}`);
    });

  const workflow = (steps: string) =>
    "on: {pull_request: {}}\npermissions: {}\nconcurrency: {group: a, cancel-in-progress: true}\njobs:\n  a:\n" +
    `    runs-on: ubuntu-24.04\n    timeout-minutes: 1\n    steps:\n${steps}\n`;
  const TITLE = "      - run: echo '${{ github.event.pull_request.title }}'";
  const mistakes: [what: string, linter: string, file: string, text: string, message: RegExp][] = [
    [
      "a context that isn't there",
      "actionlint",
      "workflow",
      workflow("      - run: echo '${{ matrix.stak }}'"),
      /"stak" is not defined/,
    ],
    [
      "a step's script without quotes",
      "actionlint",
      "workflow",
      workflow("      - run: rm $HOME/*.md"),
      /shellcheck reported issue .*SC2086/,
    ],
    ["a title in a script", "zizmor", "workflow", workflow(TITLE), /template-injection/],
    ["an action by its tag", "zizmor", "workflow", workflow("      - uses: actions/checkout@v7"), /unpinned-uses/],
    [
      "a token left in the clone",
      "zizmor",
      "workflow",
      workflow("      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"),
      /artipacked/,
    ],
    ["a script without quotes", "shellcheck", "script", '#!/bin/sh\nrm "$1"/* $2\n', /SC2086/],
  ];
  for (const [what, name, file, text, message] of mistakes) {
    it(`finds ${what}`, () => {
      const directory = fs.mkdtempSync(path.join(os.tmpdir(), "check-ci-"));
      try {
        fs.mkdirSync(path.join(directory, ".github/workflows"), { recursive: true });
        fs.writeFileSync(path.join(directory, file === "workflow" ? ".github/workflows/a.yml" : file), text);
        assert.match(lint[name]!(directory, [file]), message);
      } finally {
        fs.rmSync(directory, { recursive: true });
      }
    });
  }
});
