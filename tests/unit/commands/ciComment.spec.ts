import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { comment } from "../../../commands/ciComment";
import { GithubError, runOf } from "../../../commands/github";
import { type Existing, StandInGithub } from "../../support/github";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const RUN = { repository: "o/r", url: "https://github.com/o/r/actions/runs/1" };
const mark = (stack: string) => `<!-- eks-storage preview ${stack} -->`;

describe("npm run ci:comment", () => {
  /** The comments after one about dev. */
  async function after(comments: Existing[], page: string | undefined, stack = "dev") {
    const github = new StandInGithub({ comments });
    const said = await comment(github.gh, RUN, stack, "7", page);
    return { said, bodies: github.comments.map(({ body }) => body) };
  }

  it("writes a comment that begins with the stack's mark", async () => {
    const { said, bodies } = await after([], "# dev\nnothing changes\n");
    assert.equal(said, "The comment about dev is written.");
    assert.deepEqual(bodies, [`${mark("dev")}\n# dev\nnothing changes\n`]);
  });

  it("edits that comment at a later push, wherever it stands", async () => {
    const others = ["a", "b", "c"].map((body) => ({ body, login: "somebody" }));
    const { said, bodies } = await after([...others, { body: `${mark("dev")}\r\n# dev\r\nold` }], "new");
    assert.equal(said, "The comment about dev is edited.");
    assert.deepEqual(bodies, ["a", "b", "c", `${mark("dev")}\nnew`]);
  });

  it("marks a page once that has its mark already", async () => {
    const { bodies } = await after([], `${mark("dev")}\n# dev`);
    assert.deepEqual(bodies, [`${mark("dev")}\n# dev`]);
  });

  it("takes no stack for another, nor a mark that somebody else copied, nor one further down", async () => {
    const others = [
      { body: `${mark("dev-2")}\n# dev` },
      { body: `${mark("de")}\n# dev` },
      { body: `${mark("dev")}\nmine`, login: "somebody" },
      { body: `A page begins with\n${mark("dev")}` },
      { body: null },
    ];
    const { said, bodies } = await after(others, "page");
    assert.equal(said, "The comment about dev is written.");
    assert.deepEqual(bodies, [...others.map(({ body }) => body), `${mark("dev")}\npage`]);
  });

  it("says that the preview could not run, in place of an earlier page", async () => {
    const { bodies } = await after([{ body: `${mark("dev")}\n# an earlier push's` }], undefined);
    assert.deepEqual(bodies, [`${mark("dev")}\n**dev**: the preview could not run. [The run](${RUN.url}) says why.`]);
  });

  it("takes repository and run from the workflow, and names what isn't set", () => {
    const env = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "o/r", GITHUB_RUN_ID: "1" };
    assert.deepEqual(runOf(env), RUN);
    assert.throws(
      () => runOf({ GITHUB_REPOSITORY: "o/r" }),
      new GithubError("GITHUB_SERVER_URL, GITHUB_RUN_ID must be set, as in a workflow of GitHub, and isn't."),
    );
  });
});

describe("npm run ci:comment, as a workflow runs it", function () {
  this.timeout(60_000);
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "ci-comment-"));
  const page = path.join(directory, "page.md");
  after(() => fs.rmSync(directory, { recursive: true }));

  function run(script: string | undefined) {
    const gh = path.join(directory, "gh");
    fs.rmSync(gh, { force: true });
    if (script !== undefined) fs.writeFileSync(gh, `#!/bin/sh\n${script}`, { mode: 0o755 });
    // sh and cat, but no gh of this machine's.
    const programs = path.join(directory, "bin");
    fs.mkdirSync(programs, { recursive: true });
    for (const name of ["sh", "cat"])
      if (!fs.existsSync(path.join(programs, name))) fs.symlinkSync(`/bin/${name}`, path.join(programs, name));
    const args = ["--stack", "dev", "--pull-request", "7", "--page", page];
    return spawnSync(process.execPath, ["commands/start.cjs", "ciComment", ...args], {
      cwd: CHECKOUT,
      encoding: "utf8",
      env: {
        PATH: [directory, programs].join(path.delimiter),
        GITHUB_SERVER_URL: "https://github.com",
        GITHUB_REPOSITORY: "o/r",
        GITHUB_RUN_ID: "1",
      },
    });
  }

  it("gives gh the page on its standard input", () => {
    fs.writeFileSync(page, "x".repeat(60_000));
    const sent = path.join(directory, "sent.json");
    const { status, stdout, stderr } = run(`case "$*" in *--paginate*) echo '[[]]' ;; *) cat >${sent} ;; esac`);
    assert.deepEqual([status, stdout, stderr], [0, "The comment about dev is written.\n", ""]);
    assert.deepEqual(JSON.parse(fs.readFileSync(sent, "utf8")), { body: `${mark("dev")}\n${"x".repeat(60_000)}` });
  });

  it("ends with gh's own words, and 2", () => {
    const { status, stderr } = run("echo 'gh: Resource not accessible by integration (HTTP 403)' >&2; exit 1");
    assert.deepEqual([status, stderr], [2, "error: gh: Resource not accessible by integration (HTTP 403)\n"]);
  });

  it("says what is needed where there is no gh", () => {
    const { status, stderr } = run(undefined);
    assert.deepEqual(
      [status, stderr],
      [2, "error: there is no command gh: install GitHub's CLI (https://cli.github.com)\n"],
    );
  });
});
