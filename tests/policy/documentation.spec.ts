import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { documentation, levelsOf } from "../../policy/documentation";
import { Severity } from "../../policy/policy";
import { policies } from "../../policy/policies";
import { environments } from "../support/program";

const file = path.join(__dirname, "..", "..", "docs", "policies.md");

describe("the policies", () => {
  it("are in docs/policies.md as they are: npm run docs:policy", async () => {
    const options = { ...(await prettier.resolveConfig(file)), parser: "markdown" };
    assert.equal(fs.readFileSync(file, "utf8"), await prettier.format(documentation(), options));
  });

  it("have a severity, a fix in steps, a URL and an example of both ways", () => {
    const text = documentation();
    for (const { name, description, severity, fix, url, example, types } of policies) {
      assert.match(name, /^[a-z0-9-]+$/);
      assert.match(description, /^[A-Z].*\.$/, name);
      assert.ok(Object.values(Severity).includes(severity), name);
      assert.ok(fix.length > 0 && fix.every((step) => /^[A-Z].*[.,]$/.test(step)), `${name}: ${fix.join("; ")}`);
      assert.match(url, /^https:\/\/[^ ]+$/, name);
      assert.notEqual(example.wrong, example.right, name);
      assert.ok(types.length > 0, name);
      const chapter = text.split(/^### /m).find((it) => it.startsWith(`${name}\n`))!;
      for (const part of [description, severity, url, example.wrong, example.right, ...fix])
        assert.ok(chapter.includes(part), `${name}: ${part}`);
    }
  });

  it("have no table cell of more than 200 characters in the documentation: a longer text is a paragraph only", () => {
    const long = { ...policies[0]!, standards: Array.from({ length: 30 }, (_, index) => `Checkov CKV_AWS_${index}`) };
    for (const text of [documentation(), documentation({ Long: [long] })]) {
      const cells = text.split("\n").flatMap((line) => (line.startsWith("|") ? line.split(" | ") : []));
      assert.ok(cells.length > 0);
      for (const cell of cells) assert.ok(cell.length <= 200, cell);
    }
    assert.ok(
      documentation({ Long: [long] }).includes(
        `\n${long.description} Severity: ${long.severity}. ${long.standards.join(", ")}. `,
      ),
    );
  });

  it("have their examples in the documentation as they are, whatever prettier would make of them", () => {
    const text = fs.readFileSync(file, "utf8");
    for (const { name, example } of policies) {
      assert.ok(text.includes(`// wrong\n${example.wrong}\n// right\n${example.right}\n`), name);
    }
  });

  for (const environment of environments) {
    it(`have a level each in ${environment}`, () => {
      const names = policies.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(Object.keys(levelsOf(environment)).sort(), names.sort());
      for (const level of Object.values(levelsOf(environment))) assert.match(level, /^(mandatory|advisory|disabled)$/);
    });
  }
});
