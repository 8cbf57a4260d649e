import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { stopAgent } from "../../local/stack/agent";
import { kubeconfigOf, startControlPlane, stopControlPlane } from "../../local/stack/controlPlane";
import { isolatedEnvironment } from "../../local/stack/engine";
import { nodejsHost } from "../../local/stack/otherProject";
import { startPluginHost, stopPluginHost } from "../../local/stack/pluginHost";
import { removeCloud } from "../../local/stack/processes";
import { writeShims } from "../../local/stack/shims";
import { ensure } from "../../local/tools/ensure";
import { plugins } from "../../local/tools/plugins";
import { controlPlaneTools, engineTools, type Tools } from "../../local/tools/toolSets";
import { Checkout, type Ended } from "./checkout";

/** What an update says at its end that has changed nothing. */
export const ONLY_UNCHANGED = /^Resources:\n {4}\d+ unchanged\n/m;

/** Starts a policy pack of a runtime without a host, told what the engine tells the packs of Node.js alone. */
const HOSTLESS = `#!/bin/sh
PULUMI_NODEJS_PROJECT=$PULUMI_PROJECT PULUMI_NODEJS_STACK=$PULUMI_STACK PULUMI_NODEJS_DRY_RUN=$PULUMI_DRY_RUN \\
  exec pulumi-analyzer-policy-nodejs "$@"
`;

/**
 * A checkout where Pulumi's own command line is signed in: to the state of a local cloud, with an account of its own. Programs
 * run by Pulumi's host of Node.js, as everywhere but in `npm run local`.
 *
 * That host is the last that is a Go module, and starts no policy packs. The copy of the pack has another name for its runtime, so
 * that the engine starts it by the program of that name, as it does where a language has no host.
 * https://github.com/pulumi/pulumi/blob/v3.251.0/pkg/resource/plugin/analyzer_plugin.go (NewPolicyAnalyzer, constructEnv)
 */
export class SignedIn {
  /** The account's number, and a network: a person puts them in place of the examples. */
  readonly account = "200000000003";
  readonly network = "198.18.7.1/32";
  readonly checkout = new Checkout();
  private controlPlane!: Tools;
  private before: NodeJS.ProcessEnv = {};

  async start(): Promise<void> {
    const { cloud, directory } = this.checkout;
    const [engine, tools] = await ensure(engineTools(), controlPlaneTools());
    this.controlPlane = tools;
    await startControlPlane(cloud, tools);
    const bin = path.join(cloud, "bin");
    writeShims(bin, engine.paths["pulumi"]!, plugins(), await nodejsHost(directory));
    const pack = path.join(directory, "policy", "PulumiPolicy.yaml");
    fs.writeFileSync(pack, fs.readFileSync(pack, "utf8").replace("name: nodejs", "name: hostless"));
    fs.writeFileSync(path.join(bin, "pulumi-analyzer-policy-hostless"), HOSTLESS, { mode: 0o755 });
    fs.mkdirSync(path.join(cloud, "state"), { recursive: true });
    this.before = { ...process.env };
    Object.assign(process.env, isolatedEnvironment(process.env, cloud), { EKS_STORAGE_ACCOUNT: this.account });
    await startPluginHost(cloud);
  }

  async stop(): Promise<void> {
    const { cloud, directory } = this.checkout;
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, this.before);
    await stopAgent(cloud);
    await stopPluginHost(cloud);
    await stopControlPlane(cloud, this.controlPlane);
    await removeCloud(cloud);
    fs.rmSync(directory, { recursive: true, force: true });
  }

  /** Does something while the cluster's API never answers, as where a runner is outside its networks. */
  async withoutCluster(work: () => void): Promise<void> {
    const { cloud } = this.checkout;
    const { port } = new URL(/server: (\S+)/.exec(fs.readFileSync(kubeconfigOf(cloud), "utf8"))![1]!);
    await stopControlPlane(cloud, this.controlPlane);
    const silent = net.createServer(() => {});
    try {
      await once(silent.listen(Number(port), "127.0.0.1"), "listening");
      work();
    } finally {
      await new Promise((closed) => silent.close(closed));
      await startControlPlane(cloud, this.controlPlane);
    }
  }

  run(...args: string[]): Ended {
    const all = [...args, "--non-interactive", "--color", "never"];
    return spawnSync("pulumi", all, { cwd: this.checkout.directory, encoding: "utf8" });
  }

  /** A command of Pulumi's that succeeds; `confirmed` where a person would answer yes. */
  pulumi(...args: string[]): string {
    const { status, stdout, stderr } = this.run(...args);
    assert.equal(status, 0, `pulumi ${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  }

  confirmed(...args: string[]): string {
    return this.pulumi(...args, "--yes");
  }

  /** Puts one's own account and network in place of the examples. */
  setOwnValues(): void {
    this.pulumi("config", "set", "accountId", this.account);
    this.pulumi("config", "set", "--path", "apiAccessCidrs[0]", this.network);
  }
}
