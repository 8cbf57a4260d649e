import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Local } from "../local/stack/local";

/** A local cloud where a revision is deployed. */
export interface BaseRevision {
  local: Local;
  /** Takes the cloud and the revision's directory down. */
  end(): Promise<void>;
}

const LOCK = "package-lock.json";

/** As the command began: an engine's operation has this process work on its own cloud from then on. */
const env = { ...process.env };

/** A command whose output is shown as it comes, all of it on stderr. */
const run = (directory: string, command: string, args: string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: directory, env, stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve()
        : reject(new Error(`${command} ${args.join(" ")} failed in the base revision's directory`)),
    );
  });

/**
 * Deploys a revision on a local cloud of its own, so that a preview on it shows what a change does to a living stack. A stack
 * that the revision doesn't have is deployed nowhere: all of it is new.
 *
 * @param base such as `origin/main`: what is deployed is where the checkout left it.
 * @throws Error for a revision that git doesn't know, or that can't be deployed.
 */
export async function deployedBase(checkout: string, stack: string, base: string): Promise<BaseRevision> {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: checkout, encoding: "utf8", stdio: "pipe" }).trim();
  const revision = forkPoint(git, base);
  const directory = path.join(checkout, ".local", `base-${stack}`);
  const cloud = path.join(directory, ".local", stack);
  const local: Local = { checkout, stack, cloud };
  const end = async () => {
    if (fs.existsSync(cloud)) {
      await run(directory, "npm", ["run", "--silent", "destroy:local", "--", "--stack", stack, "--forget-retained"]);
    }
    git("worktree", "remove", "--force", directory);
  };
  // Of a run that was interrupted. What runs there must not be left without its files.
  if (fs.existsSync(directory)) {
    await end().catch((error: Error) => {
      throw new Error(
        `The base of an interrupted run is still in ${directory}, and can't be taken down: ${error.message}`,
      );
    });
  }
  git("worktree", "prune");
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  git("worktree", "add", "--force", "--detach", directory, revision);
  try {
    if (!fs.existsSync(path.join(directory, `Pulumi.${stack}.yaml`))) return { local, end };
    const [ours, its] = [checkout, directory].map((it) => fs.readFileSync(path.join(it, LOCK), "utf8"));
    if (ours === its) fs.symlinkSync(path.join(checkout, "node_modules"), path.join(directory, "node_modules"));
    else await run(directory, "npm", ["ci"]);
    console.error(`The base revision ${revision.slice(0, 8)} is deployed first, on a local cloud of its own.`);
    await run(directory, "npm", ["run", "--silent", "up:local", "--", "--stack", stack]);
    return { local, end };
  } catch (error) {
    await end().catch(told);
    throw error;
  }
}

/** Says that something of a base is left, which the next run takes down first. */
export const told = (error: Error): void =>
  console.error(`The base's local cloud couldn't be taken down: ${error.message}. The next run tries it again.`);

function forkPoint(git: (...args: string[]) => string, base: string): string {
  try {
    return git("merge-base", "HEAD", base);
  } catch {
    throw new Error(
      `git knows no revision ${base} that this checkout comes from: fetch it, or name another with --base.`,
    );
  }
}
