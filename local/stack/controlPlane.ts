import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { credential, VERSIONS } from "../aws/eks/credential";
import { progress, UserError } from "../cli/terminal";
import { controlPlaneApi } from "../kubernetes/client";
import { SIMULATED } from "../nodes/simulated";
import type { Tools } from "../tools/toolSets";
import { startAgent } from "./agent";
import {
  clusterDirectory,
  endedOf,
  listens,
  NAME,
  notListening,
  portsOf,
  running,
  workDirectory,
} from "./controlPlaneProcesses";
import { controlPlaneFile, credentialFile, readControlPlane, writeControlPlane } from "./directory";
import { ended, endingWithUs, FEWER_COLLECTIONS } from "./processes";

/** The simulated kubelet's own rules for nodes and pods. */
const STAGES = path.join(__dirname, "..", "nodes", "stages.yaml");

/** How long a control plane may take to be ready, in seconds: 3 to 5 is usual on 2 cores. */
const WAIT = "90s";

/** What listens, by kwokctl's names for their ports. */
const LISTENERS = ["kubeApiserver", "etcd", "etcdPeer", "kubeControllerManager", "kubeScheduler", "kwokController"];

/** Ports that stacks take, six each: below those that systems give to outgoing connections. */
const PORTS = { first: 21_000, stacks: 1500 };

/**
 * kwokctl would listen on all of the machine's addresses, and take the highest ports that are free now: those of another
 * stack that is stopped for the moment. A stack has ports of its own, by its directory's name.
 */
async function configuration(cloud: string): Promise<string> {
  const slot = createHash("sha256").update(cloud).digest().readUInt16BE() % PORTS.stacks;
  for (let tried = 0; tried < PORTS.stacks; tried += 1) {
    const first = PORTS.first + ((slot + tried) % PORTS.stacks) * LISTENERS.length;
    const inUse = await Promise.all(LISTENERS.map((_, index) => listens(first + index)));
    if (inUse.some(Boolean)) continue;
    const ports = LISTENERS.map((name, index) => `  ${name}Port: ${first + index}\n`);
    return `apiVersion: config.kwok.x-k8s.io/v1alpha1\nkind: KwokctlConfiguration\noptions:\n  bindAddress: 127.0.0.1\n${ports.join("")}${patches(cloud)}`;
  }
  throw new UserError(`No six ports in a row are free on 127.0.0.1 from ${PORTS.first} on, for a control plane.`);
}

/**
 * What kwokctl leaves out: that kwok simulates the nodes that are marked so, and no others, and how the API server signs in to a
 * kubelet that asks for it; and that nothing stands for an election.
 */
export function patches(cloud: string): string {
  const certificate = path.join(certificatesOf(cloud), "admin");
  const args = {
    "kwok-controller": {
      "manage-all-nodes": "false",
      "manage-nodes-with-annotation-selector": Object.entries(SIMULATED)[0]!.join("="),
    },
    "kube-apiserver": {
      "kubelet-client-certificate": `${certificate}.crt`,
      "kubelet-client-key": `${certificate}.key`,
      // A real node's name means something to its cluster alone.
      "kubelet-preferred-address-types": "InternalIP,Hostname",
    },
    // Each is the only one. On a busy machine it would lose its own lease, and end. A claim that comes before its volume is
    // looked at again after that period: after 15 s by default.
    // https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
    "kube-controller-manager": { "leader-elect": "false", "pvclaimbinder-sync-period": "1s" },
    "kube-scheduler": { "leader-elect": "false" },
  };
  const componentsPatches = Object.entries(args).map(([name, values]) => ({
    name,
    // kwokctl overrides what it gives itself, and adds what it doesn't.
    extraArgs: Object.entries(values).map(([key, value]) => ({ key, value, override: key === "manage-all-nodes" })),
  }));
  return `componentsPatches: ${JSON.stringify(componentsPatches)}\n`;
}

