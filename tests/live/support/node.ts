import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { alive } from "../../../local/stack/processes";
import type { Tools } from "../../../local/tools/toolSets";
import { images, PAUSE_IMAGE } from "../images/images";
import { writeImage } from "./image";
import {
  containerdConfiguration,
  dnsConfiguration,
  kubeletConfiguration,
  networkConfiguration,
  NODE_SCRIPT,
  type NodePlace,
} from "./nodeFiles";

/** What begins the names of a node's own directory, bridge and cgroups; the process that made it ends them. */
const PREFIX = "ekslive";

const CGROUPS = "/sys/fs/cgroup";

const run = (program: string, ...args: string[]) =>
  execFileSync(program, args, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });

const isOfVersion2 = (hierarchy: string) => fs.existsSync(path.join(hierarchy, "cgroup.controllers"));

/** The hierarchies of cgroups: one for all controllers, or one for each, and then maybe one of the second version without any. */
function hierarchies(): string[] {
  if (isOfVersion2(CGROUPS)) return [CGROUPS];
  const directories = fs.readdirSync(CGROUPS).map((name) => path.join(CGROUPS, name));
  return directories.filter((it) => fs.existsSync(path.join(it, "cgroup.procs")));
}

/** One real node of this machine: containerd, a kubelet, the cluster's DNS, and stand-ins for the drivers' part on a node. */
export class RealNode {
  static readonly NAME = "real-node";
  private readonly place: NodePlace;
  private processes: ChildProcess | undefined;

  constructor(
    private readonly tools: { node: Tools; coredns: Tools },
    cloud: Pick<NodePlace, "certificates" | "kubeconfig" | "records">,
    private readonly zone: string,
  ) {
    const id = `${PREFIX}${process.pid}`;
    // Of the addresses for measurements of networks: https://www.rfc-editor.org/rfc/rfc2544#appendix-C.2.2
    const network = `198.18.${process.pid % 256}`;
    const directory = path.join(os.tmpdir(), id);
    this.place = { id, directory, address: `${network}.1`, subnet: `${network}.0/24`, ...cloud };
  }

  get directory(): string {
    return this.place.directory;
  }

