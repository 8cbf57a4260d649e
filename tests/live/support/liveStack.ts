import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { recordsFile } from "../../../local/aws/records";
import { useRealNodes } from "../../../local/nodes/simulated";
import { certificatesOf, kubeconfigOf } from "../../../local/stack/controlPlane";
import { corednsTools, nodeTools } from "../../../local/tools/nodeTools";
import { ensure } from "../../../local/tools/ensure";
import { CHECKOUT, LocalStack, type Steps } from "../../engine/localStack";
import { IMAGE_NAMES } from "../images/images";
import { RealNode } from "./node";

/** Where the database's disk is, and so the node. */
const ZONE = "eu-west-1a";

/** How long a pod may take to come back while verify waits for it, in seconds. */
const PATIENCE = 120;

/** How long verify may take, in milliseconds: it waits so long six times at most, and eight times for a quarter of it. */
export const VERIFY_TIME = 10 * PATIENCE * 1000;

/** How a program ended, and all that it printed. */
export interface Ended {
  status: number | null;
  output: string;
}

/** dev on a local cloud whose cluster has one node, and that a real one. */
export class LiveStack extends LocalStack {
  private node: RealNode | undefined;

  /** @param nodeHasEnded called if the node ends while it should run: with why. */
  constructor(private readonly nodeHasEnded: (why: string) => void) {
    super("dev");
  }

  override async start(): Promise<void> {
    const [node, coredns] = await ensure(nodeTools(), corednsTools());
    await super.start();
    const { cloud } = this.local;
    useRealNodes(cloud);
    const files = { certificates: certificatesOf(cloud), kubeconfig: kubeconfigOf(cloud), records: recordsFile(cloud) };
    this.node = new RealNode({ node, coredns }, files, ZONE, this.nodeHasEnded);
    await this.node.start({ "topology.kubernetes.io/zone": ZONE });
  }

  override async stop(): Promise<void> {
    try {
      await this.node?.stop();
    } finally {
      await super.stop();
    }
  }

  /** Deploys dev with the images of this machine: the engine waits for the pods. */
  deploy(...config: string[]): Promise<Steps> {
    return this.up(...Object.entries(IMAGE_NAMES).map((pair) => pair.join("=")), ...config);
  }

  /** A directory for what a spec writes, which goes with the node. */
  get workspace(): string {
    return this.node!.directory;
  }

  /** The directory that stands for a path of the file system. */
  onFileSystem(place: string): string {
    const { value: id } = this.outputs()["fileSystemId"] as { value: string };
    return path.join(this.workspace, "volumes", "efs.csi.aws.com", id, place);
  }

  /** What the node still has mounted of volumes: a device or a directory, and where. */
  mounts(): string[] {
    return this.node!.mounts();
  }

  /** A workload's pods that aren't being deleted, in the order of their names. */
  pods(namespace: string, app: string): V1Pod[] {
    const { items } = this.kubectl(
      ...["get", "pods", "--namespace", namespace, "--selector", `app.kubernetes.io/name=${app}`, "--output", "json"],
    ) as { items: V1Pod[] };
    return items.filter(({ metadata }) => metadata!.deletionTimestamp === undefined);
  }

  /** What a container has said, or the one before it. */
  logs(pod: V1Pod, container: string, ...more: string[]): string {
    const { namespace, name } = pod.metadata!;
    return this.kubectl("logs", name!, "--namespace", namespace!, "--container", container, ...more) as string;
  }

  exec(pod: V1Pod, container: string, ...command: string[]): string {
    const { namespace, name } = pod.metadata!;
    return this.kubectl("exec", name!, "--namespace", namespace!, "--container", container, "--", ...command) as string;
  }

  /** Starts a command in a container. */
  begin(pod: V1Pod, container: string, ...command: string[]): Started {
    const { namespace, name } = pod.metadata!;
    return this.startKubectl("exec", name!, "--namespace", namespace!, "--container", container, "--", ...command);
  }

  /** As `kubectl`, without keeping this process from anything meanwhile. */
  private startKubectl(...args: string[]): Started {
    return started(this.tools["kubectl"]!, ["--kubeconfig", kubeconfigOf(this.local.cloud), ...args]);
  }

  /** Changes the pods of a workload behind the program's back, and waits until they are the new ones. */
  async change(
    kind: "deployment" | "statefulset",
    name: string,
    namespace: string,
    edit: (pod: V1PodSpec) => void,
  ): Promise<void> {
    const where = [kind, name, "--namespace", namespace];
    const object = this.kubectl("get", ...where, "--output", "json") as { spec: { template: { spec: V1PodSpec } } };
    edit(object.spec.template.spec);
    const file = path.join(this.workspace, "changed.json");
    fs.writeFileSync(file, JSON.stringify(object));
    this.kubectl("replace", "--filename", file);
    const { status, output } = await this.startKubectl("rollout", "status", ...where, "--timeout", "4m").ended;
    if (status !== 0) throw new Error(`${kind} ${name} isn't rolled out: ${output}`);
  }

  /** What the catalog answers, by way of its first pod. */
  async products(): Promise<{ name: string }[]> {
    const [pod] = this.pods("catalog", "catalog");
    const response = await fetch(`http://${pod!.status!.podIP}:8080/catalog/products`);
    if (!response.ok) throw new Error(`the catalog answers ${response.status}: ${await response.text()}`);
    return (await response.json()) as { name: string }[];
  }

  /** Runs the command verify as a person does; into a pipe it prints lines of 80 columns. */
  async verify(): Promise<Ended> {
    const outputs = Object.entries(this.outputs()).flatMap(([name, output]) =>
      output.secret ? [] : [[name, output.value as unknown]],
    );
    const file = path.join(this.workspace, "dev.json");
    fs.writeFileSync(file, JSON.stringify(Object.fromEntries(outputs)));
    const args = ["--outputs", file, "--kubeconfig", kubeconfigOf(this.local.cloud), "--other-volumes", "--disruptive"];
    args.push("--timeout", String(PATIENCE));
    return started(process.execPath, ["commands/start.cjs", "verify", ...args]).ended;
  }
}

/** A program that runs. */
export interface Started {
  /** What it has printed so far, without its errors. */
  output: () => string;
  ended: Promise<Ended>;
}

/** Starts a program in the checkout. */
function started(program: string, args: string[]): Started {
  const child = spawn(program, args, { cwd: CHECKOUT, stdio: ["ignore", "pipe", "pipe"] });
  let [output, both] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (both += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, output: both }));
  });
  return { output: () => output, ended };
}
