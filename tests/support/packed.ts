import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { copyCheckout } from "./copies";

/** Where {@link pack} leaves the copy of the checkout in which it packed. */
export const copyIn = (directory: string): string => path.join(directory, "checkout");

/**
 * Packs components/ with the line that release.yml has, in a copy of the checkout: what it builds is in nobody's way.
 *
 * @param directory An empty one, for the tarball and the copy.
 * @returns The tarball's path.
 */
export function pack(directory: string): string {
  const copy = copyIn(directory);
  fs.mkdirSync(copy);
  copyCheckout(copy);
  const args = ["pack", "--workspace", "eks-storage", "--pack-destination", directory];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: copy, encoding: "utf8" });
  assert.equal(status, 0, `npm ${args.join(" ")}:\n${stdout}${stderr}`);
  const [tarball, ...others] = fs.readdirSync(directory).filter((file) => file.endsWith(".tgz"));
  assert.ok(tarball && others.length === 0, stdout);
  return path.join(directory, tarball);
}

/** The tarball that tests/package/setup.ts has packed: known once the tests run. */
export const tarball = (): string => process.env.EKS_STORAGE_TARBALL!;
