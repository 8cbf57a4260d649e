import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { trimmedSource } from "../../tools/build";

describe("a module that is built without what isn't used", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "build-"));
  const at = (...names: string[]) => path.join(home, ...names);
  const { PATH } = process.env;
  const write = (file: string, text: string, mode = 0o444) => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode });
  };

  before(() => {
    write(at("bin", "go"), `#!/bin/sh\necho '{"Dir": "${at("kept")}"}'\n`, 0o755);
    process.env.PATH = `${at("bin")}:${PATH}`;
    write(at("kept", "backend.go"), 'import (\n\t"fmt"\n\t_ "cloud/s3"\n\t_ "cloud/gcs"\n)\n');
    write(at("kept", "backend_test.go"), "tests");
    write(at("kept", "testdata", "large"), "data");
    write(at("tool", "go.mod"), "module tool\n");
    write(at("tool", "go.sum"), "sums\n");
    write(at("tool", "main.go"), "package main\n");
    write(at("tool", "notes.ts"), "");
  });
  after(() => {
    process.env.PATH = PATH;
    fs.rmSync(home, { recursive: true });
  });

  it("is an edited copy, which go.mod takes in place of what Go keeps", async () => {
    const edits: Parameters<typeof trimmedSource>[1]["edits"] = { "backend.go": [[/^.*"cloud\/.*\n/gm, ""]] };
    const source = await trimmedSource(at("tool"), { module: "example.com/engine", edits }, at("into"));
    const text = (...names: string[]) => fs.readFileSync(path.join(source, ...names), "utf8");
    assert.deepEqual(fs.readdirSync(source).sort(), ["go.mod", "go.sum", "main.go", "module"]);
    assert.deepEqual(fs.readdirSync(path.join(source, "module")), ["backend.go"]);
    assert.equal(text("module", "backend.go"), 'import (\n\t"fmt"\n)\n');
    assert.match(text("go.mod"), /^module tool\n\nreplace example\.com\/engine => \.\/module\n$/);
    assert.equal(text("go.sum"), "sums\n");
    assert.match(fs.readFileSync(at("kept", "backend.go"), "utf8"), /cloud\/s3/);
  });

  it("is refused where an edit finds nothing, as in a later version", async () => {
    const edits: Parameters<typeof trimmedSource>[1]["edits"] = { "backend.go": [[/"cloud\/azure"/, ""]] };
    await assert.rejects(trimmedSource(at("tool"), { module: "example.com/engine", edits }, at("again")), {
      message: 'example.com/engine can\'t be trimmed: its backend.go has no /"cloud\\/azure"/.',
    });
  });
});
