import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { AwsRecord } from "../../aws/records";
import { CLOUD_VARIABLE } from "../../stack/directory";

/** A local cloud for the tests of the suite that calls this; what exists in its AWS is written by `records`. */
export function localCloud(): { directory: string; records: (...existing: AwsRecord[]) => void } {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-cloud-"));
  const before = process.env[CLOUD_VARIABLE];
  beforeEach(() => (process.env[CLOUD_VARIABLE] = directory));
  after(() => {
    if (before === undefined) delete process.env[CLOUD_VARIABLE];
    else process.env[CLOUD_VARIABLE] = before;
    fs.rmSync(directory, { recursive: true });
  });
  return {
    directory,
    records: (...existing) => fs.writeFileSync(path.join(directory, "aws.json"), JSON.stringify(existing)),
  };
}
