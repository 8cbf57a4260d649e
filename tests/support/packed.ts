import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { dependencies } from "../../package.json";
import { copyCheckout } from "./copies";

/** Where {@link pack} leaves the copy of the checkout in which it packed. */
export const copyIn = (directory: string): string => path.join(directory, "checkout");

/** What is published: components/ and policy/. */
export type Package = "eks-storage" | "eks-storage-policies";

/**
 * Packs a package with the line that release.yml has, in a copy of the checkout: what it builds is in nobody's way.
 *
 * @param directory For tarballs and the copy, which is made where it isn't there yet.
 * @returns The tarball's path.
 */
export function pack(directory: string, name: Package = "eks-storage"): string {
  const copy = copyIn(directory);
  if (!fs.existsSync(copy)) {
    fs.mkdirSync(copy);
    copyCheckout(copy);
  }
  const args = ["pack", "--workspace", name, "--pack-destination", directory];
  const { status, stdout, stderr } = spawnSync("npm", args, { cwd: copy, encoding: "utf8" });
  assert.equal(status, 0, `npm ${args.join(" ")}:\n${stdout}${stderr}`);
  const isOfPackage = (file: string) => file.startsWith(name) && /^-\d.*\.tgz$/.test(file.slice(name.length));
  const [tarball, ...others] = fs.readdirSync(directory).filter(isOfPackage);
  assert.ok(tarball && others.length === 0, stdout);
  return path.join(directory, tarball);
}

/** The SDKs that the policy pack brings, held: a new version must not change a test overnight. */
export const heldForPolicies = {
  "@pulumi/policy": dependencies["@pulumi/policy"],
  "@pulumi/pulumi": dependencies["@pulumi/pulumi"],
};

const VARIABLES: Record<Package, string> = {
  "eks-storage": "EKS_STORAGE_TARBALL",
  "eks-storage-policies": "EKS_STORAGE_POLICIES_TARBALL",
};

/** Packs everything, and tells the processes that this one starts. */
export function packAll(directory: string): void {
  for (const [name, variable] of Object.entries(VARIABLES)) process.env[variable] = pack(directory, name as Package);
}

/** The tarball that tests/package/setup.ts has packed: known once the tests run. */
export const tarball = (name: Package = "eks-storage"): string => process.env[VARIABLES[name]]!;
