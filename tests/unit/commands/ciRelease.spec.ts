import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { notesOf, type Release, type Released, releaseNotes, releaseViolations } from "../../../commands/ciRelease";

const CHECKOUT = path.join(__dirname, "..", "..", "..");
const CHANGELOG = "# Changelog\n\n## 1.2.0 (2026-11-29)\n\n- EFS: faster\n- S3\n\n## 1.1.0\n\n- first\n\n## 1.0.0\n";
const repository = "github:shop/storage";
const schemasOf = (version: string) => ({ "components/schema.json": version, "schema/released.json": version });
/** Both packages of a version: what changes is the second's. */
const of = (
  version: string,
  manifest: Partial<Released["manifest"]> = {},
  changelog = CHANGELOG,
): Release["packages"] => ({
  components: { manifest: { name: "eks-storage", version, repository }, changelog },
  policy: { manifest: { name: "eks-storage-policies", version, repository, ...manifest }, changelog },
});
const RELEASE: Release = { tag: "v1.2.0", packages: of("1.2.0"), schemas: schemasOf("1.2.0") };

describe("npm run ci:release", () => {
  const violations = (changes: Partial<Release>) => releaseViolations({ ...RELEASE, ...changes });

  it("accepts a tag that package.json and the changelog agree with, before a release as well", () => {
    assert.deepEqual(violations({}), []);
    const candidate = {
      tag: "v2.0.0-rc.1",
      packages: of("2.0.0-rc.1", {}, "## 2.0.0-rc.1\n\n- new\n"),
      schemas: schemasOf("2.0.0-rc.1"),
    };
    assert.deepEqual(violations(candidate), []);
  });

  it("takes the version's own section for the release's notes", () => {
    assert.equal(notesOf(CHANGELOG, "1.2.0"), "- EFS: faster\n- S3");
    assert.equal(notesOf(CHANGELOG, "1.1.0"), "- first");
    assert.equal(notesOf(CHANGELOG, "1.2"), "");
    assert.equal(notesOf("## 1.0.0", "1.0.0"), "");
    assert.equal(
      releaseNotes(RELEASE),
      "## eks-storage\n\n- EFS: faster\n- S3\n\n## eks-storage-policies\n\n- EFS: faster\n- S3\n",
    );
  });

  const refused: Record<string, [Partial<Release>, string[]]> = {
    "a tag of another form": [
      { tag: "1.2.0" },
      ["A release's tag must be like v1.2.3, and is 1.2.0: delete it, and tag the commit anew."],
    ],
    "another version": [
      { packages: of("1.2.0", { version: "1.1.0" }) },
      [
        "policy/package.json's version must be 1.2.0, as the tag v1.2.0 says, and is 1.1.0: " +
          "run npm version 1.2.0 --workspace eks-storage-policies --no-git-tag-version, commit, and tag that commit.",
      ],
    ],
    "a private package": [
      { packages: of("1.2.0", { private: true }) },
      ['policy/package.json must not be "private", or npm refuses to publish it, and is: take that line out.'],
    ],
    "a package of nowhere": [
      { packages: of("1.2.0", { repository: undefined }) },
      [
        'policy/package.json must have a "repository", against which npm holds where the package comes from, and has none: ' +
          "run npm pkg set repository=github:OWNER/NAME --workspace eks-storage-policies, commit, and tag that commit.",
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
      { packages: { policy: { ...of("1.2.0").policy!, changelog: undefined } } },
      ["policy/CHANGELOG.md must have a section of the release, and isn't there."],
    ],
    "an empty section": [
      { tag: "v1.0.0", packages: of("1.0.0"), schemas: schemasOf("1.0.0") },
      ["components", "policy"].map((it) => `${it}/CHANGELOG.md must say under "## 1.0.0" what changed, and doesn't.`),
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
