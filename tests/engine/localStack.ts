import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineEvent, OutputMap, PulumiFn, Stack, UpOptions } from "@pulumi/pulumi/automation";
import { delayPodIdentity } from "../../local/aws/eks/driverPods";
import { type AwsRecord, changeRecords, readRecords, token } from "../../local/aws/records";
import { type Inventory, inventory, type Item } from "../../local/cli/inventory";
import { startAgent, stopAgent } from "../../local/stack/agent";
import { kubeconfigOf, removeControlPlane, startControlPlane, stopControlPlane } from "../../local/stack/controlPlane";
import { openStack, policyPack, withoutResults } from "../../local/stack/engine";
import type { Local } from "../../local/stack/local";
import { stopPluginHost } from "../../local/stack/pluginHost";
import { removeCloud } from "../../local/stack/processes";
import { isSecret } from "../../local/plugins/properties";
import { ensure } from "../../local/tools/ensure";
import { controlPlaneTools, engineTools, type Tools } from "../../local/tools/toolSets";
import { outsideGuard, resourcesOf } from "../support/guard";
import { Secrets } from "./secrets";

export const CHECKOUT = path.join(__dirname, "..", "..");

/** Whether a record is a log group in which what is written expires. */
export const expires = ({ type, properties }: AwsRecord): boolean =>
  type === token("cloudwatch/logGroup") && Number(properties.retentionInDays) > 0;

/** What an operation did, or would do: the step for each resource, by its type and name. */
export type Steps = Record<string, string>;

