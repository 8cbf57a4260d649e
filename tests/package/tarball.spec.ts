import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { dependencies, peerDependencies } from "../../components/package.json";
import { copyIn, tarball } from "../support/packed";

const CHECKOUT = path.join(__dirname, "..", "..");

describe("the package's tarball", function () {
  this.timeout("2m");
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-tarball-"));
  const unpacked = path.join(directory, "package");
  const read = (file: string) => fs.readFileSync(path.join(unpacked, file), "utf8");
  let files: string[];
  before(() => {
    const { status, stderr } = spawnSync("tar", ["-xzf", tarball(), "-C", directory], { encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const all = fs.readdirSync(unpacked, { recursive: true, withFileTypes: true });
    files = all
      .filter((it) => it.isFile())
      .map((it) => path.relative(unpacked, path.join(it.parentPath, it.name)))
      .sort();
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it("has pages, one file of types, JavaScript with the map of each file, the plugin and its schema; nothing else", () => {
    const scripts = files.filter((file) => /^dist\/.*\.js$/.test(file));
    const pages = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    assert.ok(scripts.includes("dist/index.js"));
    const plugin = ["pulumi-resource-eks-storage", "schema.json"];
    const built = ["dist/index.d.ts", ...scripts, ...scripts.map((it) => `${it}.map`)];
    assert.deepEqual(files, [...pages, ...plugin, ...built].sort());
  });

  it("maps each script to its source, which the map brings", () => {
    const maps = files.filter((file) => file.endsWith(".map"));
    for (const file of maps) {
      const { sources, sourcesContent } = JSON.parse(read(file)) as { sources: string[]; sourcesContent: string[] };
      const source = path.join(
        CHECKOUT,
        "components",
        path.dirname(file).replace(/^dist\/?/, ""),
        path.basename(sources[0]!),
      );
      assert.deepEqual(sourcesContent, [fs.readFileSync(source, "utf8")], file);
    }
  });

  it("is licensed as the repository is", () =>
    assert.equal(read("LICENSE"), fs.readFileSync(path.join(CHECKOUT, "LICENSE"), "utf8")));

  it("loads the packages that it depends on, each of them, and no other", () => {
    const loaded = files
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) => [...read(file).matchAll(/\b(?:require|import)\("([^."][^"]*)"\)/g)].map(([, name]) => name!))
      .filter((name) => !isBuiltin(name))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)![0]);
    assert.deepEqual([...new Set(loaded)].sort(), Object.keys({ ...dependencies, ...peerDependencies }).sort());
  });

  it("is as publint wants a package", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: unpacked, pack: false, strict: true });
    assert.deepEqual(messages, []);
  });

  it("gives every kind of import its types, as Are The Types Wrong finds", async () => {
    const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
    const result = await checkPackage(createPackageFromTarballData(fs.readFileSync(tarball())));
    assert.ok(result.types);
    const { entrypoints, problems } = result;
    assert.deepEqual(Object.keys(entrypoints).sort(), [".", "./package.json", "./schema.json"]);
    assert.deepEqual(problems, []);
  });

  it("isn't built where the API report is another: npm run api renews it", () => {
    const components = path.join(copyIn(path.dirname(tarball())), "components");
    const report = path.join(components, "eks-storage.api.md");
    const extract = () => {
      const args = ["api-extractor", "run", "--config", "api-extractor.json"];
      return spawnSync("npx", ["--no-install", ...args], { cwd: components, encoding: "utf8" });
    };
    assert.equal(extract().status, 0);
    fs.appendFileSync(report, "export class Another {}\n");
    const { status, stdout, stderr } = extract();
    assert.equal(status, 1);
    assert.match(stdout + stderr, /You have changed the API signature/);
  });
});
