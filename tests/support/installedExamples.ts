import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { pinned } from "./packageProject";
import { pack } from "./packed";

const EXAMPLES = path.join(__dirname, "..", "..", "examples");

/** The examples in TypeScript. */
export const EXAMPLES_IN_TYPESCRIPT = ["access-point", "bucket", "database", "environment"];

/** The configuration keys that an example's head says to set, each once. */
export function askedBy(name: string): string[] {
  const text = fs.readFileSync(path.join(EXAMPLES, name, "index.ts"), "utf8");
  const keys = [...text.matchAll(/^ \* +pulumi config set (?:--secret |--path ')?([\w:]+)/gm)].map(([, key]) => key!);
  return [...new Set(keys)].sort();
}

/**
 * Copies examples into a directory, each a workspace of its own by its own package.json, and installs them: the package out
 * of a tarball, the SDKs that the local cloud's plugins are for.
 *
 * @param directory An empty one.
 * @param flags For npm install.
 */
export function installExamples(directory: string, names: string[], ...flags: string[]): void {
  const packed = path.join(directory, "packed");
  fs.mkdirSync(packed);
  for (const name of names) fs.cpSync(path.join(EXAMPLES, name), path.join(directory, name), { recursive: true });
  const dependencies = { "eks-storage": `file:${pack(packed)}` };
  const manifest = { private: true, workspaces: names, dependencies, overrides: pinned };
  fs.writeFileSync(path.join(directory, "package.json"), JSON.stringify(manifest));
  const always = ["--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  execFileSync("npm", ["install", ...always, ...flags], { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
}
