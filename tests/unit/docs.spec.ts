import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { sectionsOf } from "../support/pages";

const CHECKOUT = path.join(__dirname, "..", "..");
const DOCS = path.join(CHECKOUT, "docs");
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

describe("a page that the program names", () => {
  const sources = ["components", "config", "commands", "changes", "audit", "local", "policy"].flatMap((folder) =>
    fs
      .readdirSync(path.join(CHECKOUT, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !/(^|\/)(node_modules|dist|build|tests)\//.test(file))
      .map((file) => path.join(folder, file)),
  );
  /** Each with where it is named, and the section if one is. A text may be in parts. */
  const named = sources.flatMap((file) =>
    [
      ...fs
        .readFileSync(path.join(CHECKOUT, file), "utf8")
        .replaceAll(/["'`] \+\s*["'`]/g, "")
        .matchAll(/(?<![\w/.-])(docs\/[\w/]+\.md)(?:, \\?"([^"\\]+))?/g),
    ].map(([, page, title]) => ({ file, page: page!, title })),
  );

  it("is there, and so is the section", () => {
    assert.ok(named.length > 20 && named.some(({ title }) => title !== undefined), String(named.length));
    const wrong = named.filter(({ page, title }) => {
      if (!fs.existsSync(path.join(CHECKOUT, page))) return true;
      return title !== undefined && !sectionsOf(page).some((section) => section.title === title);
    });
    assert.deepEqual(wrong, []);
  });
});
