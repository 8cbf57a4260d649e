import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * What a Python package has, in a directory of its own, for as long as it is read. Needs Python with pip.
 * @param requirements a file that pins the package, with the hash of its wheel.
 */
export function readWheel(requirements: string, read: (directory: string) => void): void {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "wheel-"));
  try {
    const python = (...args: string[]) =>
      execFileSync("python3", ["-m", ...args], { cwd: directory, stdio: "inherit" });
    const pinned = ["--requirement", requirements, "--require-hashes"];
    python("pip", "download", ...pinned, "--no-deps", "--only-binary=:all:", "--quiet", "--dest", directory);
    const wheel = fs.readdirSync(directory).find((file) => file.endsWith(".whl"));
    if (!wheel) throw new Error(`pip has put no wheel into ${directory}`);
    python("zipfile", "--extract", wheel, directory);
    read(directory);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}

/** Copies a text that stands in the package's metadata, such as its licence. */
export function copyInfo(directory: string, from: string, to: string): void {
  const info = fs.readdirSync(directory).find((name) => name.endsWith(".dist-info"))!;
  fs.copyFileSync(path.join(directory, info, from), to);
}