/** Half of an engine's processor time goes into states after each step, which nobody reads where it isn't killed. */
const SAVED_AT_THE_END = { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true" };

/** One environment on a local cloud of its own, apart from the one that `npm run up:local` uses. */
export class LocalStack {
  /** What the engine said during the last operation. */
  messages = "";
  /** What is deployed instead of the checkout's program. */
  program?: PulumiFn;
  /** Whether the policy pack checks what is done, at the environment's levels. */
  isChecked = false;
  /** What checks instead. */
  policies?: ReturnType<typeof policyPack>;
  /** What the engine and its plugins find in their environment besides. */
  environment: Record<string, string> = {};
  /** Is told what the engine tells. */
  hears: (event: EngineEvent) => void = () => {};
  /** Whether all is written that an engine can write: the state after each step, what it was before, plans of previews. */
  savesAll = false;
  /** What nobody may read of this stack; searched for when it is stopped. */
  readonly secrets: Secrets;
  protected readonly local: Local;
  private engine!: Tools;
  private controlPlane!: Tools;

  constructor(stack: string, cloud?: string) {
    // Within the checkout, as the dynamic provider finds the project's node_modules from its directory.
    fs.mkdirSync(path.join(CHECKOUT, ".local"), { recursive: true });
    const own = cloud ?? fs.mkdtempSync(path.join(CHECKOUT, ".local", `test-${stack}-`));
    this.local = { checkout: CHECKOUT, stack, cloud: own };
    this.secrets = new Secrets(own);
  }

  /** Another stack in the same cloud, which runs: somebody else's, with a program of its own. */
  neighbour(stack: string, program?: PulumiFn): LocalStack {
    const neighbour = new LocalStack(stack, this.local.cloud);
    neighbour.engine = this.engine;
    neighbour.program = program;
    return neighbour;
  }

  /**
   * Runs another checkout's program, with its configuration files, from now on: another commit's.
   *
   * @param isOther Whether it is any other project, which the host of its language runs.
   */
  switchTo(checkout: string, isOther = false): void {
    Object.assign(this.local, { checkout, isOther });
  }

  async start(): Promise<void> {
    [this.engine, this.controlPlane] = await ensure(engineTools(), controlPlaneTools());
    await startControlPlane(this.local.cloud, this.controlPlane);
  }

  /** @throws AssertionError when a secret is to be read anywhere. */
  async stop(): Promise<void> {
    const leaks = this.secrets.leaks();
    await stopAgent(this.local.cloud);
    await stopPluginHost(this.local.cloud);
    await stopControlPlane(this.local.cloud, this.controlPlane);
    await removeCloud(this.local.cloud);
    assert.deepEqual(leaks, [], "secrets are to be read");
  }

  /** Has the drivers take so many seconds over each disk that they make or delete. */
  async slowDrivers(seconds: number): Promise<void> {
    await stopAgent(this.local.cloud);
    process.env.EKS_STORAGE_DRIVER_DELAY = String(seconds);
    startAgent(this.local.cloud);
    delete process.env.EKS_STORAGE_DRIVER_DELAY;
  }

  /** Has Pod Identity associations take so many seconds to be effective, as EKS does; the drivers' pods are there then. */
  delayPodIdentity(seconds: number): void {
    delayPodIdentity(this.local.cloud, seconds);
  }

  /** Waits until the engine says something during an operation. */
  async said(what: RegExp, operation: Promise<unknown>): Promise<void> {
    let hasEnded = false;
    const end = () => void (hasEnded = true);
    void operation.then(end, end);
    while (!what.test(this.messages)) {
      assert.ok(!hasEnded, `the engine never said ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Deletes the cluster as a person would in the EKS console, node groups and all. */
  async deleteCluster(): Promise<void> {
    await stopAgent(this.local.cloud);
    await stopControlPlane(this.local.cloud, this.controlPlane);
    this.deleteInAws(({ type }) => type.startsWith("aws:eks/"));
  }

  /** AWS has deleted the cluster: what was in it is gone, and the next one begins empty. */
  async loseControlPlane(): Promise<void> {
    await removeControlPlane(this.local.cloud);
    await startControlPlane(this.local.cloud, this.controlPlane);
    await stopAgent(this.local.cloud);
    startAgent(this.local.cloud);
  }

  async up(...config: string[]): Promise<Steps> {
    const steps = await this.run(config, (stack, options) => stack.up(options));
    // What is another commit's, or a test's, isn't guarded as ours is.
    if (!this.program && this.local.checkout === CHECKOUT)
      assert.deepEqual(outsideGuard(resourcesOf(this.stateFile())), []);
    return steps;
  }

  preview(...config: string[]): Promise<Steps> {
    const plan = path.join(this.local.cloud, "pulumi", "plan.json");
    const also = this.savesAll ? { plan } : {};
    return this.run(config, (stack, options) => stack.preview({ diff: true, ...options, ...also }));
  }

  refresh(...config: string[]): Promise<Steps> {
    return this.run(config, (stack, options) => stack.refresh(options));
  }

  /** A refresh that writes nothing. */
  previewRefresh(...config: string[]): Promise<Steps> {
    return this.run(config, (stack, options) => stack.previewRefresh(options));
  }

  destroy(...config: string[]): Promise<Steps> {
    return this.run(config, (stack, options) => stack.destroy(options));
  }

  /** As the state has them. @throws AssertionError for the value of what is secret. */
  outputs(): OutputMap {
    const { outputs = {} } = resourcesOf(this.stateFile()).find(({ type }) => type === "pulumi:pulumi:Stack")!;
    return Object.fromEntries(
      Object.entries(outputs).map(([key, value]) => {
        const secret = isSecret(value);
        const known = () => assert.ok(!secret, `${key} is secret: ask outputsWithSecrets()`);
        return [
          key,
          {
            secret,
            get value(): any {
              return (known(), value);
            },
          },
        ];
      }),
    );
  }

  /** As the engine prints them to who asks for secrets, too: two processes. */
  async outputsWithSecrets(): Promise<OutputMap> {
    return (await this.open([])).outputs();
  }

  /** The stack's state, as it lies on disk. */
  stateFile(): string {
    const stacks = path.join(this.local.cloud, "state", ".pulumi", "stacks", "eks-storage");
    return fs.readFileSync(path.join(stacks, `${this.local.stack}.json`), "utf8");
  }

  /** Changes the state behind the engine's back. */
  async changeState(change: (resources: any[]) => void): Promise<void> {
    const stack = await this.open([]);
    const state = await stack.exportStack();
    change(state.deployment.resources);
    await stack.importStack(state);
  }

  /** The control plane's programs, by name. */
  protected get tools(): Tools["paths"] {
    return this.controlPlane.paths;
  }

  /** Runs kubectl on the stack's control plane and parses what it answers. */
  kubectl(...args: string[]): any {
    const env = { ...process.env, KUBECONFIG: kubeconfigOf(this.local.cloud) };
    const text = execFileSync(this.controlPlane.paths.kubectl!, args, { env, encoding: "utf8" });
    return args.includes("json") ? JSON.parse(text) : text;
  }

  /** Runs a line of a shell where the stack's commands are found; what it printed. */
  shell(line: string): string {
    const paths = [
      path.join(this.local.cloud, "bin"),
      path.dirname(this.controlPlane.paths.kubectl!),
      process.env.PATH,
    ];
    const env = { ...process.env, PATH: paths.join(path.delimiter), KUBECONFIG: kubeconfigOf(this.local.cloud) };
    const cwd = path.join(this.local.cloud, "pulumi");
    return execFileSync("bash", ["-euc", line], { cwd, env, encoding: "utf8", stdio: "pipe" });
  }

  /** What exists, by the records of the stand-ins and the API server: empty when nothing leaked. */
  inventory(): Promise<Inventory> {
    return inventory(this.local.cloud);
  }

  /**
   * What exists beside what every destroy of a stack with a cluster leaves: the control plane's log group, in which what EKS
   * delivers late expires (docs/operations.md).
   */
  async leaked(): Promise<Item[]> {
    const expiring = this.awsRecords().filter(expires);
    const { aws, kubernetes } = await this.inventory();
    return [...aws, ...kubernetes].filter((item) => !expiring.some(({ id }) => id === item.id));
  }

  /** Makes an object that no program knows. */
  apply(object: object): void {
    const env = { ...process.env, KUBECONFIG: kubeconfigOf(this.local.cloud) };
    const args = ["apply", "--filename", "-"];
    execFileSync(this.controlPlane.paths.kubectl!, args, { env, input: JSON.stringify(object) });
  }

  /** All that exists in the stand-in for AWS, as its own records have it. */
  awsRecords(): AwsRecord[] {
    return readRecords(this.local.cloud);
  }

  /** What exists in the stand-in for AWS, by its own records: types, each as often as there are resources of it. */
  awsTypes(): string[] {
    const types = this.awsRecords().map(({ type }) => type);
    return types.sort();
  }

  /** Deletes by hand, in the stand-in for AWS, what a person finds there by some mark. */
  deleteInAws(isFound: (record: AwsRecord) => boolean): void {
    changeRecords((records) => {
      const kept = records.filter((record) => !isFound(record));
      records.splice(0, records.length, ...kept);
    }, this.local.cloud);
  }

  /** Upgrades the stack's cluster, as EKS does by itself when its version's support has ended: the control plane alone. */
  upgradeClusters(version: string): void {
    changeRecords((records) => {
      for (const { type, properties } of records) if (type === token("eks/cluster")) properties.version = version;
    }, this.local.cloud);
  }

  private async open(config: string[]): Promise<Stack> {
    const stack = await openStack(this.local, this.engine, config, this.program);
    const saving = this.savesAll ? {} : SAVED_AT_THE_END;
    stack.workspace.envVars = { ...stack.workspace.envVars, ...saving, ...this.environment };
    return stack;
  }

  private async run(
    config: string[],
    operation: (stack: Stack, options: Pick<UpOptions, "onEvent" | "onOutput">) => Promise<unknown>,
  ): Promise<Steps> {
    const steps: Steps = {};
    this.messages = "";
    const onEvent = (event: EngineEvent) => {
      const { resourcePreEvent, diagnosticEvent, policyEvent } = event;
      this.secrets.hearEvent(event);
      this.hears(event);
      if (policyEvent) {
        const { enforcementLevel, policyName, resourceUrn, message } = policyEvent;
        this.messages += `${enforcementLevel} ${policyName} ${resourceUrn?.split("::").pop()}: ${message}\n`;
      }
      if ((diagnosticEvent?.severity as string) !== "debug") this.messages += diagnosticEvent?.message ?? "";
      if (!resourcePreEvent) return;
      const { type, urn, op } = resourcePreEvent.metadata;
      const key = `${type} ${urn.split("::").pop()!}`;
      // A replacement is several steps: the one that says so counts.
      if (steps[key] !== "replace") steps[key] = op;
    };
    const checked = this.policies ?? (this.isChecked ? policyPack(this.local) : {});
    const onOutput = (text: string) => this.secrets.hear("the terminal", text);
    try {
      await operation(withoutResults(await this.open(config)), { onEvent, onOutput, ...checked });
    } catch (error) {
      this.secrets.hear("an error", String(error));
      throw error;
    } finally {
      this.secrets.learn();
    }
    return steps;
  }
}

/** The steps that change something. */
export function changes(steps: Steps): Steps {
  return Object.fromEntries(Object.entries(steps).filter(([, op]) => op !== "same"));
}
