import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { writeShims } from "../../stack/shims";
import { plugins } from "../../tools/plugins";

/** The real plugins that a local cloud may use; for AWS there is the stand-in alone. */
const NAMES = ["eks", "kubernetes", "random"];

describe("the host of a program's language", () => {
  it("gets the project's options as the flags that it takes", () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "shims-"));
    const file = path.join(directory, "pulumi-language-nodejs");
    fs.writeFileSync(file, `#!/bin/sh\nprintf '%s;' "$@"\n`, { mode: 0o755 });
    const bin = path.join(directory, "bin");
    writeShims(bin, process.execPath, [], { file, flags: ["-typescript=false", "-nodeargs=--require ./it's.cjs"] });
    const said = execFileSync(path.join(bin, "pulumi-language-nodejs"), ["127.0.0.1:1"], { encoding: "utf8" });
    assert.equal(said, "-typescript=false;-nodeargs=--require ./it's.cjs;127.0.0.1:1;");
    fs.rmSync(directory, { recursive: true });
  });
});

describe("a language's own directory", () => {
  it("is first on its host's PATH", () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "shims-"));
    const file = path.join(directory, "pulumi-language-python");
    fs.writeFileSync(file, `#!/bin/sh\necho "$PATH $1"\n`, { mode: 0o755 });
    const bin = path.join(directory, "bin");
    writeShims(bin, process.execPath, [], { file, flags: [], first: "/shop/venv/bin" });
    const said = execFileSync(path.join(bin, "pulumi-language-python"), ["127.0.0.1:1"], { encoding: "utf8" });
    assert.equal(said, `/shop/venv/bin:${process.env.PATH} 127.0.0.1:1\n`);
    fs.rmSync(directory, { recursive: true });
  });
});

describe("a real plugin", () => {
  let directory: string;
  let pathOfBefore: string | undefined;
  const bin = () => path.join(directory, "bin");

  beforeEach(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "shims-"));
    pathOfBefore = process.env.PATH;
  });
  afterEach(() => {
    process.env.PATH = pathOfBefore;
    fs.rmSync(directory, { recursive: true });
  });

  /** A small plugin of that name, in a directory. */
  function fake(name: string, ...into: string[]): string {
    const file = path.join(directory, ...into, `pulumi-resource-${name}`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "#!/bin/sh\necho 1\n", { mode: 0o755 });
    return file;
  }
  /** Which file the engine finds first for each. */
  function used(installed?: string): Record<string, string> {
    writeShims(bin(), process.execPath, plugins(installed));
    return Object.fromEntries(
      NAMES.map((name) => [name, fs.realpathSync(path.join(bin(), `pulumi-resource-${name}`))]),
    );
  }
  const standIn = path.resolve(__dirname, "../../plugins/host/shim.sh");

  for (const name of NAMES) {
    it(`${name} is used that is on PATH, whatever its version`, () => {
      const file = fake(name, "own");
      process.env.PATH = [path.dirname(file), pathOfBefore].join(path.delimiter);
      assert.equal(used()[name], file);
      // The next command finds the first one's directory on PATH, too.
      process.env.PATH = [bin(), process.env.PATH].join(path.delimiter);
      assert.equal(used()[name], file);
    });

    it(`${name} is used that is installed in the version of the SDK, for every version that is asked for`, () => {
      const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
      const file = fake(name, "plugins", `resource-${name}-v${version}`);
      fake(name, "plugins", `resource-${name}-v0.0.1`);
      assert.equal(used(path.join(directory, "plugins"))[name], file);
    });
  }

  it("is none that a local cloud has put there itself", () => {
    used();
    process.env.PATH = [bin(), pathOfBefore].join(path.delimiter);
    assert.deepEqual(used(), Object.fromEntries(NAMES.map((name) => [name, standIn])));
  });

  it("for AWS is never used, since it would reach AWS", () => {
    process.env.PATH = [path.dirname(fake("aws", "own")), pathOfBefore].join(path.delimiter);
    used();
    assert.equal(fs.realpathSync(path.join(bin(), "pulumi-resource-aws")), standIn);
  });
});
