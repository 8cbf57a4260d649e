import { spawnSync } from "node:child_process";
import * as fs from "node:fs";

/** How a suite ends that can't be run here: it is neither passed nor failed. Automake's number for it. */
export const NOT_RUN = 77;

/** Programs by the package of Debian's that has them. */
const PROGRAMS: Record<string, string[]> = {
  containerd: ["/usr/bin/containerd", "/usr/bin/ctr"],
  runc: ["/usr/sbin/runc"],
  "containernetworking-plugins": ["/usr/lib/cni/bridge", "/usr/lib/cni/host-local", "/usr/lib/cni/loopback"],
  iproute2: ["/sbin/ip"],
  e2fsprogs: ["/sbin/mkfs.ext4"],
  "nginx-light": ["/usr/sbin/nginx"],
  "mariadb-server-core": ["/usr/sbin/mariadbd"],
  "mariadb-client": ["/usr/bin/mariadb-admin"],
};

/** Why a real node can't be run here, all of it; nothing where it can. */
export function whyNotHere(): string[] {
  if (process.platform !== "linux") return [`containers need Linux, and this is ${process.platform}`];
  if (process.getuid!() !== 0) return ["a node mounts, and makes network interfaces and cgroups: it needs root"];
  if (!fs.existsSync("/usr/bin/dpkg-query")) return ["the images are made of Debian's packages, and there is no dpkg"];
  const missing = Object.entries(PROGRAMS).filter(([, files]) => !files.every((file) => fs.existsSync(file)));
  const install = `apt-get install --yes ${missing.map(([name]) => name).join(" ")}`;
  const lacking = missing.length > 0 ? [`packages are missing: ${install}`] : [];
  const { status, stderr } = spawnSync("unshare", ["--mount", "--pid", "--fork", "true"], { encoding: "utf8" });
  const refused = status === 0 ? [] : [`namespaces can't be made (within a container?): ${stderr.trim()}`];
  return [...lacking, ...refused];
}
