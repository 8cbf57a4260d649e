import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { lexer } from "marked";
import { assertComplete, KINDS, PackageProject, TYPESCRIPT } from "../support/packageProject";
import { tarball } from "../support/packed";

const CHECKOUT = path.join(__dirname, "..", "..");
const README = path.join(CHECKOUT, "components", "README.md");
const EXAMPLES = path.join(CHECKOUT, "docs", "components", "examples");

describe("the package in an empty pnpm project", function () {
  this.timeout("5m");
  const project = new PackageProject(KINDS.pnpm);
  before(() => project.install(tarball()));
  after(() => project.remove());

  it("brings each SDK, once", () => project.assertCopies());

  it("is clean by the configuration of Pulumi's templates, as the README's and the reference's examples are", () => {
    const blocks = lexer(fs.readFileSync(README, "utf8")).flatMap((token) =>
      token.type === "code" ? [token.text] : [],
    );
    const [example, ...others] = blocks.filter((text) => text.startsWith("import "));
    assert.ok(example && others.length === 0, "the README has one example");
    project.write("example.ts", example);
    const examples = fs.readdirSync(EXAMPLES).filter((file) => file.endsWith(".ts"));
    assert.ok(examples.length > 20, examples.join());
    for (const file of examples) project.write(file, fs.readFileSync(path.join(EXAMPLES, file), "utf8"));
    assert.deepEqual(project.typeCheck("index.ts", "example.ts", ...examples), { version: TYPESCRIPT, said: [] });
  });

  it("runs, with CsiDriver, StaticVolume and DeletionProtection in it", () => assertComplete(project.mocked()));
});
