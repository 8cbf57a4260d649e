import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { ended } from "./processes";
import { readControlPlane, writeControlPlane } from "./cloud";
import { progress, UserError } from "./terminal";
import type { Tools } from "./tools";

/** kwok's own rules for nodes and pods, given to it where this file exists. */
const STAGES = path.join(__dirname, "agent", "stages.yaml");

/** How long a control plane may take to be ready, in seconds: 3 to 5 is usual on 2 cores. */
const WAIT = 90;

/** A kubeconfig of this cloud alone: the user's own, and its current context, are never touched. */
export const kubeconfigOf = (cloud: string): string => path.join(cloud, "kubeconfig");

const workDirectory = (cloud: string) => path.join(cloud, "kwok");

const clusterName = (cloud: string) => path.basename(cloud);

/** Whether a control plane was made here; it may be stopped. */
export const hasControlPlane = (cloud: string): boolean => fs.existsSync(path.join(cloud, "control-plane.json"));

/** Whether the API server takes connections. */
export async function reachable(cloud: string): Promise<boolean> {
  if (!hasControlPlane(cloud)) return false;
  const { hostname, port } = new URL(readControlPlane(cloud).server);
  return new Promise((resolve) => {
    const socket = net.connect({ host: hostname, port: Number(port), timeout: 2000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
    socket.once("timeout", () => end(false));
  });
}

/** Makes the control plane of a cloud, or starts what of it doesn't run: a stopped one has its data still. */
export async function startControlPlane(cloud: string, tools: Tools): Promise<void> {
  const started = hasControlPlane(cloud);
  const title = `${started ? "Starting" : "Making"} the Kubernetes ${tools.version} control plane (usually 1 to 5 s)`;
  await progress(title, () => (started ? start(cloud, tools) : create(cloud, tools)));
}

const start = (cloud: string, tools: Tools) => kwokctl(cloud, tools, ["start", "cluster", "--wait", `${WAIT}s`]);

async function create(cloud: string, tools: Tools): Promise<void> {
  // What an interrupted command left behind was never in use: the address is written last.
  await remove(cloud, tools);
  fs.mkdirSync(cloud, { recursive: true });
  const configuration = path.join(cloud, "kwok.yaml");
  fs.writeFileSync(configuration, CONFIGURATION);
  const binaries = { "kwok-controller": "kwok" };
  const components = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller"];
  await kwokctl(cloud, tools, [
    ...["create", "cluster", "--runtime", "binary", "--wait", `${WAIT}s`, "--kubeconfig", kubeconfigOf(cloud)],
    ...["--config", configuration, ...(fs.existsSync(STAGES) ? ["--config", STAGES] : [])],
    ...components.flatMap((name) => [
      `--${name}-binary`,
      tools.paths[(binaries as Record<string, string>)[name] ?? name]!,
    ]),
  ]);
  const server = /server: (\S+)/.exec(fs.readFileSync(kubeconfigOf(cloud), "utf8"))![1]!;
  const pki = path.join(workDirectory(cloud), "clusters", clusterName(cloud), "pki");
  const base64 = (file: string) => fs.readFileSync(path.join(pki, file)).toString("base64");
  writeControlPlane(cloud, {
    server,
    certificateAuthorityData: base64("ca.crt"),
    clientCertificateData: base64("admin.crt"),
    clientKeyData: base64("admin.key"),
  });
}

/** Without an address of our own kwokctl listens on all of the machine's. */
const CONFIGURATION = `apiVersion: config.kwok.x-k8s.io/v1alpha1
kind: KwokctlConfiguration
options:
  bindAddress: 127.0.0.1
`;

/** Stops the control plane; its data stays. kwokctl doesn't wait for the processes to be gone: this does. */
export async function stopControlPlane(cloud: string, tools: Tools): Promise<void> {
  const directory = path.join(workDirectory(cloud), "clusters", clusterName(cloud), "pids");
  const files = fs.existsSync(directory) ? fs.readdirSync(directory) : [];
  const pids = files.map((file) => Number(fs.readFileSync(path.join(directory, file), "utf8")));
  await kwokctl(cloud, tools, ["stop", "cluster"]);
  await ended(pids);
}

/** Stops what runs of a control plane and forgets its data. */
async function remove(cloud: string, tools: Tools): Promise<void> {
  if (!fs.existsSync(workDirectory(cloud))) return;
  await stopControlPlane(cloud, tools).catch(() => {});
  fs.rmSync(workDirectory(cloud), { recursive: true, force: true });
}

async function kwokctl(cloud: string, tools: Tools, args: string[]): Promise<void> {
  const env = {
    ...process.env,
    KWOK_WORKDIR: workDirectory(cloud),
    KUBECONFIG: kubeconfigOf(cloud),
  };
  try {
    await promisify(execFile)(tools.paths.kwokctl!, [...args, "--name", clusterName(cloud)], { env });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split("\n").slice(-5).map(message).join("\n  ");
    const logs = path.join(workDirectory(cloud), "clusters", clusterName(cloud), "logs");
    throw new UserError(
      `The control plane could not ${args[0]}; kwokctl said:\n  ${said || (error as Error).message}\n` +
        `Its logs: ${logs}\nRemoving ${cloud} forgets this local cloud, and the next up begins anew.`,
    );
  }
}

/** What a line of kwokctl's log says: JSON when nobody watches. */
function message(line: string): string {
  try {
    const entry = JSON.parse(line) as { msg: string; err?: string };
    return entry.err ? `${entry.msg}: ${entry.err}` : entry.msg;
  } catch {
    return line;
  }
}
