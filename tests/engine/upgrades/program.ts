import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { CHECKOUT } from "../localStack";

/**
 * The commits whose stacks must live on under the code as it is now: the last one before rooms and names changed, and
 * every release's. docs/upgrading.md tells what a person does on the way from each.
 */
export const COMMITS = { beforeRooms: "0861e3387f268e7a8fc333f8111029ed927c47f0" } as const;

/**
 * A commit's program in a directory of its own, within the checkout, whose node_modules it uses: the program and its
 * configuration are old then, the packages and the local cloud are today's.
 *
 * @throws Error when the clone hasn't got the commit.
 */
export function programOf(commit: string, clone = CHECKOUT): string {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: clone, encoding: "utf8" });
  if (git("cat-file", "-e", `${commit}^{commit}`).status !== 0) {
    throw new Error(
      `The commit ${commit}, whose stacks are upgraded here, is not in this clone. Fetch its history: ` +
        "git fetch --unshallow origin, or in GitHub Actions fetch-depth: 0 for actions/checkout.",
    );
  }
  const directory = fs.mkdtempSync(path.join(CHECKOUT, ".local", `program-${commit.slice(0, 7)}-`));
  const archive = execFileSync("git", ["archive", commit], { cwd: clone, maxBuffer: 100 * 1024 * 1024 });
  execFileSync("tar", ["--extract", "--directory", directory], { input: archive });
  return directory;
}
