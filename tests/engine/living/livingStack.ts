import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type AwsRecord, changeRecords, token } from "../../../local/aws/records";
import type { Properties } from "../../../local/plugins/properties";
import { changes, LocalStack, type Steps } from "../localStack";

/** An environment that goes through one change after another. */
export class LivingStack extends LocalStack {
  private readonly configuration = new Map<string, string>();

  /** Changes the configuration for good: the steps that change something. Another `up` must then change nothing. */
  async change(pairs: Record<string, string>): Promise<Steps> {
    const steps = effects(await this.up(...this.with(pairs)));
    for (const [key, value] of Object.entries(pairs)) this.configuration.set(key, value);
    await this.settled();
    return steps;
  }

  /** Has the configuration say something from now on, without an `up`. */
  configure(pair: string): void {
    const [, key, value] = /^(\w+)=(.*)$/.exec(pair)!;
    this.configuration.set(key!, value!);
  }

  /** Has it say nothing of some keys. */
  forget(keys: RegExp): void {
    for (const key of this.configuration.keys()) if (keys.test(key)) this.configuration.delete(key);
  }

  /** Does what a page says, line by line: what it has `pulumi` do, the engine does with the configuration so far. */
  async follow(lines: string[]): Promise<void> {
    for (const line of lines) {
      const [, key, value] = /^pulumi config set (\S+) (\S+)$/.exec(line) ?? [];
      if (key) this.configure(`${key}=${value}`);
      else if (line === "pulumi refresh") await this.refresh(...this.with());
      else if (line === "pulumi up") await this.up(...this.with());
      else this.shell(line);
    }
  }

  async settled(): Promise<void> {
    assert.deepEqual(effects(await this.up(...this.with())), {}, "a second up changes nothing");
  }

  /** The configuration so far, changed for one operation. */
  with(pairs: Record<string, string> = {}): string[] {
    const all = { ...Object.fromEntries(this.configuration), ...pairs };
    return Object.entries(all).map(([key, value]) => `${key}=${value}`);
  }

  /** Has something be in AWS that no stack has made. */
  addToAws(type: string, id: string, properties: Properties): void {
    const all = { region: "eu-west-1", ...properties };
    this.changeAws((records) => records.push({ type: token(type), id, status: "ACTIVE", properties: all }));
  }

  /** Changes what is in AWS, behind the program's back. */
  changeAws(change: (records: AwsRecord[]) => unknown): void {
    changeRecords(change, this.local.cloud);
  }

  get(...args: string[]): any {
    return this.kubectl("get", ...args, "--output", "json");
  }

  /** The pods of a workload that are ready, on nodes that exist. */
  readyPods(namespace: string, name: string): any[] {
    const nodes = this.get("nodes").items.map(({ metadata }: any) => metadata.name);
    const selector = `app.kubernetes.io/name=${name}`;
    return this.get("pods", "--namespace", namespace, "--selector", selector).items.filter(
      ({ spec, status, metadata }: any) =>
        !metadata.deletionTimestamp &&
        nodes.includes(spec.nodeName) &&
        status.conditions.some(({ type, status }: any) => type === "Ready" && status === "True"),
    );
  }

  /** Every pod that the workloads ask for is ready. */
  async runs(): Promise<void> {
    const lacking = () =>
      this.get("deployments,statefulsets", "--all-namespaces")
        .items.map(({ metadata, spec }: any) => {
          const ready = this.readyPods(metadata.namespace, metadata.name).length;
          return ready === spec.replicas ? undefined : `${metadata.name} has ${ready} of ${spec.replicas} pods`;
        })
        .filter(Boolean);
    await eventually(() => assert.deepEqual(lacking(), []));
  }

  databaseVolume(): any {
    return this.get("pv", this.get("pvc", "data-catalog-mysql-0", "--namespace", "catalog").spec.volumeName);
  }

  async ids(type: string): Promise<string[]> {
    const { aws, kubernetes } = await this.inventory();
    return [...aws, ...kubernetes].filter((item) => item.type === type).map(({ id }) => id);
  }

  /** Nodes by name, with their zones. */
  async nodes(): Promise<Record<string, string>> {
    const { kubernetes } = await this.inventory();
    return Object.fromEntries(kubernetes.filter(({ type }) => type === "Node").map(({ id, note }) => [id, note]));
  }
}

/** The steps that change something; the engine's own records of providers are nothing outside. */
export const effects = (steps: Steps): Steps =>
  Object.fromEntries(Object.entries(changes(steps)).filter(([key]) => !key.startsWith("pulumi:providers:")));

/** Steps as a list, for comparison. */
export const kinds = (steps: Steps): string[] =>
  Object.entries(steps)
    .map(([key, op]) => `${op} ${key}`)
    .sort();

/** Waits for what controllers do in their own time. */
export async function eventually(check: () => void | Promise<void>, seconds = 20): Promise<void> {
  for (const deadline = Date.now() + seconds * 1000; ; await sleep(300)) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