/** A kubeconfig for this cloud alone: the user's own, and its current context, are never touched. */
export const kubeconfigOf = (cloud: string): string => path.join(cloud, "kubeconfig");

/** Where the control plane's certificates are: its authority's is `ca.crt`. */
export const certificatesOf = (cloud: string): string => path.join(clusterDirectory(cloud), "pki");

/** Whether a control plane was created here; it may be stopped. */
export const hasControlPlane = (cloud: string): boolean => fs.existsSync(controlPlaneFile(cloud));

/** @param up The command that deploys it. */
export const notDeployed = (name: string, up: string): UserError =>
  new UserError(`${name} isn't deployed on this machine. To deploy it: ${up}`);

/** @throws UserError when nothing of this environment was ever deployed here. */
export function checkDeployed(cloud: string): void {
  const stack = path.basename(cloud);
  if (!hasControlPlane(cloud)) throw notDeployed(stack, `npm run up:local -- --stack ${stack}`);
}

/** Whether all of the control plane runs, its agent too, and takes connections. */
export async function reachable(cloud: string): Promise<boolean> {
  if (!hasControlPlane(cloud) || endedOf(cloud).length > 0) return false;
  return listens(Number(new URL(readControlPlane(cloud).server).port));
}

async function killAll(cloud: string): Promise<void> {
  const pids = [...running(cloud).values()];
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await ended(pids);
}

/**
 * What kwokctl doesn't see by itself: a process of its own that it hasn't recorded, a recorded id that another program has
 * by now, and a port on which another program listens: it would wait for that one, for minutes.
 */
async function repairProcesses(cloud: string): Promise<void> {
  // Controllers that have lost the API server end by themselves, some time later: they start anew with it.
  if (!["etcd", "kube-apiserver"].every((component) => running(cloud).has(component))) await killAll(cloud);
  const pids = running(cloud);
  for (const [component, ports] of portsOf(cloud)) {
    const [file, pid] = [path.join(clusterDirectory(cloud), "pids", `${component}.pid`), pids.get(component)];
    if (pid) fs.writeFileSync(file, String(pid));
    else fs.rmSync(file, { force: true });
    for (const port of pid ? [] : ports) {
      if (!(await listens(port))) continue;
      throw new UserError(
        `Port ${port} of 127.0.0.1, on which the ${component} of this stack listens,\nis taken by another program. ` +
          `Find it (ss -ltnp "sport = :${port}", or lsof -i :${port}),\nend it, and run this command again.\n` +
          `Or begin anew, without what the stack holds: remove ${cloud}.`,
      );
    }
  }
}

/** Notes once a second what the start of a control plane waits for, and that the machine is busy where it is. */
async function noting(cloud: string, note: (detail: string) => void, start: Promise<void>): Promise<void> {
  const look = async () => {
    const component = await notListening(cloud);
    const [load, processors] = [os.loadavg()[0]!, os.availableParallelism()];
    const busy = load > processors ? `, load ${load.toFixed(1)} on ${processors} processors` : "";
    note(`${component ? `waiting for ${component}` : "kwokctl works"}${busy}`);
  };
  const timer = setInterval(() => void look(), 1000);
  return start.finally(() => clearInterval(timer));
}

/**
 * Creates the control plane of a cloud, or starts what of it doesn't run, and its nodes' agent: a stopped one still has its
 * data.
 *
 * @param show shows how it goes on.
 */
export async function startControlPlane(cloud: string, tools: Tools, show: typeof progress = progress): Promise<void> {
  // kwokctl takes most of a second to see the same.
  if (await reachable(cloud)) return writeCredentials(cloud);
  const known = hasControlPlane(cloud);
  if (known) await repairProcesses(cloud);
  const hadNodes = !known || running(cloud).has("kwok-controller");
  const start = () => (known ? kwokctl(cloud, tools, "start", ["--wait", WAIT]) : create(cloud, tools));
  const title = `${known ? "Checking" : "Creating"} the control plane (usually 1 to 5 s)`;
  await show(title, (note) => noting(cloud, note, start()));
  writeCredentials(cloud);
  if (!hadNodes) await releaseNodes(cloud);
  startAgent(cloud);
}

