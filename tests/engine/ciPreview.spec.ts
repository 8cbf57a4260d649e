import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { markOf } from "../../changes/mark";
import { readPreview } from "../../changes/preview";
import { inOrder } from "../support/inOrder";
import { environmentOf, runStep } from "../support/workflows/execute";
import { stepOf } from "../support/workflows/steps";
import { Checkout } from "./checkout";

describe("npm run ci:preview on the local cloud, as a pull request of a fork runs it", function () {
  this.timeout("5m");
  inOrder(this);
  const checkout = new Checkout();
  const inCheckout = (name: string) => path.join(checkout.directory, name);
  const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout.directory, encoding: "utf8" });
  const read = (name: string) => fs.readFileSync(inCheckout(name), "utf8");
  /** As a runner of GitHub's, whose checkout has main as origin's. */
  function preview() {
    const step = stepOf("fork: preview");
    git("update-ref", "refs/remotes/origin/main", "main");
    const env = { ...process.env, GITHUB_BASE_REF: "main", ...environmentOf(step, { "matrix.stack": "dev" }) };
    return runStep(step, checkout.directory, env);
  }
  let original = "";

  /** A pull request that sets a key of dev. */
  function changes(line: string): void {
    git("checkout", "--quiet", "--force", "-B", "change", "main");
    fs.writeFileSync(inCheckout("Pulumi.dev.yaml"), `${original.trimEnd()}\n  eks-storage:${line}\n`);
    git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--all", "--message", line);
  }

  before(() => {
    fs.appendFileSync(inCheckout(".gitignore"), "node_modules\n");
    original = read("Pulumi.dev.yaml");
    git("init", "--quiet", "--initial-branch", "main");
    git("add", ".");
    git("-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "--message", "copy");
  });
  after(() => checkout.remove());

  it("refuses what would be another, empty file system: 1, with the page that says so first", () => {
    changes("encryptionKey: customer");
    const { status, stdout, stderr } = preview();
    assert.equal(status, 1, stdout + stderr);
    const page = read("page.md");
    assert.ok(page.startsWith(markOf("preview", "dev")), page.slice(0, 200));
    assert.match(page, /aws:efs\/fileSystem:FileSystem/);
    assert.match(page, /kmsKeyId/);
    const summary = inCheckout("summary.md");
    runStep(stepOf("fork: page"), checkout.directory, { ...process.env, GITHUB_STEP_SUMMARY: summary });
    assert.equal(read("summary.md"), page, "a refused preview's page too is the job's summary");
    const [gate, durable, created] = ["Gate:", "Durable", "To create"].map((title) => page.indexOf(title));
    assert.ok(gate! > 0 && durable! > gate! && created! > durable!, page);
    assert.match(stdout, /replaced/);
    const { stack, changes: all } = readPreview(read("preview.json"));
    assert.equal(stack, "dev");
    assert.ok(all.length > 100, "the whole stack is in it");
    assert.equal(git("worktree", "list").trim().split("\n").length, 1, "the base is gone");
    const running = execFileSync("ps", ["-ww", "-eo", "args="], { encoding: "utf8" }).split("\n");
    assert.deepEqual(
      running.filter((args) => args.includes(checkout.directory)),
      [],
      "nothing goes on without its files",
    );
    assert.equal(git("status", "--porcelain", "--untracked-files=no"), "");
  });

  it("passes what changes nothing durable: 0", () => {
    changes('catalogReplicas: "3"');
    const { status, stdout, stderr } = preview();
    assert.equal(status, 0, stdout + stderr);
    assert.match(read("page.md"), /`kubernetes:apps\/v1:Deployment` `catalog` \| `spec\.replicas`: `2` → `3`/);
  });

  it("is compared with what is there afterwards by npm run drift: 0, 7 with a page, 2 where there is no stack", () => {
    checkout.succeeds("up:local");
    const drift = (...args: string[]) => checkout.npm("drift", "--", "--stack", "dev", "--local", ...args);
    const none = drift("--json");
    assert.equal(none.status, 0, none.stdout + none.stderr);
    assert.deepEqual((JSON.parse(none.stdout) as { drifts: unknown[] }).drifts, []);
    checkout.succeeds(
      "local",
      "--",
      "kubectl",
      "scale",
      "deployment/catalog",
      "--namespace",
      "catalog",
      "--replicas=5",
    );
    const some = drift("--markdown", "drift.md");
    assert.equal(some.status, 7, some.stdout + some.stderr);
    assert.match(some.stdout, /catalog/);
    assert.ok(read("drift.md").startsWith(markOf("drift", "dev")));
    checkout.succeeds("destroy:local");
    assert.equal(drift().status, 2);
  });

  it("says here and on the page why it couldn't be judged, before anything is deployed: 2", () => {
    changes("natGateways: many");
    const { status, stderr } = preview();
    assert.equal(status, 2);
    assert.match(stderr, /natGateways must be/);
    assert.doesNotMatch(stderr, /deployed first/);
    assert.match(read("page.md"), /The preview failed[^]*natGateways must be/);
  });
});
