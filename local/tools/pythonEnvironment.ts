import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { locked, progress, UserError } from "../cli/terminal";
import { CACHE } from "./cache";

const run = promisify(execFile);

/** Packages for one purpose. */
interface Packages {
  /** What the environment is called in the cache. */
  name: string;
  /** What is installed, as a message has it. */
  what: string;
  /** The file that pins all of them. */
  requirements: string;
  /** Whether it has the hash of each. */
  hashed: boolean;
  python?: string;
  cache?: string;
}

/**
 * A virtual environment with the packages that a file pins, in the tools' cache: another file is another environment.
 *
 * @returns its directory of programs.
 * @throws UserError where there is no Python, or pip refuses.
 */
export async function pythonEnvironment(packages: Packages): Promise<string> {
  const { name, what, requirements, hashed, python = "python3", cache = CACHE } = packages;
  const hash = createHash("sha256").update(fs.readFileSync(requirements)).digest("hex").slice(0, 12);
  const directory = path.join(cache, `${name}-${hash}-${process.platform}-${process.arch}`);
  const complete = path.join(directory, "complete");
  if (fs.existsSync(complete)) return path.join(directory, "bin");
  return locked(path.join(cache, "lock"), "gets tools for this machine", 3600, async () => {
    if (fs.existsSync(complete)) return path.join(directory, "bin");
    // An environment knows its own path, so it is made where it stays.
    fs.rmSync(directory, { recursive: true, force: true });
    const pinned = [
      ...["--requirement", requirements],
      ...(hashed ? ["--require-hashes"] : []),
      ...["--no-deps", "--only-binary=:all:"],
    ];
    await progress(`Installing ${what} with pip`, async () => {
      try {
        await run(python, ["-m", "venv", directory]);
        await run(path.join(directory, "bin", "python"), ["-m", "pip", "install", "--quiet", "--no-input", ...pinned]);
      } catch (error) {
        const { code, stdout = "", stderr = "" } = error as NodeJS.ErrnoException & Record<"stdout" | "stderr", string>;
        const said = `${stdout}${stderr}`.trim();
        throw new UserError(
          code === "ENOENT" && !said
            ? `${what} are needed, and there is no ${python} to install them: ` +
                "install Python 3.10 or newer with pip and venv, and run this again."
            : `${what} can't be installed; Python said:\n${said}`,
        );
      }
    });
    fs.writeFileSync(complete, "");
    return path.join(directory, "bin");
  });
}
