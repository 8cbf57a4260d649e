import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { EXAMPLES_IN_TYPESCRIPT } from "../support/installedExamples";
import { pinsNamed } from "../support/pinsNamed";

const EXAMPLES = path.join(__dirname, "..", "..", "examples");
const read = (...parts: string[]) => fs.readFileSync(path.join(EXAMPLES, ...parts), "utf8");
const programs = {
  ...Object.fromEntries(EXAMPLES_IN_TYPESCRIPT.map((name) => [name, read(name, "index.ts")])),
  python: read("python", "__main__.py"),
  yaml: read("yaml", "Pulumi.yaml"),
};

describe("the examples", () => {
  for (const [name, text] of Object.entries(programs)) {
    it(`of ${name} have the versions that the program pins`, () => {
      const named = pinsNamed(text);
      assert.equal(named.length, text.match(/-eksbuild\.|public\.ecr\.aws/g)?.length);
      assert.deepEqual(
        named.filter(({ version, pinned }) => version !== pinned),
        [],
      );
    });
  }

  it("in TypeScript are compiled alike, and ask for the same packages", () => {
    const dependencies = (name: string) => {
      const { dependencies, devDependencies } = JSON.parse(read(name, "package.json")) as Record<string, unknown>;
      return [dependencies, devDependencies, read(name, "tsconfig.json")];
    };
    for (const name of EXAMPLES_IN_TYPESCRIPT) assert.deepEqual(dependencies(name), dependencies("access-point"), name);
  });
});
