import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as prettier from "prettier";
import { documentation, levelsOf } from "../../policy/documentation";
import { rules } from "../../policy/rules";
import { environments } from "../support/program";

const file = path.join(__dirname, "..", "..", "docs", "policies.md");

describe("the rules", () => {
  it("are in docs/policies.md as they are: npm run docs:policy", async () => {
    const options = { ...(await prettier.resolveConfig(file)), parser: "markdown" };
    assert.equal(fs.readFileSync(file, "utf8"), await prettier.format(documentation(), options));
  });

  for (const environment of environments) {
    it(`have a level each in ${environment}`, () => {
      const names = rules.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(Object.keys(levelsOf(environment)).sort(), names.sort());
      for (const level of Object.values(levelsOf(environment))) assert.match(level, /^(mandatory|advisory|disabled)$/);
    });
  }
});
