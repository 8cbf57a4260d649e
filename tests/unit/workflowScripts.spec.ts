import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { execute, runStep } from "../support/workflows/execute";
import { stepOf } from "../support/workflows/steps";

describe("a deployment", () => {
  /** @param answer GitHub's, to who asks for the tip of main. */
  const deploy = (answer: string) =>
    execute(stepOf("deployment: tip"), { gh: answer }, { GITHUB_REPOSITORY: "shop/storage", GITHUB_SHA: "1a2b" });

  it("goes on where its commit is the tip of main", () => {
    const { status, stdout, calls } = deploy("echo 1a2b");
    assert.deepEqual([status, stdout], [0, ""]);
    assert.deepEqual(calls, ["gh api repos/shop/storage/commits/main --jq .sha"]);
  });

  it("ends before anything is done where main has gone on", () => {
    const { status, stdout } = deploy("echo 3c4d");
    assert.equal(status, 1);
    assert.equal(
      stdout,
      "::error::Only the tip of main is deployed, which is 3c4d; this is 1a2b. Nothing was deployed: approve the run of 3c4d.\n",
    );
  });

  it("ends where GitHub doesn't say what the tip is", () => assert.equal(deploy("exit 4").status, 4));
});

describe("a page", () => {
  const { run, ...step } = stepOf("preview: page");
  const summary = (before = "") => {
    const script = `${before}\n${run}\ncat summary.md`;
    return execute({ ...step, run: script }, {}, { GITHUB_STEP_SUMMARY: "summary.md" });
  };

  it("is the job's summary", () => assert.equal(summary().stdout, "the page\n"));

  it("may be missing, where the job ended before there was one", () => {
    const { status, stdout, stderr } = summary("rm page.md; touch summary.md");
    assert.deepEqual([status, stdout, stderr], [0, "", ""]);
  });
});

describe("a release", () => {
  let directory: string;
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: directory });
  const commit = (message: string) => git("commit", "--quiet", "--allow-empty", "--message", message);

  before(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "release-"));
    git("init", "--quiet", "--initial-branch", "main");
    commit("one");
    git("update-ref", "refs/remotes/origin/main", "HEAD");
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it("is of a commit that main has, and no other's", () => {
    const isOnMain = () => runStep(stepOf("release: commit"), directory, process.env).status;
    assert.equal(isOnMain(), 0);
    commit("two, of a branch");
    assert.equal(isOnMain(), 1);
  });

  it("has its tag checked, and its notes written, by npm run ci:release", () => {
    const { calls } = execute(stepOf("release: notes"), { npm: "" }, { GITHUB_REF_NAME: "v1.2.3" });
    assert.deepEqual(calls, ["npm run ci:release -- --tag v1.2.3 --notes notes.md"]);
  });

  it("packs components/ and policy/, and nothing else", () => {
    const { status, calls } = execute(stepOf("release: package"), { npm: "" }, {});
    assert.equal(status, 0);
    assert.deepEqual(calls, [
      "npm pack --workspace eks-storage --workspace eks-storage-policies --pack-destination package",
    ]);
  });

  /** @param npm What npm does. */
  const publish = (version: string, npm = "") => {
    const { run, ...step } = stepOf("release: publication");
    const tarballs = ["a", "b"].map((name) => `package/${name}-${version.slice(1)}.tgz`).join(" ");
    const script = `rm package/*; touch ${tarballs}\n${run}`;
    return execute({ ...step, run: script }, { npm }, { GITHUB_REF_NAME: version });
  };

  it("that ended between its packages publishes what is missing", () => {
    const { status, calls } = publish(
      "v1.2.3",
      `case "$*" in "view a@1.2.3 version") echo 1.2.3 ;; view*) exit 1 ;; esac`,
    );
    assert.equal(status, 0);
    assert.deepEqual(
      calls.filter((call) => call.startsWith("npm publish")),
      ["npm publish ./package/b-1.2.3.tgz --provenance --access public --tag latest"],
    );
  });

  it("ends where npm refuses a package", () =>
    assert.equal(publish("v1.2.3", `case "$1" in publish) exit 3 ;; esac`).status, 3));

  for (const [version, tag, prerelease] of [
    ["v1.2.3", "latest", "false"],
    ["v1.2.3-rc.1", "next", "true"],
  ] as const) {
    it(`${version} is npm's ${tag}`, () => {
      const { status, calls } = publish(version);
      assert.equal(status, 0);
      assert.deepEqual(calls, [
        `npm view a@${version.slice(1)} version`,
        `npm publish ./package/a-${version.slice(1)}.tgz --provenance --access public --tag ${tag}`,
        `npm view b@${version.slice(1)} version`,
        `npm publish ./package/b-${version.slice(1)}.tgz --provenance --access public --tag ${tag}`,
      ]);
    });

    it(`${version} is ${prerelease === "true" ? "a prerelease" : "a release"} on GitHub`, () => {
      const env = { GITHUB_REF_NAME: version, GITHUB_REPOSITORY: "shop/storage" };
      const { status, calls } = execute(stepOf("release: announcement"), { gh: "" }, env);
      assert.equal(status, 0);
      assert.equal(calls.length, 1);
      assert.match(calls[0]!, new RegExp(`^gh release create ${version} .* --prerelease=${prerelease}\\b`));
    });
  }
});
