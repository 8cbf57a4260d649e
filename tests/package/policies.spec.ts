import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { isBuiltin } from "node:module";
import * as os from "node:os";
import * as path from "node:path";
import { dependencies } from "../../policy/package.json";
import { policies } from "../../policy/policies";
import { Pack } from "../policy/pack";
import { resource } from "../policy/resources";
import { KINDS, PackageProject } from "../support/packageProject";
import { heldForPolicies, tarball } from "../support/packed";

const CHECKOUT = path.join(__dirname, "..", "..");
const ENVIRONMENTS = ["dev", "prod", "staging"];

describe("the policy pack's tarball", function () {
  this.timeout("3m");
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-tarball-"));
  const unpacked = path.join(directory, "package");
  const read = (file: string) => fs.readFileSync(path.join(unpacked, file), "utf8");
  before(() => {
    const args = ["-xzf", tarball("eks-storage-policies"), "-C", directory];
    const { status, stderr } = spawnSync("tar", args, { encoding: "utf8" });
    assert.equal(status, 0, stderr);
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it("has pages, levels, and one file of JavaScript with its map, which the engine's file starts; nothing else", () => {
    const files = fs.readdirSync(unpacked, { recursive: true, withFileTypes: true });
    const pages = ["CHANGELOG.md", "LICENSE", "README.md", "PulumiPolicy.yaml", "package.json"];
    const levels = ENVIRONMENTS.map((environment) => `config/${environment}.json`);
    assert.deepEqual(
      files
        .filter((it) => it.isFile())
        .map((it) => path.relative(unpacked, path.join(it.parentPath, it.name)))
        .sort(),
      [...pages, ...levels, "index.js", "dist/pack.js", "dist/pack.js.map"].sort(),
    );
  });

  it("is licensed as the repository is", () =>
    assert.equal(read("LICENSE"), fs.readFileSync(path.join(CHECKOUT, "LICENSE"), "utf8")));

  it("loads the packages that it depends on, each of them, and no other", () => {
    const loaded = ["index.js", "dist/pack.js"]
      .flatMap((file) => [...read(file).matchAll(/\brequire\("([^."][^"]*)"\)/g)].map(([, name]) => name!))
      .filter((name) => !isBuiltin(name));
    assert.deepEqual([...new Set(loaded)].sort(), Object.keys(dependencies).sort());
  });

  it("is as publint wants a package", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: unpacked, pack: false, strict: true });
    assert.deepEqual(messages, []);
  });

  it("starts in an empty pnpm project, and finds what is wrong", async () => {
    const project = new PackageProject({ ...KINDS.pnpm, manifest: { pnpm: { overrides: heldForPolicies } } });
    try {
      project.install(tarball("eks-storage-policies"));
      const pack = new Pack(true, path.join(project.directory, "node_modules", "eks-storage-policies"));
      await pack.start();
      try {
        assert.deepEqual(Object.keys(await pack.details()).sort(), policies.map(({ name }) => name).sort());
        const disk = resource("aws:ebs/volume:Volume", "orders", { size: 10 });
        const found = (await pack.evaluate([disk])).map(({ policy, mandatory }) => [policy, mandatory]);
        assert.deepEqual(found, [
          ["disk-encrypted", true],
          ["durable-protected", true],
        ]);
      } finally {
        await pack.stop();
      }
    } finally {
      project.remove();
    }
  });
});
