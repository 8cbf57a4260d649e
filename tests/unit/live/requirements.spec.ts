import assert from "node:assert/strict";
import type { Machine, Ran } from "../../live/support/machine";
import { whyNotOn } from "../../live/support/requirements";
import { PACKAGES } from "../../live/images/images";

const GIBIBYTE = 1024 ** 3;

/** Of cgroups' first version, as Debian mounts it. */
const MOUNTS = `cgroup /sys/fs/cgroup/memory cgroup rw,relatime,memory 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,relatime,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0
cgroup /sys/fs/cgroup/devices cgroup rw,relatime,devices 0 0
`;
const UNIFIED = "/sys/fs/cgroup/cgroup.controllers";
const BRIDGES = "/proc/sys/net/bridge/bridge-nf-call-iptables";

interface Given extends Partial<Machine> {
  files?: Record<string, string>;
  /** What a program does, by the beginning of its command line, where that isn't to succeed in silence. */
  programs?: Record<string, Partial<Ran>>;
  lackedPackages?: string[];
}

/** A machine on which a real node can be run, but for what is given. */
function machine({ files = {}, programs = {}, lackedPackages = [], ...given }: Given = {}): Machine {
  const there: Record<string, string> = { "/proc/mounts": MOUNTS, ...files };
  const installed = PACKAGES.filter((name) => !lackedPackages.includes(name)).map((name) => `${name} installed\n`);
  const said: Record<string, Partial<Ran>> = { "dpkg-query": { output: installed.join("") }, ...programs };
  return {
    ...{ platform: "linux", isRoot: true, workspace: "/tmp", memory: 8 * GIBIBYTE },
    read: (file) => there[file],
    run: (...words) => {
      const line = words.join(" ");
      const [, ran] = Object.entries(said).find(([begin]) => line.startsWith(begin) || line.endsWith(begin)) ?? [];
      return { status: 0, output: "", errors: "", ...ran };
    },
    refusesCgroup: () => undefined,
    ...given,
  };
}

const lacks = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`command -v "$1" sh ${name}`, { status: 127 }]));

describe("what a real node needs of a machine", () => {
  const reasons = (given: Given) => whyNotOn(machine(given));

  it("is there on Debian as root, with cgroups of either version", () => {
    assert.deepEqual(reasons({}), []);
    const files = { "/proc/mounts": "", [UNIFIED]: "cpuset cpu io memory hugetlb pids rdma\n" };
    assert.deepEqual(reasons({ files }), []);
  });

  const cases: [what: string, given: Given, reason: RegExp][] = [
    ["another system", { platform: "darwin" }, /^containers need Linux, and this is darwin: run it on Linux/],
    ["an ordinary user", { isRoot: false }, /root alone may: sudo env "PATH=\$PATH" npm run test:live$/],
    [
      "another distribution",
      { programs: { "dpkg-query": { status: null } } },
      /^the images are made of Debian's packages, and there is no dpkg-query: run it on Debian$/,
    ],
    [
      "no runc on PATH",
      { programs: lacks("runc") },
      /^packages of Debian's are missing: apt-get install --yes --no-remove runc\n/,
    ],
    [
      "a runc without containerd's client, and no mkfs",
      { programs: lacks("ctr", "mkfs.ext4") },
      /--no-remove containerd e2fsprogs\n/,
    ],
    [
      "the nginx of nginx.org, which is one package",
      { lackedPackages: ["nginx-common"] },
      /--no-remove nginx-common\nWhere that would remove others, such as the nginx of nginx\.org/,
    ],
    [
      "too little memory",
      { memory: 1.25 * GIBIBYTE },
      /^2\.0 GiB of memory are needed, and 1\.3 GiB are free: end other programs$/,
    ],
    [
      "the first version without a controller",
      { files: { "/proc/mounts": MOUNTS.replace("rw,relatime,cpuset", "rw") } },
      /^\/sys\/fs\/cgroup lacks cgroup controllers: cpuset\. Mount them, /,
    ],
    [
      "the second version, in a container that is given two",
      { files: { [UNIFIED]: "memory pids\n" } },
      /lacks cgroup controllers: cpu, cpuset\..* docker run --privileged --cgroupns=host$/,
    ],
    [
      "cgroups that are read-only",
      { refusesCgroup: () => "EROFS: read-only file system, mkdir '/sys/fs/cgroup/ekslive'" },
      /^a cgroup can't be made \(EROFS: .*\): mount \/sys\/fs\/cgroup writable; in a container/,
    ],
    [
      "no namespaces",
      { programs: { "--fork sh -c true": { status: 1, errors: "unshare failed: Operation not permitted" } } },
      /^namespaces can't be made \(unshare failed: Operation not permitted\): in a container, this takes docker run/,
    ],
    [
      "no overlay on an overlay",
      { programs: { "workdir=work over": { status: 32, errors: "mount: wrong fs type" } } },
      /^an overlay can't be mounted \(mount: wrong fs type\): modprobe overlay, or a TMPDIR on ext4 or xfs/,
    ],
    [
      "no loop devices",
      { programs: { "mount -o loop disk mounted": { status: 32, errors: "failed to setup loop device" } } },
      /^a file's own file system can't be mounted \(failed to setup loop device\): modprobe loop/,
    ],
    [
      "no bridges",
      { programs: { "ip link set e0 master b0": { status: 2 } } },
      /^a network bridge can't be made \(no reason given\): modprobe --all bridge veth/,
    ],
    [
      "a firewall that lets nobody in",
      { programs: { "iptables --list-rules INPUT": { output: "-P INPUT DROP\n-A INPUT -j ufw-before-input\n" } } },
      /DROP\): iptables --insert INPUT --in-interface ekslive\+ --jump ACCEPT$/,
    ],
    [
      "Docker, which has nothing forwarded",
      {
        files: { [BRIDGES]: "1\n" },
        programs: { "iptables --list-rules FORWARD": { output: "-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n" } },
      },
      /policy of FORWARD is DROP\): iptables --insert FORWARD --in-interface ekslive\+ --out-interface ekslive\+ --jump ACCEPT$/,
    ],
  ];
  for (const [what, given, reason] of cases) {
    it(`isn't there with ${what}`, () => {
      const [why, ...others] = reasons(given);
      assert.match(why ?? "nothing is said", reason);
      assert.deepEqual(others, []);
    });
  }

  it("is there in spite of Docker where packets between a bridge's ends aren't filtered, or ours are let through", () => {
    const docker = "-P FORWARD DROP\n";
    const forward = (output: string) => ({ "iptables --list-rules FORWARD": { output } });
    assert.deepEqual(reasons({ programs: forward(docker) }), []);
    // As iptables lists what the reason says to insert.
    const mended = `${docker}-A FORWARD -i ekslive+ -o ekslive+ -j ACCEPT\n`;
    assert.deepEqual(reasons({ files: { [BRIDGES]: "1\n" }, programs: forward(mended) }), []);
  });

  it("is said all at once, but for what only root could try, and what has no program to try it", () => {
    const programs = { ...lacks("ip"), "ip link set e0 master b0": { status: 127 } };
    const given = { memory: 0, files: { "/proc/mounts": "" }, programs };
    assert.equal(reasons(given).length, 3);
    assert.equal(reasons({ ...given, isRoot: false, refusesCgroup: () => "EACCES" }).length, 4);
  });
});
