import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { AccessMode } from "../../components/index";
import { validateAccessMode } from "../../components/volumes/accessModes";

const CHECKOUT = path.join(__dirname, "..", "..");
const TEST = /`([\w/.]+)`: "([^"]+)"/g;

describe("docs/storage.md", () => {
  const page = fs.readFileSync(path.join(CHECKOUT, "docs", "storage.md"), "utf8");
  /** The rows of every table that says what runs it, as cells. */
  const tables = page
    .split(/\n{2,}/)
    .map((block) =>
      block.split("\n").map((line) =>
        line
          .split("|")
          .map((cell) => cell.trim())
          .slice(1, -1),
      ),
    )
    .filter(([head]) => head?.at(-1) === "run by")
    .map(([, , ...rows]) => rows);

  it("names for every row tests that there are", () => {
    assert.equal(tables.length, 2);
    for (const row of tables.flat()) {
      const tests = [...row.at(-1)!.matchAll(TEST)];
      assert.ok(tests.length > 0, row.join(" | "));
      for (const [, file, title] of tests) {
        const spec = fs.readFileSync(path.join(CHECKOUT, "tests", "engine", file!), "utf8");
        assert.ok(spec.includes(`it("${title!}"`), `${file!} has no test "${title!}"`);
      }
    }
  });

  it("has a row for each access mode that a kind of volume takes, and no other", () => {
    const taken = (["efs", "ebs", "s3"] as const).flatMap((kind) =>
      Object.values(AccessMode)
        .filter((mode) => validateAccessMode(kind, mode).length === 0)
        .map((mode) => `${kind.toUpperCase()} ${mode}`),
    );
    const rows = tables[0]!.map(([kind, , mode]) => `${kind!} ${mode!}`);
    assert.deepEqual([...new Set(rows)].sort(), taken.sort());
  });
});
