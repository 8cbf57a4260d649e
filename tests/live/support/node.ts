import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { alive } from "../../../local/stack/processes";
import type { Tools } from "../../../local/tools/toolSets";
import { images, PAUSE_IMAGE } from "../images/images";
import { makeCgroup, removeCgroup } from "./cgroups";
import { writeImage } from "./image";
import { lastWords } from "./lastWords";
import { PATH, PREFIX, run } from "./machine";
import {
  containerdConfiguration,
  dnsConfiguration,
  ENDED,
  kubeletConfiguration,
  networkConfiguration,
  NODE_SCRIPT,
  type NodePlace,
} from "./nodeFiles";

/** The file in which a node's directory has the controllers that the machine has given to cgroups before. */
const CONTROLLERS = "controllers";

/** One real node of this machine: containerd, a kubelet, the cluster's DNS, and stand-ins for the drivers' part on a node. */
export class RealNode {
  static readonly NAME = "real-node";
  private readonly place: NodePlace;
  private processes: ChildProcess | undefined;
  /** Whether its end is meant, or told already. */
  private isEnd = false;

  /** @param hasEnded called if one of its programs ends while it should run: with that one's last words. */
  constructor(
    private readonly tools: { node: Tools; coredns: Tools },
    cloud: Pick<NodePlace, "certificates" | "kubeconfig" | "records">,
    private readonly zone: string,
    private readonly hasEnded: (why: string) => void,
  ) {
    const id = `${PREFIX}${process.pid}`;
    // Of the addresses for measurements of networks: https://www.rfc-editor.org/rfc/rfc2544#appendix-C.2.2
    const network = `198.18.${process.pid % 256}`;
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), `${id}-`));
    this.place = { id, directory, address: `${network}.1`, subnet: `${network}.0/24`, ...cloud };
  }

  get directory(): string {
    return this.place.directory;
  }

  async start(labels: Record<string, string>): Promise<void> {
    const { directory, id, address } = this.place;
    fs.mkdirSync(path.join(directory, "cni"));
    // Pods' users go through it to their volumes.
    fs.chmodSync(directory, 0o711);
    const write = (name: string, content: string | object) =>
      fs.writeFileSync(path.join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
    write("containerd.toml", containerdConfiguration(this.place, PAUSE_IMAGE));
    write("cni/10-pods.conflist", networkConfiguration(this.place));
    write("kubelet.json", kubeletConfiguration(this.place));
    write("Corefile", dnsConfiguration(this.place));
    write(CONTROLLERS, makeCgroup(id).join(" "));
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
      PATH,
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
    this.processes.once("exit", () => {
      if (this.isEnd) return;
      this.isEnd = true;
      this.hasEnded(lastWords(directory));
    });
  }

  private async importImages(): Promise<void> {
    const { directory } = this.place;
    const socket = path.join(directory, "containerd.sock");
    for (let tries = 0; !fs.existsSync(socket); tries += 1) {
      if (tries > 300 || this.isGone()) throw new Error(`containerd doesn't start. ${lastWords(directory)}`);
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
    const { processes, directory, isEnd } = this;
    this.isEnd = true;
    // What fails for it may be noticed before its end is.
    if (!isEnd && fs.existsSync(path.join(directory, ENDED))) console.error(`\n${lastWords(directory)}`);
    if (processes && !this.isGone()) {
      processes.kill("SIGKILL");
      await once(processes, "exit");
    }
    await removeNode(this.place.id, directory);
  }

  private isGone(): boolean {
    return this.processes !== undefined && (this.processes.exitCode ?? this.processes.signalCode) !== null;
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
async function removeNode(id: string, directory: string): Promise<void> {
  removeLinks(id);
  const file = path.join(directory, CONTROLLERS);
  const given = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split(" ") : undefined;
  for (let tries = 0; ; tries += 1) {
    try {
      removeCgroup(id, given);
      fs.rmSync(directory, { recursive: true, force: true });
      return;
    } catch (error) {
      // The last process of a namespace is gone some time after the first one.
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

/** Removes what runs that were killed have left. */
export async function removeLeftovers(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const [, id, pid] = new RegExp(`^(${PREFIX}(\\d+))-\\w{6}$`).exec(name) ?? [];
    if (id !== undefined && !alive(Number(pid))) await removeNode(id, path.join(os.tmpdir(), name));
  }
}
