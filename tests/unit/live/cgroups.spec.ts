import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { makeCgroup, refusalOf, removeCgroup } from "../../live/support/cgroups";

describe("the cgroup of a real node", () => {
  let root: string;
  beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), "cgroups-"))));
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
  };
  const read = (name: string) => fs.readFileSync(path.join(root, name), "utf8");

  describe("of the second version", () => {
    beforeEach(() => {
      write("cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma\n");
      write("cgroup.subtree_control", "cpu memory pids\n");
    });

    it("has every controller that a kubelet asks for, and hands them on", () => {
      assert.deepEqual(makeCgroup("node", root), ["cpu", "memory", "pids"]);
      assert.equal(read("cgroup.subtree_control"), "+cpuset +hugetlb");
      assert.equal(read("node/cgroup.subtree_control"), "+cpu +cpuset +hugetlb +memory +pids");
    });

    it("asks for none that the machine doesn't have, and takes none that others have been given", () => {
      write("cgroup.controllers", "cpuset cpu memory pids\n");
      write("cgroup.subtree_control", "cpuset cpu memory pids\n");
      assert.deepEqual(makeCgroup("node", root), ["cpuset", "cpu", "memory", "pids"]);
      assert.equal(read("cgroup.subtree_control"), "cpuset cpu memory pids\n");
      assert.equal(read("node/cgroup.subtree_control"), "+cpu +cpuset +memory +pids");
    });

    it("has those taken back that weren't given before, runc's among them", () => {
      const given = makeCgroup("node", root);
      // The kernel's files go with their directory.
      fs.rmSync(path.join(root, "node/cgroup.subtree_control"));
      write("cgroup.subtree_control", "cpu io memory pids\n");
      removeCgroup("node", given, root);
      assert.ok(!fs.existsSync(path.join(root, "node")));
      assert.equal(read("cgroup.subtree_control"), "-io");
    });

    it("is refused in words, and leaves nothing", () => {
      fs.rmSync(path.join(root, "cgroup.subtree_control"));
      assert.match(refusalOf("node", root)!, /^ENOENT: .*cgroup\.subtree_control/);
      assert.ok(!fs.existsSync(path.join(root, "node")));
    });
  });

  it("of the first version is in each hierarchy, with what processors and memory there are", () => {
    for (const name of ["cpuset", "memory", "unified"]) write(`${name}/cgroup.procs`, "");
    write("cpuset/cpuset.cpus", "0-1\n");
    write("unified/cgroup.controllers", "hugetlb\n");
    write("cpuset/node/cpuset.cpus", "\n");
    assert.deepEqual(makeCgroup("node", root), []);
    assert.equal(read("cpuset/node/cpuset.cpus"), "0-1\n");
    assert.ok(fs.existsSync(path.join(root, "memory/node")) && fs.existsSync(path.join(root, "unified/node")));
    assert.ok(!fs.existsSync(path.join(root, "unified/node/cgroup.subtree_control")));
    fs.rmSync(path.join(root, "cpuset/node/cpuset.cpus"));
    removeCgroup("node", [], root);
    for (const name of ["cpuset", "memory", "unified"]) assert.ok(!fs.existsSync(path.join(root, name, "node")), name);
  });

  it("is refused where there are no cgroups", () => {
    assert.match(refusalOf("node", path.join(root, "none"))!, /^ENOENT/);
  });
});
