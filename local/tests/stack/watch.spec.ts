import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { watched } from "../../stack/watch";
import { localCloud } from "../support/localCloud";

describe("what a cloud runs, while an engine works", () => {
  const { directory: cloud } = localCloud();
  const cluster = path.join(cloud, "kwok", "clusters", "local");
  const forever = "setInterval(() => {}, 1000)";
  let processes: Record<string, ChildProcess> = {};

  /** Starts something that lasts, as kwokctl or a command would. */
  async function starts(component: string, agent = false): Promise<void> {
    const file = path.join(cluster, "bin", component);
    if (!fs.existsSync(file)) fs.symlinkSync(process.execPath, file);
    const program = agent ? ["/local/nodes/main.ts"] : [];
    const child = spawn(agent ? process.execPath : file, ["-e", forever, ...program], { stdio: "ignore" });
    processes[component] = child;
    if (agent) fs.writeFileSync(path.join(cloud, "agent.pid"), String(child.pid));
    await new Promise((resolve) => child.once("spawn", resolve));
  }
  async function ends(component: string): Promise<void> {
    const child = processes[component]!;
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exit;
  }

  before(() => {
    for (const folder of ["bin", "logs"]) fs.mkdirSync(path.join(cluster, folder), { recursive: true });
    const component = (name: string) => `- args:\n  name: ${name}\n  ports:\n  - name: http\n    port: 1\n`;
    fs.writeFileSync(path.join(cluster, "kwok.yaml"), ["etcd", "kube-scheduler"].map(component).join(""));
    fs.writeFileSync(path.join(cluster, "logs", "kube-scheduler.log"), "I1 started\nF2 leader election lost\n");
  });
  beforeEach(async () => {
    processes = {};
    await Promise.all([starts("etcd"), starts("kube-scheduler"), starts("agent", true)]);
  });
  afterEach(() => Object.values(processes).forEach((child) => child.kill("SIGKILL")));

  /** Watches until something is so; what was told. */
  async function toldUntil(isSo: (told: string[]) => boolean, start: () => Promise<void>): Promise<string[]> {
    const told: string[] = [];
    const work = async () => {
      for (let tries = 0; !isSo(told); tries += 1, await sleep(20)) assert.ok(tries < 500, told.join("\n"));
    };
    await watched(cloud, (text) => told.push(text), start, work, 20);
    return told;
  }

  it("is left alone where there is none", async () => {
    const never = () => assert.fail("nothing is to be started");
    await watched(cloud, never, never, () => sleep(100), 20);
  });

  it("is told when it ends, with its log's last line, and started anew", async () => {
    fs.writeFileSync(path.join(cloud, "control-plane.json"), "{}");
    await ends("kube-scheduler");
    await ends("agent");
    let started = 0;
    const start = async () => {
      await starts("kube-scheduler");
      await starts("agent", true);
      started += 1;
    };
    const told = await toldUntil(() => started > 0, start);
    assert.deepEqual(told, [
      "kube-scheduler has ended, and is started anew. Its log ends with:\n    F2 leader election lost",
      "the nodes' agent has ended, and is started anew.",
    ]);
  });

  it("is told what keeps it from being started, and isn't started for ever", async () => {
    await ends("etcd");
    const told = await toldUntil(
      (lines) => lines.some((line) => line.includes("any more")),
      () => Promise.reject(new Error("Port 1 is taken")),
    );
    const [ended, why] = ["etcd has ended, and is started anew.", "Port 1 is taken"];
    const last = "etcd has ended, and isn't started anew any more.";
    assert.deepEqual(told, [ended, why, ended, why, ended, why, last]);
  });
});
