import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { OverwriteProtectionDisabled } from "../../../../components/efs/overwriteProtection";
import { one, registered } from "../../../support/queries";
import { codeOf } from "../../../support/stateCode";

const inputs = { fileSystemId: "fs-22222222", region: "eu-central-1", isNew: true };
const ASKED = "efs describe-file-systems --file-system-id fs-22222222 --region eu-central-1 --output json";
const OPENED =
  "efs update-file-system-protection --file-system-id fs-22222222 --region eu-central-1 --output json " +
  "--replication-overwrite-protection DISABLED";

describe("OverwriteProtectionDisabled", () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-opening-"));
  const PATH = process.env.PATH;
  const log = path.join(directory, "log");
  let code: Required<pulumi.dynamic.ResourceProvider>;

  before(async () => {
    code = await codeOf(() => new OverwriteProtectionDisabled("copy", inputs, {}));
    process.env.PATH = `${directory}${path.delimiter}${PATH}`;
  });
  after(() => {
    process.env.PATH = PATH;
    fs.rmSync(directory, { recursive: true });
  });

  /** Makes one where the AWS CLI answers so; what was asked of it. */
  const asked = async (script: string, changes: Partial<typeof inputs> = {}) => {
    fs.writeFileSync(log, "");
    fs.writeFileSync(path.join(directory, "aws"), `#!/bin/sh\necho "$@" >> ${log}\n${script}\n`, { mode: 0o755 });
    const made = await code.create({ ...inputs, ...changes });
    assert.deepEqual(made, { id: "fs-22222222", outs: { ...inputs, ...changes } });
    return fs.readFileSync(log, "utf8").trim().split("\n");
  };
  const fileSystem = (ReplicationOverwriteProtection: string, NumberOfMountTargets = 0) =>
    `echo '${JSON.stringify({ FileSystems: [{ NumberOfMountTargets, FileSystemProtection: { ReplicationOverwriteProtection } }] })}'`;

  it("lets EFS copy to a file system that was just made", async () => {
    assert.deepEqual(await asked(fileSystem("ENABLED")), [ASKED, OPENED]);
  });

  for (const state of ["REPLICATING", "DISABLED"]) {
    it(`has nothing to do where EFS says ${state}`, async () => {
      assert.deepEqual(await asked(fileSystem(state, 2)), [ASKED]);
    });
  }

  it("leaves one alone that was adopted", async () => {
    assert.deepEqual(await asked("exit 1", { isNew: false }), [""]);
  });

  const told = (script: string) =>
    asked(script).then(
      () => assert.fail("it was opened"),
      ({ message, stack }: Error) => [message, stack],
    );

  it("never gives up what somebody writes to: one with mount targets", async () => {
    const [message, stack] = await told(fileSystem("ENABLED", 2));
    assert.match(message!, /^fs-22222222 has mount targets: it is in use, .* docs\/storage\.md /);
    assert.equal(stack, "");
    assert.equal(fs.readFileSync(log, "utf8").trim(), ASKED);
  });

  it("says what was run and what AWS answered when that fails", async () => {
    assert.deepEqual(await told("echo AccessDenied >&2; exit 254"), [`aws ${ASKED} failed: AccessDenied`, ""]);
  });

  it("is another one for another file system only: a later deployment never opens one again", async () => {
    const diff = (changes: Partial<typeof inputs & { __provider: string }>) =>
      code.diff("fs-22222222", inputs, { ...inputs, ...changes });
    assert.deepEqual(await diff({ fileSystemId: "fs-33333333" }), { changes: true, replaces: ["fileSystemId"] });
    assert.deepEqual(await diff({ isNew: false }), { changes: false, replaces: [] });
    assert.deepEqual(await diff({ __provider: "better code" }), { changes: false, replaces: [] });
  });

  it("is made by the code of its day when it is another one", async () => {
    const resources = await registered(() => new OverwriteProtectionDisabled("copy", inputs, {}));
    assert.deepEqual(one(resources, "dynamic:Resource").ignoreChanges, []);
  });
});
