import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ensure } from "../../../local/tools/ensure";
import { pythonHostTools, sdkGeneratorTools } from "../../../local/tools/languageTools";
import { pythonPrograms } from "../../../local/tools/pythonPrograms";
import { SCHEMA_FILE } from "../../../schema/schema";
import { inOrder } from "../../support/inOrder";
import { LanguageStack } from "./languageStack";
import { livesAsAStack } from "./lifecycle";

const REQUIREMENTS = path.join(__dirname, "requirements.txt");

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
    execFileSync(paths["pulumi-sdk-generator"]!, [SCHEMA_FILE, sdk]);
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

  livesAsAStack(() => stack);

  it("has left all to its owner, who leaves nothing", () => stack.ownerLeaves());
});
