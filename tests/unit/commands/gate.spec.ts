import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { marked } from "marked";
import { Format, gate } from "../../../commands/gate";
import { digest, state, step } from "../../support/previews";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const VOLUME = "aws:ebs/volume:Volume";

describe("npm run gate", () => {
  let directory: string;
  const write = (name: string, content: unknown) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    fs.writeFileSync(path.join(directory, name), text);
  };
  const run = (format: Format = Format.Text, more: { overrides?: string } = {}) =>
    gate("preview.json", { format, directory, ...more });
  const disk = state(VOLUME, "disk", { id: "vol-1" });
  const OVERRIDE = `overrides:
  - resource: ${VOLUME} disk
    finding: deleted
    reason: its files are on EFS
    until: 2026-12-31
`;

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-gate-"));
    write("preview.json", digest([step("delete", disk)]));
  });
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  it("says what would be lost, why, and what to do: 1", () => {
    assert.deepEqual(run(), {
      exitCode: 1,
      text: `refused: dev, 1 finding

1. ${VOLUME} disk
   what     would be deleted (vol-1)
   because  The program doesn't have it any more.
   lost     All that is on it.
   instead  Make another disk of a snapshot of this one, move the workload to
            it, then let this one go.

What is meant goes into gate.dev.yaml: one override for each finding, with its
reason and its last day, at most 90 days ahead. For the first one:

overrides:
  - resource: ${VOLUME} disk
    finding: deleted
    reason: WHY IT IS MEANT
    until: 2026-12-13`,
    });
  });

  it("lets pass what the file beside the stack's allows, and says so: 0", () => {
    write("gate.dev.yaml", OVERRIDE);
    assert.deepEqual(run(), {
      exitCode: 0,
      text: `passed: dev, 2 resources; nothing durable would be lost but 1 finding that an
override allows

allowed until 2026-12-31: ${VOLUME} disk would be deleted. its
  files are on EFS`,
    });
    write("other.yaml", "");
    assert.equal(run(Format.Text, { overrides: "other.yaml" }).exitCode, 1);
  });

  it("takes its own example, once it has a reason", () => {
    const example = run().text.split("\n\n").at(-1)!;
    write("gate.dev.yaml", example);
    assert.equal(run().exitCode, 0);
  });

  it("warns of an override that has ended, and of one that matches nothing", () => {
    write("gate.dev.yaml", OVERRIDE.replace("12-31", "11-28") + OVERRIDE.slice(11).replace(" disk", " other"));
    const { text, exitCode } = run();
    assert.equal(exitCode, 1);
    assert.match(
      text,
      /^warning: The override of aws:ebs\/volume:Volume disk \(deleted\) ended on\n {2}2026-11-28\.$/m,
    );
    assert.match(
      text,
      /^warning: The override of aws:ebs\/volume:Volume other \(deleted\) matches\n {2}nothing: remove it\.$/m,
    );
  });

  it("passes what loses nothing: 0", () => {
    write("preview.json", digest([step("create", undefined, disk)]));
    assert.deepEqual(run(), { exitCode: 0, text: "passed: dev, 2 resources; nothing durable would be lost" });
  });

  it("doesn't judge what can't be read: 2", () => {
    const unread = (text: RegExp, more = {}) => {
      const result = run(Format.Text, more);
      assert.equal(result.exitCode, 2);
      assert.match(result.text, text);
    };
    unread(/^not judged: dev\n\n1\. .*\n\nnone\.yaml can't be read \(ENOENT\)\.$/s, { overrides: "none.yaml" });
    write("gate.dev.yaml", "overrides: 1\n");
    unread(/^not judged: dev\n\n1\. .*\n\ngate\.dev\.yaml must have overrides, .*\n {2}overrides: Invalid input/s);
    write("preview.json", "{");
    unread(/^not judged\n\nA preview in JSON was expected\. This is none, or its end is cut off:\n {2}/);
    fs.rmSync(path.join(directory, "preview.json"));
    unread(/^not judged\n\npreview\.json can't be read \(ENOENT\)\.$/);
    fs.mkdirSync(path.join(directory, "preview.json"));
    unread(/^not judged\n\npreview\.json can't be read \(EISDIR\)\.$/);
  });

  it("doesn't pass a preview that leaves out resources which may lose retainOnDelete: 2", () => {
    const preview = digest([]);
    preview.changeSummary["same"] = 8;
    write("preview.json", preview);
    assert.deepEqual(run(), {
      exitCode: 2,
      text: `not judged: dev

The preview leaves out 7 resources without a change of properties. Of these, the
engine shows none that loses retainOnDelete. Make it with: pulumi preview --json
--show-sames > preview.json`,
    });
    const losing = digest([step("delete", disk)]);
    losing.changeSummary["same"] = 2;
    write("preview.json", losing);
    assert.equal(run().exitCode, 1);
    assert.match(run().text, /^warning: The preview leaves out 1 resource without/m);
  });

  it("fits 80 columns, but for what is to be copied", () => {
    const long = "a-name-without-an-end-".repeat(8);
    write("preview.json", digest([step("delete", state(VOLUME, long)), step("delete", disk)]));
    const [report] = run().text.split("\noverrides:\n");
    for (const line of report!.split("\n")) assert.ok(line.length <= 80, line);
  });

  it("is JSON for who reads it by a program, also where nothing is judged", () => {
    write("gate.dev.yaml", OVERRIDE.replace("deleted", "replaced"));
    const verdict = JSON.parse(run(Format.Json).text) as Record<string, unknown>;
    const [refused] = verdict["refused"] as Record<string, unknown>[];
    assert.deepEqual(
      [verdict["verdict"], verdict["exitCode"], verdict["stack"], verdict["resources"], verdict["allowed"]],
      ["refused", 1, "dev", 2, []],
    );
    assert.deepEqual(Object.keys(refused!), ["urn", "type", "name", "id", "kind", "causes", "why", "lost", "instead"]);
    assert.equal((verdict["warnings"] as string[]).length, 1);
    write("preview.json", "");
    const { verdict: word, problem } = JSON.parse(run(Format.Json).text) as Record<string, string>;
    assert.deepEqual(
      [word, problem!.split("\n")[0]],
      ["notJudged", "A preview in JSON was expected; there is nothing."],
    );
  });

  it("is Markdown for a comment, in which a name is no mark, mention or HTML", async () => {
    const hostile = "x`</code><img src=x> @team\n# title | [a](b)";
    const old = state("aws:kms/key:Key", hostile, { inputs: { "a`b": "<b>" }, id: "<i>" });
    const after = { ...old, inputs: { "a`b": "*c*" } };
    write("preview.json", digest([step("replace", old, after, { replaceReasons: ["a`b"] })]));
    const { text, exitCode } = run(Format.Markdown);
    assert.equal(exitCode, 1);
    assert.match(text, /^### Gate: `refused: dev, 1 finding`\n\n\*\*`aws:kms\/key:Key` ``x`<\/code>/);
    const html = await marked.parse(text);
    assert.doesNotMatch(html.replace(/<code>.*?<\/code>/gs, ""), /<img|<b>|<i>|<em>|@team|<h1|<a /);
    assert.match(html, /<li>because <code>a`b<\/code>: <code>&lt;b&gt;<\/code> → <code>\*c\*<\/code><\/li>/);
    write("gate.dev.yaml", OVERRIDE);
    write("preview.json", digest([step("delete", disk)]));
    assert.match(
      run(Format.Markdown).text,
      /^- `aws:ebs\/volume:Volume` `disk` would be deleted, until 2026-12-31: `its files are on EFS`$/m,
    );
  });

  describe("as a command", function () {
    this.timeout(60_000);
    const command = (args: string[], input = "") =>
      spawnSync(process.execPath, [path.join(CHECKOUT, "commands/start.cjs"), "gate", ...args], {
        cwd: directory,
        input,
        encoding: "utf8",
        env: { ...process.env, COLUMNS: "80" },
      });

    it("ends with the code that its help names, and prints a verdict where it can be piped from", () => {
      const help = command(["--help"]);
      assert.equal(help.status, 0);
      assert.match(help.stdout, /Exit codes: 0 passed, 1 refused, 2 not judged/);
      for (const line of help.stdout.split("\n")) assert.ok(line.length <= 80, line);
      const refused = command(["-"], fs.readFileSync(path.join(directory, "preview.json"), "utf8"));
      assert.deepEqual([refused.status, refused.stderr], [1, ""]);
      assert.match(refused.stdout, /^refused: dev, 1 finding\n/);
      const unread = command(["-"], "{");
      assert.deepEqual([unread.status, unread.stdout], [2, ""]);
      assert.match(unread.stderr, /^not judged\n/);
      assert.equal(command(["-", "--json"], "{").stderr, "");
    });

    it("takes no wrong argument for a refusal", () => {
      const cases: [string[], RegExp][] = [
        [[], /missing required argument 'preview'/],
        [["preview.json", "--verbose"], /unknown option '--verbose'/],
        [["preview.json", "--json", "--markdown"], /'--json' cannot be used with option '--markdown'/],
      ];
      for (const [args, message] of cases) {
        const { status, stderr } = command(args);
        assert.equal(status, 2, stderr);
        assert.match(stderr, message);
      }
    });
  });
});
