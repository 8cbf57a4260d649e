import * as fs from "node:fs";
import * as path from "node:path";

/** Where cgroups are. */
export const CGROUPS = "/sys/fs/cgroup";

/**
 * The controllers that a kubelet wants of the second version, as far as the machine has them.
 * https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/kubelet/cm/cgroup_v2_manager_linux.go
 */
const CONTROLLERS = ["cpu", "cpuset", "hugetlb", "memory", "pids"];

/** https://docs.kernel.org/admin-guide/cgroup-v2.html#controllers */
const isOfVersion2 = (hierarchy: string) => fs.existsSync(path.join(hierarchy, "cgroup.controllers"));

/** The hierarchies of cgroups: one for all controllers, or one for each, and then maybe one of the second version without any. */
function hierarchies(root: string): string[] {
  if (isOfVersion2(root)) return [root];
  const directories = fs.readdirSync(root).map((name) => path.join(root, name));
  return directories.filter((it) => fs.existsSync(path.join(it, "cgroup.procs")));
}

const words = (file: string): string[] => fs.readFileSync(file, "utf8").split(/\s+/).filter(Boolean);

/**
 * Makes a cgroup that a kubelet takes for its `cgroupRoot`: a new one has no resources yet that are its own to give.
 *
 * @returns the controllers that the root has given to its cgroups before.
 */
export function makeCgroup(id: string, root = CGROUPS): string[] {
  for (const hierarchy of hierarchies(root)) {
    const directory = path.join(hierarchy, id);
    fs.mkdirSync(directory, { recursive: true });
    if (hierarchy === root) return giveControllers(root, directory);
    for (const file of ["cpuset.cpus", "cpuset.mems"].filter((it) => fs.existsSync(path.join(directory, it)))) {
      fs.writeFileSync(path.join(directory, file), fs.readFileSync(path.join(hierarchy, file)));
    }
  }
  return [];
}

/** Of the second version: a cgroup has those controllers that the one above gives. */
function giveControllers(root: string, directory: string): string[] {
  const wanted = CONTROLLERS.filter((it) => words(path.join(root, "cgroup.controllers")).includes(it));
  const given = words(path.join(root, "cgroup.subtree_control"));
  const missing = wanted.filter((it) => !given.includes(it));
  if (missing.length > 0) control(root, "+", missing);
  // Given on, they stay: systemd takes those back that no unit of its own needs.
  control(directory, "+", wanted);
  return given;
}

const control = (directory: string, sign: "+" | "-", controllers: string[]): void =>
  fs.writeFileSync(path.join(directory, "cgroup.subtree_control"), controllers.map((it) => sign + it).join(" "));

/**
 * Removes a cgroup with all below it.
 *
 * @param given what `makeCgroup` has returned: what the root gives beside is taken back, unless another cgroup gives it on (EBUSY). It
 *   is more than was asked for, as runc has every controller given: https://github.com/opencontainers/runc/blob/v1.1.5/libcontainer/cgroups/fs2/create.go
 *   Undefined where that isn't known: nothing is taken back.
 * @throws Error if processes are in it.
 */
export function removeCgroup(id: string, given: string[] | undefined, root = CGROUPS): void {
  for (const hierarchy of hierarchies(root)) removeDirectory(path.join(hierarchy, id));
  if (given === undefined || !isOfVersion2(root)) return;
  for (const controller of words(path.join(root, "cgroup.subtree_control")).filter((it) => !given.includes(it))) {
    try {
      control(root, "-", [controller]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
    }
  }
}

function removeDirectory(directory: string): void {
  if (!fs.existsSync(directory)) return;
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) removeDirectory(path.join(directory, entry.name));
  }
  fs.rmdirSync(directory);
}

/** Makes a cgroup and removes it. @returns why that can't be done. */
export function refusalOf(id: string, root = CGROUPS): string | undefined {
  try {
    removeCgroup(id, makeCgroup(id, root), root);
    return undefined;
  } catch (error) {
    for (const hierarchy of fs.existsSync(root) ? hierarchies(root) : []) removeDirectory(path.join(hierarchy, id));
    return (error as Error).message;
  }
}
