import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { languageHost } from "../../stack/otherProject";

describe("the host of a project's language", () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "host-"));
  const release = path.join(root, "release");
  const engine = path.join(root, "pulumi");
  before(() => {
    fs.mkdirSync(release);
    fs.writeFileSync(path.join(release, "pulumi"), "");
    fs.symlinkSync(path.join(release, "pulumi"), engine);
  });
  after(() => fs.rmSync(root, { recursive: true }));

  for (const language of ["nodejs", "rust"]) {
    it(`is the one beside the engine, for ${language}`, async () => {
      fs.writeFileSync(path.join(root, "Pulumi.yaml"), `name: shop\nruntime: ${language}\n`);
      const host = path.join(release, `pulumi-language-${language}`);
      fs.writeFileSync(host, "");
      assert.deepEqual(await languageHost(root, engine), { file: host, flags: [] });
    });
  }

  it("must be on PATH where none is beside the engine", async () => {
    fs.writeFileSync(path.join(root, "Pulumi.yaml"), "name: shop\nruntime: cobol\n");
    await assert.rejects(
      languageHost(root, engine),
      /has the runtime cobol, which needs pulumi-language-cobol on PATH/,
    );
  });
});
