import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { commandsOf } from "../support/pages";
import { Checkout } from "./checkout";

describe("the commands of a newcomer, in a checkout of their own", function () {
  this.timeout("5m");
  const checkout = new Checkout();
  const [up, , ...lookAround] = commandsOf("README.md", "Try it, without an AWS account");
  const destroy = lookAround.pop();
  const { directory } = checkout;
  const npm = (...args: string[]) => checkout.npm(...args);
  const succeeds = (...args: string[]) => checkout.succeeds(...args);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: directory, encoding: "utf8" });

  before(() => {
    fs.appendFileSync(path.join(directory, ".gitignore"), "node_modules\n");
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "copy");
  });
  after(() => checkout.remove());

  it("up:local ends with the outputs, without secrets", () => {
    // The checkout is on packages that are installed.
    const said = checkout.types(up!.replace("npm ci && ", ""));
    assert.match(said, /fileSystemId +fs-[0-9a-f]{17}/);
    assert.match(said, /catalog +data-catalog-mysql-0/);
    assert.match(said, /kubeconfig +\[secret\]/);
    assert.doesNotMatch(said, /get-token|client-key/);
  });

  it("kubectl shows both claims bound under the names in pvcNames", () => {
    const { pvcNames } = JSON.parse(succeeds("outputs:local", "--", "--json")) as { pvcNames: Record<string, string> };
    const claims = JSON.parse(succeeds("local", "--", "kubectl", "get", "pvc", "-A", "-o", "json")) as {
      items: { metadata: { name: string }; status: { phase: string } }[];
    };
    const bound = claims.items.map(({ metadata, status }) => `${metadata.name} ${status.phase}`).sort();
    assert.deepEqual(
      bound,
      Object.values(pvcNames)
        .map((name) => `${name} Bound`)
        .sort(),
    );
  });

  it("shows what README has a newcomer look at", () => {
    const said = lookAround.map((line) => checkout.types(line));
    const shown = [
      /data-catalog-mysql-0 +Bound/,
      /^ *fileSystemId +fs-/m,
      /^ *kubernetes +v/m,
      /update \S+Deployment assets/,
      /^eks-storage dev: \d+ resources, 14 components\ndiagram\.svg$/m,
    ];
    assert.equal(said.length, shown.length);
    for (const [index, text] of said.entries()) assert.match(text, shown[index]!);
  });

  it("a second up:local changes nothing", () => {
    assert.match(succeeds("up:local"), /\n\d+ same, in /);
  });

  it("what listens, listens on loopback addresses only", () => {
    const pids = path.join(directory, ".local", "dev", "kwok", "clusters", "local", "pids");
    const own = new Set(fs.readdirSync(pids).map((file) => fs.readFileSync(path.join(pids, file), "utf8").trim()));
    const listening = execFileSync("ss", ["-ltnpH"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => own.has(/pid=(\d+)/.exec(line)?.[1] ?? ""));
    assert.ok(listening.length >= 4, "the control plane listens somewhere");
    for (const line of listening) assert.match(line, /^LISTEN +\d+ +\d+ +(127\.0\.0\.1|\[::1\]):/);
  });

  it("refuses what it doesn't know, with exit code 1 and no stack trace", () => {
    for (const [args, message] of [
      [["up:local", "--", "--stack", "nowhere"], /no environment nowhere.*dev.*prod.*staging/],
      [["up:local", "--", "--config", "replicas"], /--config must be key=value/],
      [["up:local", "--", "--config", "assetsReplicas=0"], /eks-storage:assetsReplicas .* it is 0/],
      [["outputs:local", "--", "--stack", "staging"], /staging isn't deployed/],
    ] as const) {
      const { status, stdout, stderr } = npm(...args);
      assert.equal(status, 1, args.join(" "));
      assert.match(stdout + stderr, message);
      assert.doesNotMatch(stdout + stderr, /\n +at .*\.[jt]s:\d+/);
    }
  });

  it("leaves git status clean, and destroy:local leaves nothing behind", () => {
    assert.equal(git("status", "--porcelain"), "");
    assert.match(checkout.types(destroy!), /Nothing of dev is left/);
    assert.ok(!fs.existsSync(path.join(directory, ".local")));
    const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    assert.ok(!processes.includes(directory));
    assert.equal(git("status", "--porcelain"), "");
  });
});
