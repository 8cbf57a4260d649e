import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { fromCache } from "./cache";
import type { Tools, ToolSet } from "./toolSets";
import { parseVersion } from "./versions";

/** The first executable of that name in KUBEBUILDER_ASSETS or on PATH, of those that are wanted. */
export function onPath(binary: string, isWanted: (file: string) => boolean = () => true): string | undefined {
  return [process.env.KUBEBUILDER_ASSETS, ...(process.env.PATH ?? "").split(path.delimiter)]
    .flatMap((directory) => (directory ? [path.join(directory, binary)] : []))
    .find((file) => {
      const stat = fs.statSync(file, { throwIfNoEntry: false });
      return stat?.isFile() && (stat.mode & 0o111) !== 0 && isWanted(file);
    });
}

/** How a binary is asked for its version; the others know --version. */
const QUESTIONS: Record<string, string[]> = { pulumi: ["version"], kubectl: ["version", "--client"] };

/** What a binary prints about its version; nothing if it doesn't run. */
async function printed(binary: string, file: string): Promise<string> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const run = promisify(execFile)(file, QUESTIONS[binary] ?? ["--version"], { env, timeout: 20_000 });
  return run.then(
    ({ stdout }) => stdout,
    () => "",
  );
}

/** Finds a tool set, all of it and of a version that fits, on PATH, or else in the cache; builds nothing. */
export async function find(set: ToolSet): Promise<Tools | undefined> {
  const paths = Object.fromEntries(set.binaries.map((binary) => [binary, onPath(binary) ?? ""]));
  if (!Object.values(paths).every(Boolean)) return fromCache(set);
  const answers = await Promise.all(set.binaries.map((binary) => printed(binary, paths[binary]!)));
  const fits = set.binaries.every((binary, index) => set.accepts(binary, answers[index]!));
  return fits ? { version: `v${parseVersion(answers[0]!).join(".")}`, paths } : fromCache(set);
}
