import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { locked, progress, UserError } from "../cli/terminal";
import { CACHE } from "./cache";

/** Packages of Python's that go into one virtual environment. */
export interface PythonPackages {
  /** What the environment's directory begins with. */
  name: string;
  /** The packages in words, for messages: `zizmor and shellcheck`. */
  words: string;
  /** A file that pins them and all that they need. */
  requirements: string;
  /** Whether the file has no hashes of their wheels. Default: it has. */
  isWithoutHashes?: true;
}

const run = promisify(execFile);

/**
 * A virtual environment with the packages that a file pins, in the tools' cache: another file is another environment.
 *
 * @returns its directory of programs.
 * @throws UserError where there is no Python, or pip refuses.
 */
export async function pythonPrograms(
  { name, words, requirements, isWithoutHashes }: PythonPackages,
  python = "python3",
  cache = CACHE,
): Promise<string> {
  const hash = createHash("sha256").update(fs.readFileSync(requirements)).digest("hex").slice(0, 12);
  const directory = path.join(cache, `${name}-${hash}-${process.platform}-${process.arch}`);
  const complete = path.join(directory, "complete");
  if (fs.existsSync(complete)) return path.join(directory, "bin");
  // A lock of its own: building the engine takes minutes.
  return locked(`${directory}.lock`, `installs ${words}`, 3600, async () => {
    if (fs.existsSync(complete)) return path.join(directory, "bin");
    // An environment knows its own path, so it is made where it stays.
    fs.rmSync(directory, { recursive: true, force: true });
    const hashes = isWithoutHashes ? [] : ["--require-hashes"];
    const pinned = ["--requirement", requirements, ...hashes, "--no-deps", "--only-binary=:all:"];
    await progress(`Installing ${words} with pip`, async () => {
      try {
        await run(python, ["-m", "venv", directory]);
        await run(path.join(directory, "bin", "python"), ["-m", "pip", "install", "--quiet", "--no-input", ...pinned]);
      } catch (error) {
        const { code, stdout = "", stderr = "" } = error as NodeJS.ErrnoException & Record<"stdout" | "stderr", string>;
        const said = `${stdout}${stderr}`.trim();
        const verb = words.includes(" and ") ? "are" : "is";
        throw new UserError(
          code === "ENOENT" && !said
            ? `${words} ${verb} needed, and there is no ${python} for it: ` +
                "install Python 3.10 or newer with pip and venv, and run this again."
            : `${words} can't be installed; Python said:\n${said}`,
        );
      }
    });
    fs.writeFileSync(complete, "");
    return path.join(directory, "bin");
  });
}
