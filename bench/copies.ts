import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ownText } from "../local/stack/ownValues";
import { copyCheckout } from "../tests/support/copies";

export const CHECKOUT = path.dirname(__dirname);

const git = (...args: string[]) => execFileSync("git", args, { cwd: CHECKOUT, encoding: "utf8" }).trim();

/** What is measured: the checkout as it lies there, and a revision before it. */
export type Side = "before" | "now";

/** A copy of one side, on the checkout's packages: what is measured there leaves the checkout and its stacks alone. */
export interface Copy {
  side: Side;
  directory: string;
  revision: string;
}

/** Copies the checkout into a directory of its own. */
export function copyNow(root: string): Copy {
  const directory = made(root, "now");
  copyCheckout(directory);
  takeOwnValues(directory);
  const changed = git("status", "--porcelain") ? " with changes" : "";
  return { side: "now", directory, revision: git("rev-parse", "--short", "HEAD") + changed };
}

/**
 * Copies a revision into a directory of its own. The programs that it is compared with are those of now.
 *
 * @throws Error when there is no such revision.
 */
export function copyRevision(root: string, revision: string): Copy {
  const directory = made(root, "before");
  const archive = path.join(root, "before.tar");
  execFileSync("git", ["archive", "--output", archive, revision], { cwd: CHECKOUT });
  execFileSync("tar", ["--extract", "--file", archive, "--directory", directory]);
  fs.rmSync(archive);
  takeOwnValues(directory);
  fs.cpSync(path.join(__dirname, "minimal"), path.join(directory, "bench", "minimal"), { recursive: true });
  fs.symlinkSync(path.join(CHECKOUT, "node_modules"), path.join(directory, "node_modules"));
  return { side: "before", directory, revision: git("rev-parse", "--short", revision) };
}

/** Pulumi's own commands take the stacks' files as they are, and the program refuses the examples in them. */
function takeOwnValues(directory: string): void {
  for (const name of fs.readdirSync(directory).filter((file) => /^Pulumi\..+\.yaml$/.test(file))) {
    const file = path.join(directory, name);
    fs.writeFileSync(file, ownText(fs.readFileSync(file, "utf8")));
  }
}

function made(root: string, side: Side): string {
  const directory = path.join(root, side);
  fs.mkdirSync(directory);
  return directory;
}
