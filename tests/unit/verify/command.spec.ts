import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { outputs, PASSWORD } from "../../support/verified/objects";
import { Verified } from "../../support/verified/runs";

const CHECKOUT = path.join(__dirname, "..", "..", "..");

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

interface Report {
  exitCode: number;
  checks: { id: string; outcome: string; saw: string; isBlocked: boolean; look?: string }[];
}

describe("npm run verify", function () {
  // The first start makes one file of the command.
  this.timeout(120_000);
  let verified: Verified;
  let directory: string;
  beforeEach(async () => {
    verified = await Verified.start();
    directory = path.join(verified.cluster.directory, "given");
    fs.mkdirSync(directory);
    write("outputs.json", JSON.stringify({ ...outputs, kubeconfig: "[secret]" }));
    write("kubeconfig", verified.server.kubeconfig());
  });
  afterEach(() => verified.stop());

  const write = (name: string, text: string) => fs.writeFileSync(path.join(directory, name), text);

  function start(...args: string[]): { command: ChildProcess; ended: Promise<Ended> } {
    const command = spawn(process.execPath, ["commands/start.cjs", "verify", ...args], {
      cwd: CHECKOUT,
      // No aws and no pulumi there.
      env: { PATH: path.join(directory, "bin"), INIT_CWD: directory, HOME: directory },
    });
    const said = { stdout: "", stderr: "" };
    command.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    command.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    const ended = new Promise<Ended>((resolve) => command.once("close", (status) => resolve({ status, ...said })));
    return { command, ended };
  }
  const given = ["--outputs", "outputs.json", "--kubeconfig", "kubeconfig"];
  const run = (...args: string[]) => start(...given, ...args).ended;
  const reportOf = ({ stdout }: Ended) => JSON.parse(stdout) as Report;
  const outcomeOf = ({ checks }: Report, id: string) => checks.find((it) => it.id === id)?.outcome;

  it("ends with 0 when everything has passed that could be run without AWS, and tells what it does as it goes", async () => {
    const { status, stdout, stderr } = await run();
    assert.equal(status, 0, stdout + stderr);
    assert.match(stdout, /^outputs\.json: the cluster eks-storage-dev at https:\/\/127\.0\.0\.1:\d+\n/);
    assert.match(stdout, /\npassed {2}assets\.shared \(\d+\.\d s\)\n {4}expected {2}what one pod writes/);
    assert.match(stdout, /\nnot run mountTargets\.zones\n {4}because {3}AWS can't be asked: there is no command aws/);
    const restart = ["written", "back", "file", "row"].map((name) => `not run catalog.${name}\n`).join("");
    assert.ok(
      stdout.includes(`${restart}    because   while the database restarts nobody can read the catalog: that\n`),
      "what several have in common is said once",
    );
    assert.match(stdout, /needs --disruptive\n\n11 passed, 0 failed, 11 not run, in \d/);
    assert.ok(!(stdout + stderr).includes(PASSWORD));
  });

  it("with --json says the same for programs on stdout, and for people on stderr", async () => {
    const ended = await run("--json", "--disruptive");
    const report = reportOf(ended);
    assert.deepEqual([ended.status, report.exitCode], [0, 0], ended.stderr);
    assert.equal(outcomeOf(report, "catalog.row"), "passed");
    assert.match(ended.stderr, /\npassed {2}catalog\.row/);
    assert.ok(!(ended.stdout + ended.stderr).includes(PASSWORD));
  });

  it("ends with 1 when a check has failed, and names it last", async () => {
    verified.cluster.hasVolumes = false;
    const { status, stdout } = await run("--timeout", "1");
    assert.equal(status, 1);
    assert.match(stdout, /\n {4}look {6}kubectl exec assets-node-b --namespace assets/);
    assert.match(stdout, /\nfailed: assets\.shared, assets\.served, assets\.survives\n$/);
  });

  it("ends with 2 when the API server goes away half-way, and says what may be left there", async () => {
    verified.server.hears = (request) => {
      if (request.startsWith("portforward")) verified.server.stop();
    };
    const ended = await run("--json", "--timeout", "1");
    const report = reportOf(ended);
    assert.equal(ended.status, 2, ended.stderr);
    assert.equal(outcomeOf(report, "assets.shared"), "passed");
    assert.equal(outcomeOf(report, "catalog.pods"), "not run");
    const removed = report.checks.find(({ id }) => id === "assets.removed")!;
    assert.equal(removed.outcome, "not run");
    assert.match(
      removed.saw,
      /^it may still be there: \S+\/verify-[0-9a-f]{8}\.txt \(https:\/\/\S+ can't be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+\)$/,
    );
    assert.match(
      removed.look!,
      /^kubectl exec deployment\/assets --namespace assets --container assets -- rm -f \S+\/verify-/,
    );
    assert.match(ended.stderr, /\d+ checks should have been run, and couldn't be\.\n$/);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`removes what it has made when ${signal} comes, and ends with 2`, async () => {
      const { command, ended } = start(...given, "--json");
      // Its file is there, and the first of the pods gone: the run waits for another one.
      verified.cluster.successor = (it) => (it.status = { phase: "Pending" });
      verified.server.hears = (request) => {
        if (!/^DELETE .*\/pods\//.test(request)) return;
        setTimeout(() => command.kill(signal), 200);
        // The terminal's to every process, and npm's, which has heard it, too.
        setTimeout(() => command.kill(signal), 250);
      };
      const report = reportOf(await ended);
      const { stderr, status } = await ended;
      assert.equal(status, 2, stderr);
      assert.match(stderr, /Stopping: what this run has made is removed\. Ctrl-C again: at once, and it stays\./);
      assert.equal(report.checks.find(({ id }) => id === "assets.survives")!.saw, "interrupted");
      assert.equal(outcomeOf(report, "assets.removed"), "passed");
      assert.equal(outcomeOf(report, "catalog.pods"), "not run");
      assert.deepEqual(verified.cluster.leftovers(), []);
    });
  }

  it("ends at once at the second interruption", async () => {
    const { command, ended } = start(...given);
    verified.cluster.successor = (it) => (it.status = { phase: "Pending" });
    verified.server.hears = (request) => {
      if (!/^DELETE .*\/pods\//.test(request)) return;
      // No pod is Ready any more: the file can't be removed yet.
      for (const { status } of verified.cluster.all("Pod", "assets")) status.conditions = [];
      for (const milliseconds of [200, 1700]) setTimeout(() => command.kill("SIGINT"), milliseconds);
    };
    const { status, stdout, stderr } = await ended;
    assert.equal(status, 2);
    assert.match(stderr, /Stopping: what this run has made is removed/);
    assert.doesNotMatch(stdout, /assets\.removed \(/);
  });

  it("with rights to read alone touches nothing, names the rights to give, and ends with 2", async () => {
    verified.server.refused = ["create pods/exec", "create pods/portforward", "delete pods", "create namespaces"];
    const ended = await run("--json", "--disruptive");
    const report = reportOf(ended);
    assert.equal(ended.status, 2);
    assert.equal(outcomeOf(report, "claims.assets"), "passed");
    const { saw, isBlocked } = report.checks.find(({ id }) => id === "assets.shared")!;
    assert.equal(
      saw,
      "whoever runs this may not create pods/exec in the namespace assets, create pods/portforward in the namespace " +
        "assets, delete pods in the namespace assets: give that right",
    );
    assert.equal(isBlocked, true);
    assert.ok(!verified.server.asked.some((it) => /^(exec|DELETE|PATCH)/.test(it)));
  });

  it("ends with 2, in one line, where it can't begin", async () => {
    const said = async (...args: string[]) => {
      const { status, stdout, stderr } = await start(...args).ended;
      assert.equal(status, 2, stdout + stderr);
      assert.doesNotMatch(stderr, /\n +at /);
      return stderr;
    };
    write("empty.json", "");
    write("other.json", JSON.stringify({ fileSystemId: "fs-1" }));
    write("no.yaml", "a: [");
    assert.match(await said("--stack", "dev"), /there is no command pulumi: install it, or give --outputs/);
    assert.match(await said("--outputs", "nowhere.json"), /--outputs nowhere\.json can't be read: ENOENT/);
    assert.match(
      await said("--outputs", "empty.json"),
      /must hold what pulumi stack output --json prints; it is empty/,
    );
    assert.match(await said("--outputs", "other.json"), /- pvcNames: .*\n(.*\n)*If the stack is there, run pulumi up/);
    assert.match(await said("--outputs", "outputs.json"), /hides the kubeconfig: give one with --kubeconfig/);
    assert.match(await said("--outputs", "outputs.json", "--kubeconfig", "no.yaml"), /The kubeconfig can't be read/);
    assert.match(await said(...given, "--timeout", "soon"), /It must be a whole number of seconds/);
  });

  it("ends with 2 where the cluster can't be reached, or doesn't know who asks", async () => {
    write("kubeconfig", verified.server.kubeconfig("another-token"));
    const unknown = await run();
    assert.equal(unknown.status, 2);
    assert.match(unknown.stderr, /^error: https:\/\/\S+ doesn't know who asks\. Sign in as one that the cluster knows/);
    verified.server.stop();
    const unreachable = await run();
    assert.equal(unreachable.status, 2);
    assert.match(unreachable.stderr, /^error: https:\/\/\S+ can't be reached: connect ECONNREFUSED \S+\n$/);
    assert.equal(unknown.stdout + unreachable.stdout, "");
  });
});
