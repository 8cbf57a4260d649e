import { PACKAGES } from "../images/images";
import { CGROUPS } from "./cgroups";
import { type Machine, PREFIX } from "./machine";

/** What begins the names of what is tried: as those of a node, which the next run removes. */
const OWN = `${PREFIX}${process.pid}`;

/** How a suite ends that can't be run here: it is neither passed nor failed. Automake's number for it. */
export const NOT_RUN = 77;

/** Programs by the package of Debian's that has them; from elsewhere they do as well. */
const PROGRAMS: Record<string, string[]> = {
  containerd: ["containerd", "ctr"],
  runc: ["runc"],
  // Containerd looks for them there.
  "containernetworking-plugins": ["bridge", "host-local", "loopback"].map((name) => `/usr/lib/cni/${name}`),
  iproute2: ["ip"],
  e2fsprogs: ["mkfs.ext4"],
  "util-linux": ["unshare", "setpriv"],
};

/** What the node, the control plane, the engine and the pods may take, in bytes: 1.4 GiB at most were seen. */
const MEMORY = 2 * 1024 ** 3;

const PRIVILEGES = "in a container, this takes docker run --privileged --cgroupns=host";

/** Why a real node can't be run on a machine, all of it, and how to mend each; nothing where it can. */
export function whyNotOn(machine: Machine): string[] {
  const { platform, isRoot } = machine;
  if (platform !== "linux") return [`containers need Linux, and this is ${platform}: run it on Linux, real or virtual`];
  const needed = [packages, memory, controllers, ...(isRoot ? [trials, cgroups, firewall] : [root])];
  return needed.flatMap((why) => why(machine));
}

const root = (): string[] => [
  'a node mounts, and makes network interfaces and cgroups, which root alone may: sudo env "PATH=$PATH" npm run test:live',
];

const has = ({ run }: Machine, program: string): boolean =>
  run("sh", "-c", 'command -v "$1"', "sh", program).status === 0;

function packages(machine: Machine): string[] {
  const { status, output } = machine.run(
    "dpkg-query",
    "--show",
    "--showformat=${Package} ${db:Status-Status}\n",
    ...PACKAGES,
  );
  if (status === null)
    return ["the images are made of Debian's packages, and there is no dpkg-query: run it on Debian"];
  const installed = output.split("\n");
  const ofImages = PACKAGES.filter((name) => !installed.includes(`${name} installed`));
  const ofPrograms = Object.entries(PROGRAMS).filter(([, programs]) => !programs.every((it) => has(machine, it)));
  const missing = [...ofPrograms.map(([name]) => name), ...ofImages];
  if (missing.length === 0) return [];
  return [
    `packages of Debian's are missing: apt-get install --yes --no-remove ${missing.join(" ")}\n` +
      "Where that would remove others, such as the nginx of nginx.org or MySQL's server, run it on another machine",
  ];
}

function memory({ memory: available }: Machine): string[] {
  const inGibibytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
  if (available >= MEMORY) return [];
  return [`${inGibibytes(MEMORY)} of memory are needed, and ${inGibibytes(available)} are free: end other programs`];
}

/**
 * What a kubelet needs of the first version (https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/kubelet/cm/container_manager_linux.go),
 * and runc of it (https://github.com/opencontainers/runc/blob/v1.1.5/libcontainer/cgroups/fs/fs.go).
 */
const OF_VERSION_1 = ["cpu", "cpuacct", "cpuset", "devices", "memory"];

/** What limits of pods need of the second one; it has devices without a controller. */
const OF_VERSION_2 = ["cpu", "cpuset", "memory", "pids"];

function controllers({ read }: Machine): string[] {
  const unified = read(`${CGROUPS}/cgroup.controllers`)?.split(/\s+/);
  const mounted = (read("/proc/mounts") ?? "").split("\n").map((line) => line.split(" "));
  const found = unified ?? mounted.flatMap(([, , type, options = ""]) => (type === "cgroup" ? options.split(",") : []));
  const missing = (unified ? OF_VERSION_2 : OF_VERSION_1).filter((it) => !found.includes(it));
  if (missing.length === 0) return [];
  return [
    `${CGROUPS} lacks cgroup controllers: ${missing.join(", ")}. Mount them, or take cgroup_disable out of the ` +
      `kernel's command line; ${PRIVILEGES}`,
  ];
}

