import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

const CHECKOUT = path.join(__dirname, "..", "..");

/** Fills a directory with the checkout as it lies there, changes and new files too, on the same packages. */
export function copyCheckout(directory: string): void {
  const files = ["ls-files", "--cached", "--others", "--exclude-standard"];
  for (const file of execFileSync("git", files, { cwd: CHECKOUT, encoding: "utf8" }).trim().split("\n")) {
    if (!fs.existsSync(path.join(CHECKOUT, file))) continue;
    fs.cpSync(path.join(CHECKOUT, file), path.join(directory, file));
  }
  fs.symlinkSync(path.join(CHECKOUT, "node_modules"), path.join(directory, "node_modules"));
}
