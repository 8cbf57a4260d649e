import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { markOf } from "../../changes/mark";
import { readRecords } from "../../local/aws/records";
import { inOrder } from "../support/inOrder";
import { environmentOf, runStep } from "../support/workflows/execute";
import { stepOf, type StepName } from "../support/workflows/steps";
import { expires } from "./localStack";
import { ONLY_UNCHANGED, SignedIn } from "./signedIn";

/** GitHub's CLI: no comment or issue is there before, and what is sent is kept. */
const gh = (sent: string) => `#!/bin/sh
case "$*" in
  "api --paginate"*) echo "[[]]" ;;
  *) { echo "$*"; cat; } >'${sent}' ;;
esac
`;

/**
 * The scripts of the workflows, one after the other, as a runner of GitHub runs them: Pulumi's command line is signed in, in
 * place of credentials there is a local cloud.
 */
describe("deployed, compared and torn down by the workflows' own steps", function () {
  this.timeout("5m");
  inOrder(this);
  const person = new SignedIn();
  const { cloud, directory } = person.checkout;
  const inCheckout = (name: string) => path.join(directory, name);
  const kubectl = (command: string) => person.checkout.types(`npm run --silent local -- kubectl ${command}`);
  const replicas = () => kubectl("get deployment/catalog --namespace catalog --output jsonpath={.spec.replicas}");
  /** The issue about what drifted. */
  let drifted = "";
  const read = (name: string) => fs.readFileSync(inCheckout(name), "utf8");

  /** Runs a step; each has a summary of its own. */
  function run(name: StepName, more: Record<string, string> = {}) {
    const values = {
      "inputs.stack": "dev",
      "matrix.stack": "dev",
      "vars.PULUMI_BACKEND_URL": process.env.PULUMI_BACKEND_URL!,
      "github.event.pull_request.number": "7",
      "github.token": "token",
      "inputs.name": "dev",
      ...more,
    };
    const step = stepOf(name);
    const summary = inCheckout("summary.md");
    fs.writeFileSync(summary, "");
    const github = {
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "shop/storage",
      GITHUB_RUN_ID: "1",
    };
    const ended = runStep(step, directory, { ...process.env, ...github, ...environmentOf(step, values) });
    return { ...ended, text: ended.stdout + ended.stderr, summary: read("summary.md") };
  }
  function succeeds(name: StepName) {
    const ended = run(name);
    assert.equal(
      ended.status,
      0,
      `${name}:\n${ended.text}\n${fs.existsSync(inCheckout("page.md")) ? read("page.md") : ""}`,
    );
    return ended;
  }

  before(async function () {
    this.timeout("15m");
    await person.start();
    fs.writeFileSync(path.join(cloud, "bin", "gh"), gh(inCheckout("sent")), { mode: 0o755 });
    person.pulumi("stack", "init", "dev");
    person.setOwnValues();
  });
  after(() => person.stop());

  it("deploys dev once preview, policies and gate let it pass", () => {
    succeeds("deployment: preview");
    assert.match(succeeds("deployment: page").summary, /## Preview of `dev`[^]*To create/);
    const { text } = succeeds("deployment: up");
    assert.match(text, /^ *\+ \d+ created$/m);
    assert.match(text, /Policies:/, "the policy pack has looked");
    assert.doesNotMatch(text, /data-catalog-mysql-0"|Outputs:/, "outputs are suppressed");
  });

  it("finds no drift right after, opens no issue", () => {
    const { summary } = succeeds("drift: comparison");
    assert.deepEqual([summary, read("page.md")], ["", ""]);
    assert.match(succeeds("drift: issue").stdout, /dev hasn't drifted\./);
    assert.ok(!fs.existsSync(inCheckout("sent")));
  });

  it("tells in an issue what somebody changed", () => {
    kubectl("scale deployment/catalog --namespace catalog --replicas=5");
    assert.match(succeeds("drift: comparison").summary, /catalog/);
    assert.match(succeeds("drift: issue").stdout, /its issue is opened/);
    const [request, fields] = read("sent").split("\n");
    assert.match(request!, /^api --method POST repos\/shop\/storage\/issues /);
    drifted = (JSON.parse(fields!) as { body: string }).body;
    assert.ok(drifted.startsWith(markOf("drift", "dev")), drifted);
    assert.match(drifted, /replicas/);
  });

  it("refuses a pull request that would lose the files, and says so in the stack's comment", () => {
    const before = read("Pulumi.dev.yaml");
    person.pulumi("config", "set", "encryptionKey", "customer");
    const { status, text } = run("preview: preview");
    fs.writeFileSync(inCheckout("Pulumi.dev.yaml"), before);
    assert.equal(status, 1, text);
    assert.match(succeeds("preview: comment").stdout, /The comment about dev is written\./);
    const [request, fields] = read("sent").split("\n");
    assert.match(request!, /^api --method POST repos\/shop\/storage\/issues\/7\/comments /);
    const { body } = JSON.parse(fields!) as { body: string };
    assert.ok(body.startsWith(markOf("preview", "dev")), body);
    assert.match(body, /aws:efs\/fileSystem:FileSystem/);
  });

  it("previews where the cluster can't be reached, and says what it can't see then", async () => {
    await person.withoutCluster(() => {
      succeeds("preview: preview");
    });
    const page = read("page.md");
    assert.match(page, /\*\*Nothing changes\.\*\* The gate lets it pass\./);
    assert.match(page, /The cluster couldn't be asked/);
  });

  it("deploys again, which leaves alone what drifted", () => {
    succeeds("deployment: preview");
    assert.match(succeeds("deployment: up").text, ONLY_UNCHANGED);
    assert.equal(replicas(), "5");
  });

  it("takes it back by the page's own command", () => {
    const [, command] = /- take back: `pulumi (up --stack dev --refresh)`/.exec(drifted)!;
    person.confirmed(...command!.split(" "));
    assert.equal(replicas(), "2");
    assert.equal(succeeds("drift: comparison").summary, "");
  });

  it("is torn down once its name was typed", () => {
    const wrong = run("teardown: name", { "inputs.name": "prod" });
    assert.equal(wrong.status, 1);
    assert.match(wrong.stdout, /^::error::To destroy the stack type its name: dev\. Nothing was destroyed\.$/m);
    succeeds("teardown: name");
    succeeds("teardown: destruction");
    assert.deepEqual(
      readRecords(cloud).filter((record) => !expires(record)),
      [],
    );
  });
});
