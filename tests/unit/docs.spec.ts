import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";

const DOCS = path.join(__dirname, "..", "..", "docs");
const LONGEST_CELL = 200;

const pages = fs.readdirSync(DOCS, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));

/** The cells of a page's tables, each with the number of its line. */
function cellsOf(page: string): { line: number; text: string }[] {
  const lines = fs.readFileSync(path.join(DOCS, page), "utf8").split("\n");
  return lines.flatMap((line, index) =>
    // A line of dashes is as wide as its column.
    line.startsWith("|") && !/^[|\s:-]+$/.test(line)
      ? line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((text) => ({ line: index + 1, text: text.trim() }))
      : [],
  );
}

describe("a table's cell can be read at a glance:", () => {
  it("tables are found", () => {
    // Not on every page: some have none.
    assert.ok(cellsOf("configuration.md").length > 0);
  });

  for (const page of pages) {
    it(`in docs/${page} none has more than ${LONGEST_CELL} characters`, () => {
      const long = cellsOf(page).filter(({ text }) => text.length > LONGEST_CELL);
      assert.deepEqual(
        long.map(({ line, text }) => `${page}:${line} has ${text.length}: ${text.slice(0, 60)}…`),
        [],
        "what is longer is a paragraph, or a list, below the table",
      );
    });
  }
});
