import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensure } from "../../../local/tools/ensure";
import { pythonHostTools, sdkGeneratorTools } from "../../../local/tools/languageTools";
import { pythonPrograms } from "../../../local/tools/pythonPrograms";
import { memberName, snakeCase } from "../../../schema/examplePython";
import { nameOf, readSchema } from "../../../schema/file";
import { inOrder } from "../../support/inOrder";
import { CHECKOUT } from "../localStack";
import { LanguageStack } from "./languageStack";
import { livesAsAStack } from "./lifecycle";

const REQUIREMENTS = path.join(__dirname, "requirements.txt");
const PYRIGHT = require.resolve("pyright/index.js");

/** What pyright --outputjson prints. */
interface Checked {
  generalDiagnostics: { file: string; severity: string; message: string; range: { start: { line: number } } }[];
  summary: { filesAnalyzed: number };
}

/** A program that a checker must refuse: without the SDK it would take any name. */
const WRONG = 'import pulumi_eks_storage as storage\nstorage.Bucket("images", bucket_nam="a", retention="delete")\n';

/** A program that says every name of the reference once. */
function namesInPython(): string {
  const { resources, types } = readSchema();
  const of = (name: string, members: Record<string, unknown> = {}) =>
    Object.keys(members).map((it) => `storage.${name}.${snakeCase(it)}`);
  const names = [
    ...Object.entries(resources).flatMap(([token, { inputProperties, properties }]) => [
      ...of(`${nameOf(token)}Args`, inputProperties),
      ...of(nameOf(token), properties),
    ]),
    ...Object.entries(types).flatMap(([token, { properties, enum: values = [] }]) => [
      ...of(`${nameOf(token)}Args`, properties),
      ...values.map(({ name }) => `storage.${nameOf(token)}.${memberName(name)}`),
    ]),
  ];
  return ["import pulumi_eks_storage as storage", "names = [", ...names.map((it) => `    ${it},`), "]", ""].join("\n");
}

describe("a program in Python", function () {
  this.timeout("10m");
  inOrder(this);
  const stack = new LanguageStack("python");
  // As if it were installed into the environment, which all runs share.
  const installed = path.join(stack.project, "sdks", "installed");
  let python: string;
  before(async function () {
    // A first build of host and generator is not the tests' time.
    this.timeout("20m");
    const programs = await pythonPrograms({
      name: "python-sdks",
      words: "Pulumi's SDKs for Python",
      requirements: REQUIREMENTS,
      isWithoutHashes: true,
    });
    python = path.join(programs, "python");
    const [{ paths }] = await ensure(sdkGeneratorTools(), pythonHostTools());
    await stack.prepare();
    // As pulumi package add does.
    const sdk = path.join(stack.project, "sdks", "eks-storage");
    const schema = path.join(stack.project, "node_modules", "eks-storage", "schema.json");
    execFileSync(paths["pulumi-sdk-generator"]!, [schema, sdk]);
    const alone = ["--quiet", "--no-deps", "--no-index", "--no-build-isolation"];
    execFileSync(python, ["-m", "pip", "install", ...alone, "--target", installed, sdk]);
    fs.symlinkSync(path.dirname(programs), path.join(stack.project, "venv"));
    stack.environment = { PYTHONPATH: installed };
  });
  after(() => stack.stop());

  it("has an SDK with the field's names", () => {
    const script = `
import json, pulumi_eks_storage as storage
print(json.dumps(dir(storage)))`;
    const said = execFileSync(python, ["-c", script], {
      env: { ...process.env, PYTHONPATH: installed },
      encoding: "utf8",
    });
    const names = JSON.parse(said) as string[];
    for (const name of ["StaticVolume", "EfsVolumeArgs", "CsiDriverKind"]) assert.ok(names.includes(name), name);
    assert.deepEqual(
      names.filter((name) => name.endsWith("ArgsArgs")),
      [],
    );
  });

  it("has the names that the reference of the components says, as its examples use them", () => {
    const directory = path.join(stack.project, "reference");
    fs.mkdirSync(directory);
    const examples = path.join(CHECKOUT, "docs", "components", "examples");
    for (const file of fs.readdirSync(examples).filter((it) => it.endsWith(".py")))
      fs.copyFileSync(path.join(examples, file), path.join(directory, file));
    fs.writeFileSync(path.join(directory, "names.py"), namesInPython());
    fs.writeFileSync(path.join(directory, "wrong.py"), WRONG);
    const files = fs.readdirSync(directory).map((file) => path.join(directory, file));
    const { stdout } = spawnSync(process.execPath, [PYRIGHT, "--outputjson", "--pythonpath", python, ...files], {
      env: { ...process.env, PYTHONPATH: installed },
      encoding: "utf8",
    });
    const { generalDiagnostics, summary } = JSON.parse(stdout) as Checked;
    assert.equal(summary.filesAnalyzed, files.length);
    const said = generalDiagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ file, range, message }) => `${path.basename(file)}:${range.start.line + 1}: ${message}`);
    const [wrong, ...others] = said.sort((one) => (one.startsWith("wrong.py") ? -1 : 1));
    assert.match(wrong!, /^wrong\.py:2: No overloads for "__init__" match/);
    assert.deepEqual(others, []);
  });

  livesAsAStack(() => stack);

  it("has left all to its owner, who leaves nothing", () => stack.ownerLeaves());
});