  async start(labels: Record<string, string>): Promise<void> {
    const { directory, id, address } = this.place;
    fs.mkdirSync(path.join(directory, "cni"), { recursive: true });
    fs.chmodSync(directory, 0o711);
    const write = (name: string, content: string | object) =>
      fs.writeFileSync(path.join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
    write("containerd.toml", containerdConfiguration(this.place, PAUSE_IMAGE));
    write("cni/10-pods.conflist", networkConfiguration(this.place));
    write("kubelet.json", kubeletConfiguration(this.place));
    write("Corefile", dnsConfiguration(this.place));
    for (const hierarchy of hierarchies()) makeCgroup(hierarchy, id);
    run("ip", "link", "add", id, "type", "bridge");
    run("ip", "address", "add", `${address}/24`, "dev", id);
    run("ip", "link", "set", id, "up");
    this.launch(labels);
    await this.importImages();
  }

  /** Nothing of it outlives this process, however that ends. */
  private launch(labels: Record<string, string>): void {
    const { directory, address, kubeconfig, records } = this.place;
    const { kubelet, "csi-stand-in": csi } = this.tools.node.paths;
    const env = {
      PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
      DIRECTORY: directory,
      ADDRESS: address,
      KUBECONFIG: kubeconfig,
      RECORDS: records,
      KUBELET: kubelet,
      CSI_STAND_IN: csi,
      COREDNS: this.tools.coredns.paths["coredns"],
      NODE: RealNode.NAME,
      ZONE: this.zone,
      LABELS: Object.entries(labels)
        .map((pair) => pair.join("="))
        .join(","),
    };
    const isolated = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=SIGKILL"];
    const log = fs.openSync(path.join(directory, "node.log"), "a");
    const args = ["--pdeathsig", "SIGKILL", ...isolated, "sh", "-c", NODE_SCRIPT];
    this.processes = spawn("setpriv", args, { env, detached: true, stdio: ["ignore", log, log] });
    fs.closeSync(log);
  }

  private async importImages(): Promise<void> {
    const { directory } = this.place;
    const socket = path.join(directory, "containerd.sock");
    for (let tries = 0; !fs.existsSync(socket); tries += 1) {
      if (tries > 300) throw new Error(`containerd doesn't start: see ${directory}/containerd.log and node.log`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    for (const image of images(this.tools.node)) {
      const archive = writeImage(image, directory);
      run("ctr", "--address", socket, "--namespace", "k8s.io", "images", "import", "--no-unpack", archive);
      fs.rmSync(archive);
    }
  }

  /** The drivers' mounts, as the first process of the node sees them. */
  mounts(): string[] {
    const [first] = fs
      .readFileSync(`/proc/${this.processes!.pid}/task/${this.processes!.pid}/children`, "utf8")
      .split(" ");
    const lines = fs.readFileSync(`/proc/${first}/mounts`, "utf8").split("\n");
    return lines.filter((line) => line.includes(`${this.directory}/kubelet/`) && line.includes("csi"));
  }

  /** Ends all that runs on it, and removes all that is its own. */
  async stop(): Promise<void> {
    const { processes } = this;
    if (processes && processes.exitCode === null && processes.signalCode === null) {
      processes.kill("SIGKILL");
      await once(processes, "exit");
    }
    await removeNode(this.place.id);
  }
}

/** In either version a new group has no resources yet that are its own to give. */
function makeCgroup(hierarchy: string, id: string): void {
  const directory = path.join(hierarchy, id);
  if (hierarchy === CGROUPS)
    fs.writeFileSync(path.join(hierarchy, "cgroup.subtree_control"), "+cpu +cpuset +memory +pids");
  fs.mkdirSync(directory, { recursive: true });
  if (isOfVersion2(hierarchy)) return;
  for (const file of ["cpuset.cpus", "cpuset.mems"].filter((it) => fs.existsSync(path.join(directory, it)))) {
    fs.writeFileSync(path.join(directory, file), fs.readFileSync(path.join(hierarchy, file)));
  }
}

/** Removes a node's bridge, and the pods' ends at it: where a pod was killed with its node, the kernel keeps them for minutes. */
function removeLinks(id: string): void {
  const bridge = path.join("/sys/class/net", id);
  if (!fs.existsSync(bridge)) return;
  const ends = fs.readdirSync(path.join(bridge, "brif"));
  // One that goes by itself meanwhile isn't found.
  for (const end of ends) spawnSync("ip", ["link", "delete", end], { stdio: "ignore" });
  run("ip", "link", "delete", id);
}

/** Removes what a node leaves that its processes don't take with them: its links, its cgroups, its files. */
async function removeNode(id: string): Promise<void> {
  removeLinks(id);
  const directories = [...hierarchies().map((hierarchy) => path.join(hierarchy, id)), path.join(os.tmpdir(), id)];
  for (let tries = 0; ; tries += 1) {
    try {
      for (const directory of directories.slice(0, -1)) removeCgroup(directory);
      fs.rmSync(directories.at(-1)!, { recursive: true, force: true });
      return;
    } catch (error) {
      // The last process of a namespace is gone some time after the first one.
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function removeCgroup(directory: string): void {
  if (!fs.existsSync(directory)) return;
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeCgroup(path.join(directory, entry.name));
  }
  fs.rmdirSync(directory);
}

/** Removes what runs that were killed have left. */
export async function removeLeftovers(): Promise<void> {
  const names = fs.readdirSync(os.tmpdir()).filter((name) => new RegExp(`^${PREFIX}\\d+$`).test(name));
  for (const name of names) if (!alive(Number(name.slice(PREFIX.length)))) await removeNode(name);
}
