import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { isolatedEnvironment } from "../../../local/stack/engine";
import { languageHost } from "../../../local/stack/otherProject";
import { writeShims } from "../../../local/stack/shims";
import { ensure } from "../../../local/tools/ensure";
import { yamlHostTools } from "../../../local/tools/languageTools";
import { engineTools } from "../../../local/tools/toolSets";
import { version } from "../../../components/package.json";
import { commandsOf } from "../../support/pages";
import { CHECKOUT } from "../localStack";

/** What docs/languages.md says of Pulumi's command line, in a project in YAML: no other language's host can be built that adds packages. */
describe("pulumi package add", function () {
  this.timeout("2m");
  const project = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-add-"));
  const cloud = path.join(project, "cloud");
  const file = path.join(project, "Pulumi.yaml");
  let written: string;

  before(async function () {
    // A first build of the host is not the tests' time.
    this.timeout("20m");
    const [engine] = await ensure(engineTools(), yamlHostTools());
    fs.cpSync(path.join(CHECKOUT, "examples", "yaml"), project, { recursive: true });
    fs.mkdirSync(path.join(project, "node_modules"));
    fs.symlinkSync(path.join(CHECKOUT, "components"), path.join(project, "node_modules", "eks-storage"));
    written = fs.readFileSync(file, "utf8");
    writeShims(path.join(cloud, "bin"), engine.paths.pulumi!, [], await languageHost(project, engine.paths.pulumi!));
  });
  afterEach(() => {
    fs.writeFileSync(file, written);
    fs.rmSync(path.join(project, "sdks"), { recursive: true, force: true });
  });
  after(() => fs.rmSync(project, { recursive: true, force: true }));

  const types = (line: string) =>
    spawnSync("bash", ["-euc", line], {
      cwd: project,
      encoding: "utf8",
      env: isolatedEnvironment(process.env, cloud),
    });
  const [, , add, , install] = commandsOf("docs/languages.md", "Add the package");

  it("makes an SDK from the schema that the package brings, and leaves Pulumi.yaml as it is", () => {
    const { status, stderr } = types(add!);
    // The host that Go can build can't add what it has made to a project; for YAML there is nothing to add.
    if (status !== 0) assert.match(stderr, /error: linking package: method Link not implemented\n$/);
    const made = path.join(project, "sdks", "eks-storage", `eks-storage-${version}.yaml`);
    assert.deepEqual(parse(fs.readFileSync(made, "utf8")), {
      packageDeclarationVersion: 1,
      name: "eks-storage",
      version,
    });
    assert.equal(fs.readFileSync(file, "utf8"), written);
  });

  it("is nothing that a fresh clone needs: pulumi install is content, as the page has it", () => {
    const { status, stdout, stderr } = types(install!);
    assert.equal(status, 0, stdout + stderr);
  });

  it("doesn't take the package's folder", () => {
    const { status, stderr } = types("pulumi package add ./node_modules/eks-storage");
    assert.equal(status, 1);
    assert.match(stderr, /unable to install \.\/node_modules\/eks-storage: expected .* or a PulumiPlugin file/);
  });
});
