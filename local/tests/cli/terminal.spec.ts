import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stepLine, summary } from "../../cli/display";
import { outputsJson, outputsTable } from "../../cli/outputs";
import { duration, fit, interruption, locked, UserError } from "../../cli/terminal";

describe("local commands at the terminal", () => {
  it("write durations and lines that fit", () => {
    assert.equal(duration(400), "0 s");
    assert.equal(duration(125_000), "2 min 05 s");
    assert.equal(fit("x".repeat(77), 80).length, 77);
    assert.equal(fit("x".repeat(90), 80).length, 77);
  });

  it("show steps that change something", () => {
    const step = (op: string, diffs?: string[]) =>
      stepLine({ op, diffs, type: "aws:ec2/vpc:Vpc", urn: "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::main" } as never);
    assert.equal(step("create"), "+ create aws:ec2:Vpc main");
    assert.equal(step("update", ["tags"]), "~ update aws:ec2:Vpc main [tags]");
    assert.equal(step("same"), undefined);
    assert.equal(summary({ create: 2, same: 1 }, 61), "\n2 create, 1 same, in 1 min 01 s");
  });

  it("print outputs, and no secret", () => {
    const outputs = {
      kubeconfig: { value: "hush", secret: true },
      clusterName: { value: "c", secret: false },
      pvcNames: { value: { assets: "a-1", db: "d" }, secret: false },
      zones: { value: ["x", "y"], secret: false },
    };
    assert.equal(
      outputsTable(outputs),
      [
        "  clusterName  c",
        "  kubeconfig   [secret]",
        "  pvcNames",
        "    assets  a-1",
        "    db      d",
        '  zones        ["x","y"]',
      ].join("\n"),
    );
    assert.deepEqual(JSON.parse(outputsJson(outputs)), {
      clusterName: "c",
      kubeconfig: "[secret]",
      pvcNames: { assets: "a-1", db: "d" },
      zones: ["x", "y"],
    });
  });

  it("work on a stack one at a time", async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
    const lock = path.join(directory, "stack.lock");
    const said: string[] = [];
    const log = console.error;
    console.error = (text: string) => said.push(text);
    try {
      const impatient = () => locked(lock, "works on dev", 0, async () => "second");
      const holder = `process ${process.pid}: ${process.argv.slice(2).join(" ")}`;
      const refused = new UserError(`Another command (${holder}) still works on dev. Run this one when it has ended.`);
      await locked(lock, "works on dev", 0, () => assert.rejects(impatient, refused));
      assert.deepEqual(said, [`Another command (${holder}) works on dev: waiting for it to end.`]);
      assert.equal(await impatient(), "second");
      // The lock of a process that was killed 11 s ago.
      fs.mkdirSync(lock);
      fs.utimesSync(lock, Date.now() / 1000 - 11, Date.now() / 1000 - 11);
      assert.equal(await impatient(), "second");
    } finally {
      console.error = log;
      fs.rmSync(directory, { recursive: true });
    }
  });

  it("stop, and say why, when the lock is taken away from them", async function () {
    this.timeout("10s");
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
    const lock = path.join(directory, "stack.lock");
    const said: string[] = [];
    const log = console.error;
    console.error = (text: string) => said.push(text);
    try {
      await locked(lock, "works on dev", 0, async () => {
        const stopped = new Promise<void>((resolve) => (interruption.stop = resolve));
        fs.rmdirSync(lock);
        await stopped;
      });
      assert.deepEqual(said, [`\n${lock} is gone or another command's: this one stops. Run it again.`]);
    } finally {
      delete interruption.stop;
      console.error = log;
      fs.rmSync(directory, { recursive: true });
    }
  });
});
