import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { packAll } from "../support/packed";

const directory = path.join(os.tmpdir(), `eks-storage-package-${process.pid}`);

/** Packs once for all specs, which are told by the environment where the tarball is. */
export function mochaGlobalSetup(): void {
  fs.mkdirSync(directory);
  try {
    packAll(directory);
  } catch (error) {
    // Nothing is torn down after a set-up that failed.
    mochaGlobalTeardown();
    throw error;
  }
}

export function mochaGlobalTeardown(): void {
  fs.rmSync(directory, { recursive: true });
}
