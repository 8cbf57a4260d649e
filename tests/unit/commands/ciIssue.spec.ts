import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { issue } from "../../../commands/ciIssue";
import { type Existing, StandInGithub } from "../../support/github";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const RUN = { repository: "o/r", url: "https://github.com/o/r/actions/runs/1" };
const mark = (stack: string) => `<!-- eks-storage drift ${stack} -->`;

describe("npm run ci:issue", () => {
  let github: StandInGithub;
  const states = () => github.issues.map(({ body, state, title }) => ({ body, state, title }));
  const run = (page: string, issues: Existing[] = []) => {
    github = new StandInGithub({ issues });
    return issue(github.gh, RUN, "dev", page);
  };

  it("opens, edits, closes and opens again one issue", async () => {
    assert.equal(await run("a tag changed"), "dev has drifted: its issue is opened.");
    const open = (page: string) => [{ body: `${mark("dev")}\n${page}`, state: "open", title: "dev has drifted" }];
    assert.deepEqual(states(), open("a tag changed"));
    assert.equal(await issue(github.gh, RUN, "dev", "two tags"), "dev has drifted: its issue is edited.");
    assert.deepEqual(states(), open("two tags"));
    assert.equal(await issue(github.gh, RUN, "dev", "\n"), "dev hasn't drifted any more: its issue is closed.");
    assert.deepEqual([github.issues[0]!.state, github.issues[0]!.state_reason], ["closed", "completed"]);
    assert.deepEqual(
      github.comments.map(({ body }) => body),
      [`Nothing is drifted any more: [the run](${RUN.url}).`],
    );
    assert.equal(await issue(github.gh, RUN, "dev", "again"), "dev has drifted: its issue is opened again.");
    assert.deepEqual(states(), open("again"));
  });

  it("writes nothing where nothing drifted, and no issue is open", async () => {
    assert.equal(await run(""), "dev hasn't drifted.");
    assert.deepEqual([github.issues, github.comments], [[], []]);
    assert.equal(await run("", [{ body: `${mark("dev")}\nold`, state: "closed" }]), "dev hasn't drifted.");
    assert.deepEqual(github.comments, []);
  });

  it("takes no other stack's issue, nobody else's, and no pull request", async () => {
    const others = [
      { body: `${mark("dev-2")}\n` },
      { body: `${mark("dev")}\n`, login: "somebody" },
      { body: `${mark("dev")}\n`, isPullRequest: true },
    ];
    assert.equal(await run("page", others), "dev has drifted: its issue is opened.");
    assert.deepEqual(
      github.issues.map(({ body }) => body),
      [...others.map(({ body }) => body), `${mark("dev")}\npage`],
    );
  });

  it("takes the newest of several", async () => {
    await run("page", [{ body: `${mark("dev")}\n1` }, { body: `${mark("dev")}\n2` }, { body: "3" }, { body: "4" }]);
    assert.deepEqual(
      github.issues.map(({ body }) => body),
      [`${mark("dev")}\n1`, `${mark("dev")}\npage`, "3", "4"],
    );
  });

  it("refuses to take a report that isn't there for one without drift", () => {
    const args = ["commands/start.cjs", "ciIssue", "--stack", "dev", "--page", "nowhere.md"];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: CHECKOUT, encoding: "utf8" });
    assert.equal(status, 2);
    assert.equal(
      stderr,
      "error: nowhere.md must be there, empty where nothing drifted, and isn't: run npm run drift first.\n",
    );
  });
});
