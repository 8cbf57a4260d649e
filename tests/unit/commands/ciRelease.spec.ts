import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { notesOf, type Release, releaseViolations } from "../../../commands/ciRelease";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const CHANGELOG = "# Changelog\n\n## 1.2.0 (2026-11-29)\n\n- EFS: faster\n- S3\n\n## 1.1.0\n\n- first\n\n## 1.0.0\n";
const repository = "github:shop/storage";
const schemasOf = (version: string) => ({ "components/schema.json": version, "schema/released.json": version });
const RELEASE: Release = {
  ...{ tag: "v1.2.0", package: { version: "1.2.0", repository }, changelog: CHANGELOG },
  schemas: schemasOf("1.2.0"),
};

describe("npm run ci:release", () => {
  const violations = (changes: Partial<Release>) => releaseViolations({ ...RELEASE, ...changes });

  it("accepts a tag that package.json and the changelog agree with, before a release as well", () => {
    assert.deepEqual(violations({}), []);
    const candidate = {
      tag: "v2.0.0-rc.1",
      package: { version: "2.0.0-rc.1", repository },
      changelog: "## 2.0.0-rc.1\n\n- new\n",
      schemas: schemasOf("2.0.0-rc.1"),
    };
    assert.deepEqual(violations(candidate), []);
  });

  it("takes the version's own section for the release's notes", () => {
    assert.equal(notesOf(CHANGELOG, "1.2.0"), "- EFS: faster\n- S3");
    assert.equal(notesOf(CHANGELOG, "1.1.0"), "- first");
    assert.equal(notesOf(CHANGELOG, "1.2"), "");
    assert.equal(notesOf("## 1.0.0", "1.0.0"), "");
  });

  const refused: Record<string, [Partial<Release>, string[]]> = {
    "a tag of another form": [
      { tag: "1.2.0" },
      ["A release's tag must be like v1.2.3, and is 1.2.0: delete it, and tag the commit anew."],
    ],
    "another version": [
      { package: { version: "1.1.0", repository } },
      [
        "components/package.json's version must be 1.2.0, as the tag v1.2.0 says, and is 1.1.0: " +
          "run npm version 1.2.0 --workspace eks-storage --no-git-tag-version, commit, and tag that commit.",
      ],
    ],
    "a private package": [
      { package: { version: "1.2.0", private: true, repository } },
      ['components/package.json must not be "private", or npm refuses to publish it, and is: take that line out.'],
    ],
    "a package of nowhere": [
      { package: { version: "1.2.0" } },
      [
        'components/package.json must have a "repository", against which npm holds where the package comes from, and has none: ' +
          "run npm pkg set repository=github:OWNER/NAME --workspace eks-storage, commit, and tag that commit.",
      ],
    ],
    "a schema of another version, and none to compare the next release with": [
      { schemas: { "components/schema.json": "1.1.0", "schema/released.json": undefined } },
      [
        "components/schema.json must be of the version 1.2.0, and is of 1.1.0: run npm run schema -- --release, commit, and tag that commit.",
        "schema/released.json must be of the version 1.2.0, and isn't there: run npm run schema -- --release, commit, and tag that commit.",
      ],
    ],
    "no changelog": [
      { changelog: undefined },
      ["components/CHANGELOG.md must have a section of the release, and isn't there."],
    ],
    "an empty section": [
      { tag: "v1.0.0", package: { version: "1.0.0", repository }, schemas: schemasOf("1.0.0") },
      ['components/CHANGELOG.md must say under "## 1.0.0" what changed, and doesn\'t.'],
    ],
  };
  for (const [what, [changes, expected]] of Object.entries(refused))
    it(`refuses ${what}`, () => assert.deepEqual(violations(changes), expected));

  it("ends with all of it, and 1", () => {
    const args = ["commands/start.cjs", "ciRelease", "--tag", "v999.0.0", "--notes", "notes.md"];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: CHECKOUT, encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^error: v999\.0\.0 can't be released:\n {2}- components\/package\.json's version must be 999\.0\.0, /,
    );
  });
});