/** What `aws eks get-token` prints (local/aws/cli/aws.sh). */
export function writeCredentials(cloud: string): void {
  for (const version of VERSIONS) {
    const answer = JSON.stringify(credential(readControlPlane(cloud), version));
    fs.writeFileSync(credentialFile(cloud, version), answer, { mode: 0o600 });
  }
}

/** A kwok that was killed holds its nodes for 200 s, in which the next one lets no pod of theirs start or go. */
async function releaseNodes(cloud: string): Promise<void> {
  const api = controlPlaneApi(readControlPlane(cloud));
  const leases = { apiVersion: "coordination.k8s.io/v1", kind: "Lease" };
  for (const { metadata } of await api.list({ ...leases, namespace: "kube-node-lease" })) {
    await api.delete({ ...leases, namespace: metadata.namespace, name: metadata.name });
  }
}

async function create(cloud: string, tools: Tools): Promise<void> {
  // What an interrupted command left behind was never in use: the address is written last.
  await removeControlPlane(cloud);
  fs.mkdirSync(cloud, { recursive: true });
  const file = path.join(cloud, "kwok.yaml");
  fs.writeFileSync(file, await configuration(cloud));
  const binaries = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok-controller"];
  await kwokctl(cloud, tools, "create", [
    ...["--runtime", "binary", "--wait", WAIT, "--kubeconfig", kubeconfigOf(cloud), "--config", file],
    ...(fs.existsSync(STAGES) ? ["--config", STAGES] : []),
    ...binaries.flatMap((name) => [`--${name}-binary`, tools.paths[name.replace("kwok-controller", "kwok")]!]),
  ]);
  const base64 = (file: string) => fs.readFileSync(path.join(certificatesOf(cloud), file)).toString("base64");
  writeControlPlane(cloud, {
    server: /server: (\S+)/.exec(fs.readFileSync(kubeconfigOf(cloud), "utf8"))![1]!,
    certificateAuthorityData: base64("ca.crt"),
    clientCertificateData: base64("admin.crt"),
    clientKeyData: base64("admin.key"),
  });
}

/** Stops the control plane, and waits for its processes to be gone, as kwokctl does not; its data stays. */
export async function stopControlPlane(cloud: string, tools: Tools): Promise<void> {
  const pids = [...running(cloud).values()];
  if (pids.length > 0) await kwokctl(cloud, tools, "stop", []);
  await ended(pids);
}

/** Removes the control plane with all that is in it, as AWS does with a deleted cluster's. */
export async function removeControlPlane(cloud: string): Promise<void> {
  await killAll(cloud);
  for (const file of [controlPlaneFile(cloud), ...VERSIONS.map((version) => credentialFile(cloud, version))])
    fs.rmSync(file, { force: true });
  fs.rmSync(workDirectory(cloud), { recursive: true, force: true });
}

async function kwokctl(cloud: string, tools: Tools, verb: string, args: string[]): Promise<void> {
  const own = { KWOK_WORKDIR: workDirectory(cloud), KUBECONFIG: kubeconfigOf(cloud) };
  const env = { ...process.env, ...FEWER_COLLECTIONS, ...own };
  try {
    const run = promisify(execFile)(tools.paths.kwokctl!, [verb, "cluster", "--name", NAME, ...args], { env });
    await endingWithUs(run.child, run);
  } catch (error) {
    const said = (error as { stderr?: string }).stderr || (error as Error).message;
    throw new UserError(
      `kwokctl could not ${verb} the control plane; it said:\n${said.trim().split("\n").slice(-5).join("\n")}\n` +
        `Its logs are in ${path.join(clusterDirectory(cloud), "logs")}. Try again; to begin anew, remove ${cloud}.`,
    );
  }
}
