import * as fs from "node:fs";
import { CGROUPS } from "./cgroups";
import { PREFIX, thisMachine } from "./machine";

/** What containers and a kubelet change of a machine, where nobody keeps them from it. */
const SETTINGS = [
  ...["net/ipv4/ip_forward", "vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops"],
  ...["kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes"],
];

const DIRECTORIES = [
  ...["/etc/cni", "/opt/cni", "/opt/containerd", "/run/containerd", "/usr/libexec/kubernetes", "/var/lib/cni"],
  ...["/var/lib/containerd", "/var/lib/kubelet", "/var/log/containers", "/var/log/pods"],
];

/** Whether a line names another run's node: each has its process in its name. */
const isOfOthers = (line: string): boolean =>
  [...line.matchAll(new RegExp(`${PREFIX}(\\d+)`, "g"))].some(([, pid]) => Number(pid) !== process.pid);

/** What a program prints; nothing where there is no such program. */
function linesOf(program: string, ...args: string[]): string[] {
  const { output } = thisMachine().run(program, ...args);
  return output.split("\n").filter((it) => it !== "" && !isOfOthers(it));
}

/** What a node may have left on the machine, to be compared with what there was before. */
export function traces() {
  // Counters and times apart.
  const rules = linesOf("iptables-save").filter((line) => !/^(#|:)/.test(line));
  return {
    settings: SETTINGS.map((name) => `${name}=${fs.readFileSync(`/proc/sys/${name}`, "utf8").trim()}`),
    directories: DIRECTORIES.filter((directory) => fs.existsSync(directory)),
    links: linesOf("ip", "-oneline", "link").map((line) => line.split(": ")[1]),
    loopDevices: linesOf("losetup", "--list", "--noheadings", "--output", "NAME,BACK-FILE"),
    mounts: fs.readFileSync("/proc/mounts", "utf8").split("\n"),
    cgroups: fs
      .readdirSync(CGROUPS, { recursive: true, encoding: "utf8" })
      .filter((it) => (it.includes("kubepods") || it.includes(PREFIX)) && !isOfOthers(it)),
    // Of the second version.
    controllers: thisMachine().read(`${CGROUPS}/cgroup.subtree_control`),
    rules,
  };
}
