import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { changeRecords, readRecords } from "../../aws/records";

describe("the AWS stand-in's records", () => {
  let cloud: string;
  beforeEach(() => (cloud = fs.mkdtempSync(path.join(os.tmpdir(), "records-"))));
  afterEach(() => fs.rmSync(cloud, { recursive: true }));
  const thing = (id: string) => ({ type: "t", id, status: "ACTIVE", properties: {} });

  it("keep what several processes write at once", async () => {
    const records = path.resolve(__dirname, "../../aws/records.ts");
    const script = `const { changeRecords } = require(${JSON.stringify(records)});
      for (let i = 0; i < 50; i++) changeRecords((all) => all.push({ id: process.argv[1] + i }), ${JSON.stringify(cloud)});`;
    const write = (name: string) => promisify(execFile)(process.execPath, ["--require", "tsx/cjs", "-e", script, name]);
    await Promise.all(["a", "b", "c"].map(write));
    assert.equal(new Set(readRecords(cloud).map(({ id }) => id)).size, 150);
  });

  it("stay as they were when a change fails", () => {
    changeRecords((all) => all.push(thing("a")), cloud);
    const fail = () =>
      changeRecords((all) => {
        all.push(thing("b"));
        throw new Error("refused");
      }, cloud);
    assert.throws(fail, /refused/);
    assert.deepEqual(readRecords(cloud), [thing("a")]);
  });

  it("outlive a writer that was killed with the lock", () => {
    const pidOfNobody = "4194305";
    fs.writeFileSync(path.join(cloud, "aws.json.lock"), pidOfNobody);
    changeRecords((all) => all.push(thing("a")), cloud);
    assert.equal(readRecords(cloud).length, 1);
  });
});
