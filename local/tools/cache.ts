import * as fs from "node:fs";
import * as path from "node:path";
import envPaths from "env-paths";
import type { Tools, ToolSet } from "./toolSets";

/** Built and downloaded tools, for every checkout of this user. */
export const CACHE = path.join(envPaths("eks-storage", { suffix: "" }).cache, "tools");

/** This machine's own copy of a tool set: another version or platform is another directory. */
export const cached = ({ name, version, hash }: ToolSet) =>
  path.join(CACHE, `${name}-${version}-${hash}-${process.platform}-${process.arch}`);

/** What is complete in the cache says so: a file of sizes by binary, written last. */
const sizesFile = (directory: string) => path.join(directory, "sizes.json");

const sizeOf = (directory: string, binary: string): number => {
  const stat = fs.statSync(path.join(directory, binary), { throwIfNoEntry: false });
  return stat && (stat.mode & 0o111) !== 0 ? stat.size : 0;
};

const sizesOf = (set: ToolSet, directory: string): string =>
  JSON.stringify(Object.fromEntries(set.binaries.map((binary) => [binary, sizeOf(directory, binary)])));

/** The binaries of a tool set that a directory lacks. */
export const lackingIn = (set: ToolSet, directory: string): string[] =>
  set.binaries.filter((binary) => sizeOf(directory, binary) === 0);

export const markComplete = (set: ToolSet, directory: string): void =>
  fs.writeFileSync(sizesFile(directory), sizesOf(set, directory));

/** The tools in the cache; nothing when one of them is missing or cut short. */
export function fromCache(set: ToolSet): Tools | undefined {
  const file = (binary: string) => path.join(cached(set), binary);
  const sizes = sizesFile(cached(set));
  if (!fs.existsSync(sizes) || fs.readFileSync(sizes, "utf8") !== sizesOf(set, cached(set))) return undefined;
  return { version: set.version, paths: Object.fromEntries(set.binaries.map((binary) => [binary, file(binary)])) };
}
