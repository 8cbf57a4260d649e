import * as fs from "node:fs";
import * as path from "node:path";
import type { PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";

/** The last release's schema. The first release makes it: npm run schema -- --release. */
export const RELEASED_FILE = path.join(__dirname, "released.json");

/** What must go on working; undefined as long as nothing is released. */
export function releasedSchema(file = RELEASED_FILE): PackageSpec | undefined {
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as PackageSpec) : undefined;
}
