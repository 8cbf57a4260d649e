import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { controlPlaneFile, readControlPlane, writeControlPlane } from "./cloud";
import { alive, ended } from "./processes";
import { progress, UserError } from "./terminal";
import type { Tools } from "./tools";

/** The simulated kubelet's own rules for nodes and pods. */
const STAGES = path.join(__dirname, "agent", "stages.yaml");

/** How long a control plane may take to be ready, in seconds: 3 to 5 is usual on 2 cores. */
const WAIT = "90s";

/** Without an address kwokctl listens on all of the machine's. */
const CONFIGURATION = `apiVersion: config.kwok.x-k8s.io/v1alpha1
kind: KwokctlConfiguration
options:
  bindAddress: 127.0.0.1
`;

/** A kubeconfig for this cloud alone: the user's own, and its current context, are never touched. */
export const kubeconfigOf = (cloud: string): string => path.join(cloud, "kubeconfig");

const NAME = "local";

const workDirectory = (cloud: string) => path.join(cloud, "kwok");

const clusterDirectory = (cloud: string) => path.join(workDirectory(cloud), "clusters", NAME);

/** Whether a control plane was made here; it may be stopped. */
export const hasControlPlane = (cloud: string): boolean => fs.existsSync(controlPlaneFile(cloud));

/** @throws UserError when nothing of this stack was ever deployed here. */
export function deployed(cloud: string): void {
  if (hasControlPlane(cloud)) return;
  const stack = path.basename(cloud);
  throw new UserError(`${stack} isn't deployed on this machine. To deploy it: npm run up:local -- --stack ${stack}`);
}

/** Whether the API server takes connections. */
export async function reachable(cloud: string): Promise<boolean> {
  if (!hasControlPlane(cloud)) return false;
  const { hostname, port } = new URL(readControlPlane(cloud).server);
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), hostname);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Makes the control plane of a cloud, or starts what of it doesn't run: a stopped one still has its data. */
export async function startControlPlane(cloud: string, tools: Tools): Promise<void> {
  const known = hasControlPlane(cloud);
  const title = `${known ? "Checking" : "Making"} the Kubernetes ${tools.version} control plane (usually 1 to 5 s)`;
  const start = () => kwokctl(cloud, tools, "start", ["--wait", WAIT]);
  await progress(title, () => (known ? start() : create(cloud, tools)));
}

async function create(cloud: string, tools: Tools): Promise<void> {
  // What an interrupted command left behind was never in use: the address is written last.
  await removeControlPlane(cloud, tools);
  fs.mkdirSync(cloud, { recursive: true });
  const configuration = path.join(cloud, "kwok.yaml");
  fs.writeFileSync(configuration, CONFIGURATION);
  const components = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller"];
  await kwokctl(cloud, tools, "create", [
    ...["--runtime", "binary", "--wait", WAIT, "--kubeconfig", kubeconfigOf(cloud), "--config", configuration],
    ...(fs.existsSync(STAGES) ? ["--config", STAGES] : []),
    ...components.flatMap((name) => [`--${name}-binary`, tools.paths[name.replace("kwok-controller", "kwok")]!]),
  ]);
  const base64 = (file: string) => fs.readFileSync(path.join(clusterDirectory(cloud), "pki", file)).toString("base64");
  writeControlPlane(cloud, {
    server: /server: (\S+)/.exec(fs.readFileSync(kubeconfigOf(cloud), "utf8"))![1]!,
    certificateAuthorityData: base64("ca.crt"),
    clientCertificateData: base64("admin.crt"),
    clientKeyData: base64("admin.key"),
  });
}

/** Stops the control plane, and waits for its processes to be gone, as kwokctl does not; its data stays. */
export async function stopControlPlane(cloud: string, tools: Tools): Promise<void> {
  const directory = path.join(clusterDirectory(cloud), "pids");
  if (!fs.existsSync(directory)) return;
  const files = fs.readdirSync(directory).map((file) => path.join(directory, file));
  const pids = files.map((file) => Number(fs.readFileSync(file, "utf8"))).filter(alive);
  await kwokctl(cloud, tools, "stop", []);
  await ended(pids);
}

/** Removes the control plane with all that is in it, as AWS does with a deleted cluster's. */
export async function removeControlPlane(cloud: string, tools: Tools): Promise<void> {
  await stopControlPlane(cloud, tools).catch(() => {});
  fs.rmSync(controlPlaneFile(cloud), { force: true });
  fs.rmSync(workDirectory(cloud), { recursive: true, force: true });
}

async function kwokctl(cloud: string, tools: Tools, verb: string, args: string[]): Promise<void> {
  const env = { ...process.env, KWOK_WORKDIR: workDirectory(cloud), KUBECONFIG: kubeconfigOf(cloud) };
  try {
    await promisify(execFile)(tools.paths.kwokctl!, [verb, "cluster", "--name", NAME, ...args], { env });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    throw new UserError(
      `kwokctl could not ${verb} the control plane; it said:\n${said.trim().split("\n").slice(-5).join("\n")}\n` +
        `Its logs are in ${path.join(clusterDirectory(cloud), "logs")}. Try again; to begin anew, remove ${cloud}.`,
    );
  }
}
