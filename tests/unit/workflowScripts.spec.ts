import assert from "node:assert/strict";
import * as path from "node:path";
import { execute } from "../support/workflows/execute";
import { parseTexts, readTexts } from "../support/workflows/read";

const { workflows } = parseTexts(readTexts(path.join(__dirname, "..", "..")));

/** The one step of a job whose script has these words. */
function stepOf(file: string, name: string, words: string) {
  const { steps } = workflows.find((it) => it.file === file)!.jobs.find((it) => it.name === name)!;
  const [step, ...others] = steps.filter(({ run }) => run?.includes(words));
  assert.ok(step && others.length === 0, `${file}, job ${name}: one step with ${words}`);
  return step;
}

describe("a deployment", () => {
  /** @param answer GitHub's, to who asks for the tip of main. */
  const deploy = (answer: string) =>
    execute(
      stepOf("deploy-stack.yml", "deploy", "commits/main"),
      { gh: answer },
      { GITHUB_REPOSITORY: "shop/storage", GITHUB_SHA: "1a2b" },
    );

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

describe("a release", () => {
  it("packs components/, and nothing else", () => {
    const { status, calls } = execute(stepOf("release.yml", "pack", "npm pack"), { npm: "" }, {});
    assert.equal(status, 0);
    assert.deepEqual(calls, ["npm pack --workspace eks-storage --pack-destination package"]);
  });

  for (const [version, tag, prerelease] of [
    ["v1.2.3", "latest", "false"],
    ["v1.2.3-rc.1", "next", "true"],
  ] as const) {
    it(`${version} is npm's ${tag}`, () => {
      const step = stepOf("release.yml", "publish", "npm publish");
      const { status, calls } = execute(step, { npm: "" }, { GITHUB_REF_NAME: version });
      assert.equal(status, 0);
      assert.deepEqual(calls, [`npm publish ./package/a.tgz --provenance --access public --tag ${tag}`]);
    });

    it(`${version} is ${prerelease === "true" ? "a prerelease" : "a release"} on GitHub`, () => {
      const step = stepOf("release.yml", "announce", "gh release create");
      const env = { GITHUB_REF_NAME: version, GITHUB_REPOSITORY: "shop/storage" };
      const { status, calls } = execute(step, { gh: "" }, env);
      assert.equal(status, 0);
      assert.equal(calls.length, 1);
      assert.match(calls[0]!, new RegExp(`^gh release create ${version} .* --prerelease=${prerelease}\\b`));
    });
  }
});
