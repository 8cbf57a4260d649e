import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { pinned } from "./packageProject";
import { pack } from "./packed";

const CHECKOUT = path.join(__dirname, "..", "..");
const EXAMPLES = path.join(CHECKOUT, "examples");

/** The examples in TypeScript. */
export const EXAMPLES_IN_TYPESCRIPT = ["access-point", "bucket", "cluster", "database", "environment"];

/** The configuration keys that a page, or a program's head, says to set in lines of their own, each once. */
export function askedIn(file: string): string[] {
  const text = fs.readFileSync(path.join(CHECKOUT, file), "utf8");
  const keys = [...text.matchAll(/^(?: \*|#)? +pulumi config set (?:--secret |--path ')?([\w:]+)/gm)].map(
    ([, key]) => key!,
  );
  return [...new Set(keys)].sort();
}

/** The configuration keys that an example's head says to set. */
export function askedBy(name: string): string[] {
  const programs = ["index.ts", "__main__.py", "Pulumi.yaml"].map((file) => path.join("examples", name, file));
  return askedIn(programs.find((file) => fs.existsSync(path.join(CHECKOUT, file)))!);
}

/**
 * Copies examples into a directory, each a workspace of its own by its own package.json, and installs them: the package out
 * of a tarball, the SDKs that the local cloud's plugins are for.
 *
 * @param directory An empty one.
 * @param flags For npm install.
 */
export function installExamples(directory: string, names: string[], ...flags: string[]): void {
  for (const name of names) fs.cpSync(path.join(EXAMPLES, name), path.join(directory, name), { recursive: true });
  install(directory, { workspaces: names }, flags);
}

/**
 * Copies an example in another language, which has no package.json, and installs the package in its folder.
 *
 * @param project The folder, which isn't there yet.
 */
export function installExample(project: string, name: string): void {
  fs.cpSync(path.join(EXAMPLES, name), project, { recursive: true });
  install(project, {}, []);
}

function install(directory: string, manifest: object, flags: string[]): void {
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-packed-"));
  try {
    const dependencies = { "eks-storage": `file:${pack(packed)}` };
    const whole = { private: true, ...manifest, dependencies, overrides: pinned };
    fs.writeFileSync(path.join(directory, "package.json"), JSON.stringify(whole));
    npmInstall(directory, flags);
  } finally {
    fs.rmSync(packed, { recursive: true, force: true });
  }
}

/**
 * Installs packages in a directory. They come from npm's cache, where they are in it.
 *
 * @param args For npm install: flags, and what isn't in package.json.
 */
export function npmInstall(directory: string, args: string[]): void {
  const always = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  execFileSync("npm", ["install", ...always, ...args], { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
}
