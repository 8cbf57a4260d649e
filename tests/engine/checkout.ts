import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { copyCheckout } from "../support/copies";

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A checkout of its own, in which a newcomer's commands are run as they are typed. */
export class Checkout {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-checkout-"));
  readonly cloud = path.join(this.directory, ".local", "dev");

  constructor() {
    copyCheckout(this.directory);
  }

  /** As a terminal exports it: what is asked of ps must not be cut to it. */
  private readonly options = { cwd: this.directory, env: { ...process.env, COLUMNS: "80" } };

  npm(...args: string[]): Ended {
    return spawnSync("npm", ["run", "--silent", ...args], { ...this.options, encoding: "utf8" });
  }

  succeeds(...args: string[]): string {
    const { status, stdout, stderr } = this.npm(...args);
    assert.equal(status, 0, `npm run ${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a line of a page as it stands there; what it printed. */
  types(line: string): string {
    return execFileSync("bash", ["-euc", line], {
      ...this.options,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** Starts a command without waiting for it. */
  starts(...args: string[]): { command: ChildProcess; ended: Promise<Ended> } {
    const command = spawn(process.execPath, ["--require", "./preload.cjs", "local/cli/main.ts", ...args], this.options);
    const said = { stdout: "", stderr: "" };
    command.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    command.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    return {
      command,
      ended: new Promise((resolve) => command.once("close", (status) => resolve({ status, ...said }))),
    };
  }

  remove(): void {
    this.npm("destroy:local");
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
