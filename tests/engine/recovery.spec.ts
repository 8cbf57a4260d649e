import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runningEngines } from "../../local/stack/recovery";
import { readRecords } from "../../local/aws/records";
import { Checkout } from "./checkout";

describe("whatever is killed, the next command goes on from there", function () {
  this.timeout("2m");
  const checkout = new Checkout();
  const { cloud } = checkout;

  /** Process id of a component of the control plane. */
  const component = (name: string) =>
    Number(fs.readFileSync(path.join(cloud, "kwok", "clusters", "local", "pids", `${name}.pid`), "utf8"));
  const agent = () => Number(fs.readFileSync(path.join(cloud, "agent.pid"), "utf8"));

  async function until(what: string, isSo: () => boolean): Promise<void> {
    for (let tries = 0; !isSo(); tries += 1) {
      assert.ok(tries < 1200, `${what}: not within a minute`);
      await sleep(50);
    }
  }
  const made = (type: string) => until(type, () => readRecords(cloud).some((record) => record.type.includes(type)));

  /** Ids of this cloud's plugins of a name, as its engines have started them. */
  function plugins(name: string): number[] {
    const file = path.join(cloud, "bin", `pulumi-resource-${name}`);
    const lines = execFileSync("ps", ["-ww", "-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
    return lines.filter((line) => line.includes(file)).map((line) => Number.parseInt(line, 10));
  }

  /** What exists in AWS for a resource, and isn't the only one of its kind, or isn't in the state. */
  function leaked(): string[] {
    const state = fs.readFileSync(path.join(cloud, "state", ".pulumi", "stacks", "eks-storage", "dev.json"), "utf8");
    const records = readRecords(cloud).filter(({ urn }) => urn);
    const isOnly = (urn: string) => records.filter((record) => record.urn === urn).length === 1;
    return records.filter(({ id, urn }) => !isOnly(urn!) || !state.includes(`"${id}"`)).map(({ id }) => id);
  }

  after(() => checkout.remove());

  it("Ctrl-C while the control plane is made ends the command at once", async () => {
    const { command, ended } = checkout.starts("up");
    await until("kwokctl", () => fs.existsSync(path.join(cloud, "kwok", "clusters")));
    command.kill("SIGINT");
    const { status, stderr } = await ended;
    assert.equal(status, 130, stderr);
    assert.match(stderr, /Interrupted\. The same command goes on from here\.\n$/);
  });

  it("a killed engine is told, and what it had begun to create is adopted", async () => {
    const first = checkout.starts("up");
    await made("ec2/vpc");
    process.kill(component("kwok-controller"), "SIGSTOP"); // nodes don't come, so node groups stay half-made
    await made("eks/nodeGroup");
    await sleep(500);
    for (const pid of runningEngines(cloud)) process.kill(pid, "SIGKILL");
    process.kill(component("kwok-controller"), "SIGCONT");
    const killed = await first.ended;
    assert.equal(killed.status, 1);
    assert.match(
      killed.stderr,
      /The engine was killed\. What it recorded is kept; the same command goes on from there/,
    );
    assert.ok(leaked().length > 0, "the engine was killed too late");

    const second = checkout.starts("up");
    await made("eks/podIdentityAssociation");
    second.command.kill("SIGINT");
    const interrupted = await second.ended;
    assert.equal(interrupted.status, 130, interrupted.stderr);
    assert.match(interrupted.stderr, /Adopting what an interrupted run created/);
    assert.match(interrupted.stderr, /Stopping as soon as what is under way is done\. Ctrl-C again: at once\./);
    assert.match(
      interrupted.stderr,
      /Interrupted\. What was done is recorded; the same command goes on from there\.\n$/,
    );
    assert.deepEqual(leaked(), []);
  });

  it("a second Ctrl-C doesn't wait for what is under way", async () => {
    process.kill(agent(), "SIGSTOP"); // pods don't start, so workloads aren't ready
    const { command, ended } = checkout.starts("up");
    await made("ssm/parameter");
    await sleep(3000);
    command.kill("SIGINT");
    await sleep(3000);
    const again = Date.now();
    command.kill("SIGINT");
    const { status, stderr } = await ended;
    process.kill(agent(), "SIGKILL");
    assert.equal(status, 130, stderr);
    assert.ok(Date.now() - again < 8000, `it took ${Date.now() - again} ms`);
  });

  it("a killed plugin fails the command, and a killed agent is started again", async () => {
    const { command, ended } = checkout.starts("up");
    // The engine starts one for each provider, not all at once.
    for (; command.exitCode === null; await sleep(100)) {
      for (const pid of plugins("kubernetes")) process.kill(pid, "SIGKILL");
    }
    assert.equal((await ended).status, 1);
  });

  it("two commands at once: the second says who works, and waits; what ends meanwhile is started anew", async () => {
    const first = checkout.starts("up");
    await until("the lock", () => fs.existsSync(`${cloud}.lock.holder`));
    const second = checkout.starts("preview", "--stack", "dev");
    await until("the engine", () => runningEngines(cloud).length > 0);
    // A pod that nobody schedules or makes would be waited for, for minutes.
    const controllers = ["kube-scheduler", "kube-controller-manager"];
    for (const name of controllers) process.kill(component(name), "SIGKILL");
    const [done, other] = await Promise.all([first.ended, second.ended]);
    assert.equal(done.status, 0, done.stdout + done.stderr);
    for (const name of controllers)
      assert.match(
        done.stdout,
        new RegExp(`^! ${name} has ended, and is started anew\\. Its log ends with:\n {4}\\S`, "m"),
      );
    const holder = `\\(process ${first.command.pid}: up\\)`;
    assert.match(
      other.stderr,
      new RegExp(`Another command ${holder} works on the local dev: waiting for it to end\\.`),
    );
    if (other.status !== 0)
      assert.match(other.stderr, new RegExp(`Another command ${holder} still works on the local dev`));
    assert.deepEqual(leaked(), []);
  });

  it("of a control plane that has lost its controllers, the next command starts them", () => {
    const controllers = ["kube-scheduler", "kube-controller-manager"];
    for (const name of controllers) process.kill(component(name), "SIGKILL");
    assert.match(checkout.succeeds("local", "--", "doctor"), /dev +control plane doesn't run/);
    checkout.succeeds("local", "--", "kubectl", "get", "nodes");
    assert.match(checkout.succeeds("local", "--", "doctor"), /dev +control plane runs, agent runs/);
  });

  it("a killed control plane starts again with what it held, on ports of its own", async () => {
    const claims = () => checkout.succeeds("local", "--", "kubectl", "get", "pvc", "-A", "--output", "name");
    const before = claims();
    for (const name of ["etcd", "kube-apiserver", "kwok-controller"]) process.kill(component(name), "SIGKILL");
    process.kill(agent(), "SIGKILL");
    const [, port] = /etcdPort: (\d+)/.exec(fs.readFileSync(path.join(cloud, "kwok.yaml"), "utf8"))!;
    const other = net.createServer();
    await until("the port is free", () => !fs.existsSync(`/proc/${component("etcd")}`));
    await new Promise<void>((resolve) => other.listen(Number(port), "127.0.0.1", resolve));
    const { status, stderr } = await checkout.starts("up").ended;
    other.close();
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`error: Port ${port} of 127\\.0\\.0\\.1, .*etcd.*\nis taken by another program`));
    assert.equal(claims(), before);
    assert.match(checkout.succeeds("local", "--", "doctor"), /dev +control plane runs, agent runs/);
  });

  it("destroy leaves nothing of all this", () => {
    assert.match(checkout.succeeds("destroy:local"), /Nothing of dev is left/);
    assert.ok(!fs.existsSync(path.dirname(cloud)));
    assert.ok(!execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(checkout.directory));
  });
});