/** What a node does to a machine, tried in a directory and in namespaces of its own. */
interface Trial {
  what: string;
  /** The program without which `packages` has said enough. */
  program: string;
  namespaces: string[];
  script: string;
  mend: string;
}

const TRIALS: Trial[] = [
  {
    what: "namespaces can't be made",
    program: "unshare",
    namespaces: ["--mount", "--pid", "--fork"],
    script: "true",
    mend: PRIVILEGES,
  },
  {
    what: "an overlay can't be mounted",
    program: "unshare",
    namespaces: ["--mount"],
    script: "mkdir low up work over && mount -t overlay overlay -o lowerdir=low,upperdir=up,workdir=work over",
    mend: `modprobe overlay, or a TMPDIR on ext4 or xfs; ${PRIVILEGES}`,
  },
  {
    what: "a file's own file system can't be mounted",
    program: "mkfs.ext4",
    namespaces: ["--mount"],
    script: "truncate --size 4M disk && mkfs.ext4 -q -F disk && mkdir mounted && mount -o loop disk mounted",
    mend: `modprobe loop; ${PRIVILEGES}`,
  },
  {
    what: "a network bridge can't be made",
    program: "ip",
    namespaces: ["--net"],
    script: "ip link add b0 type bridge && ip link add e0 type veth peer name e1 && ip link set e0 master b0",
    mend: `modprobe --all bridge veth; ${PRIVILEGES}`,
  },
];

/** Runs its arguments in an empty directory, in namespaces. */
const TRIED = `d=$(mktemp -d "$0/${OWN}-XXXXXX") || exit
cd "$d" && unshare "$@"
status=$?
rm -rf "$d"
exit "$status"`;

function trials(machine: Machine): string[] {
  const { run, workspace } = machine;
  return TRIALS.filter(({ program }) => has(machine, program)).flatMap(({ what, namespaces, script, mend }) => {
    const { status, errors } = run("sh", "-c", TRIED, workspace, ...namespaces, "sh", "-c", script);
    return status === 0 ? [] : [`${what} (${errors || "no reason given"}): ${mend}`];
  });
}

function cgroups({ refusesCgroup }: Machine): string[] {
  const refusal = refusesCgroup(OWN);
  return refusal === undefined ? [] : [`a cgroup can't be made (${refusal}): mount ${CGROUPS} writable; ${PRIVILEGES}`];
}

/**
 * Whether pods reach each other and the node's DNS. Docker has everything dropped that is forwarded, and Ubuntu's firewall all that
 * comes in: https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-on-a-router. Between the ends of a bridge
 * packets are forwarded only where br_netfilter says so: https://docs.kernel.org/networking/bridge.html#netfilter
 */
function firewall({ run, read }: Machine): string[] {
  const bridges = `${PREFIX}+`;
  const isFiltered = read("/proc/sys/net/bridge/bridge-nf-call-iptables")?.trim() === "1";
  const ways: [chain: string, rule: string, interfaces: string][] = [
    ["INPUT", `-i ${bridges}`, `--in-interface ${bridges}`],
    ["FORWARD", `-i ${bridges} -o ${bridges}`, `--in-interface ${bridges} --out-interface ${bridges}`],
  ];
  return ways.flatMap(([chain, rule, interfaces]) => {
    if (chain === "FORWARD" && !isFiltered) return [];
    const rules = run("iptables", "--list-rules", chain).output.split("\n");
    if (!rules.includes(`-P ${chain} DROP`) || rules.includes(`-A ${chain} ${rule} -j ACCEPT`)) return [];
    return [
      `iptables drops what pods send (the policy of ${chain} is DROP): iptables --insert ${chain} ${interfaces} --jump ACCEPT`,
    ];
  });
}
