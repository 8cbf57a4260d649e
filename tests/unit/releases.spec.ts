import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { COMMITS, untestedReleases } from "../engine/upgrades/program";

const CHECKOUT = path.join(__dirname, "..", "..");
/** The pages that say how a package is installed. */
const PAGES = [
  "README.md",
  "components/README.md",
  "policy/README.md",
  "docs/components.md",
  "docs/languages.md",
  "docs/policies.md",
];
const NONE = "There is no release yet, so pack it in a checkout, with your program in `../shop`:";

describe("The releases", () => {
  it("are said not to be there yet, until the first, wherever a package is installed", () => {
    // It is made at the first release: npm run schema -- --release.
    const isReleased = fs.existsSync(path.join(CHECKOUT, "schema", "released.json"));
    for (const page of PAGES) {
      const text = fs.readFileSync(path.join(CHECKOUT, page), "utf8").replace(/\s+/g, " ");
      assert.equal(text.includes(NONE), !isReleased, page);
      assert.doesNotMatch(text, /release has the (tarball|archive)/, page);
    }
  });

  it("are all upgraded by tests/engine/upgrades.spec.ts", () => {
    const commits = Object.values(COMMITS).map(({ commit }) => commit);
    assert.deepEqual(untestedReleases(commits), [], "add their commits to COMMITS in tests/engine/upgrades/program.ts");
  });

  it("are found by their tags, with a message of their own or without", () => {
    const clone = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-releases-"));
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: clone,
        encoding: "utf8",
      }).trim();
    git("init", "--quiet");
    const commits = ["v1.0.0", "v1.1.0", "before"].map((tag) => {
      git("commit", "--quiet", "--allow-empty", "--message", tag);
      git("tag", tag, ...(tag === "v1.1.0" ? ["--message", "with a message"] : []));
      return git("rev-parse", "HEAD");
    });
    git("tag", "v1.2.0");
    assert.deepEqual(untestedReleases([], clone), ["v1.0.0", "v1.1.0"], "the release's own run has its tag already");
    assert.deepEqual(untestedReleases([commits[0]!], clone), ["v1.1.0"]);
    assert.deepEqual(untestedReleases(commits, clone), []);
    fs.rmSync(clone, { recursive: true });
  });
});
