import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Checkout } from "./checkout";
import { inOrder } from "../support/inOrder";
import { SCHEMA_FILE } from "../../schema/file";
import { ComponentPlugin } from "../support/plugin";
import { pack } from "../support/packed";
import { PackageProject, pinned } from "../support/packageProject";
import { commandsOf } from "../support/pages";

/** What npm run test:package runs under mocks, on the real engine, by the host of Node.js programs and its TypeScript. */
describe("a project that has the package out of its tarball", function () {
  this.timeout("8m");
  inOrder(this);
  const checkout = new Checkout();
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-package-"));
  const project = new PackageProject({ overrides: pinned });
  const local = (command: string, ...args: string[]) =>
    checkout.npm("local", "--", command, "--project", project.directory, ...args);
  const succeeds = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = local(command, ...args);
    assert.equal(status, 0, stdout + stderr);
    return stdout + stderr;
  };

  before(() => project.npm("install", pack(packed)));
  after(() => {
    local("destroy");
    checkout.remove();
    project.remove();
    fs.rmSync(packed, { recursive: true, force: true });
  });

  it("has the plugin for other languages with it", async () => {
    const plugin = new ComponentPlugin(
      path.join(project.directory, "node_modules", "eks-storage", "pulumi-resource-eks-storage"),
    );
    await plugin.start();
    try {
      assert.equal(await plugin.schema(), fs.readFileSync(SCHEMA_FILE, "utf8"));
      const { outputs } = await plugin.construct("eks-storage:index:EbsStorageClass", "disks", { className: "disks" });
      assert.deepEqual(outputs, { className: "disks" });
    } finally {
      await plugin.stop();
    }
  });

  it("is previewed, with every name known", () => {
    const preview = succeeds("preview");
    assert.match(preview, /create eks-storage:index:StaticVolume images/);
    assert.match(preview, /create kubernetes:core\/v1:PersistentVolumeClaim images-images-[0-9a-f]+$/m);
  });

  it("is deployed: the claim is bound to the access point's volume", () => {
    const [up] = commandsOf("docs/components.md", "On the local cloud");
    checkout.types(up!.replace("../shop", project.directory));
    assert.equal(succeeds("kubectl", "get", "pvc", "-n", "shop", "-o", "jsonpath={.items[*].status.phase}"), "Bound");
    assert.match(succeeds("inventory"), /efs\/accessPoint/);
  });

  it("stays as it is by a second up", () => assert.match(succeeds("up"), /^\d+ same, in/m));

  it("is destroyed, drain and notice included, from the state alone", () => {
    fs.rmSync(path.join(project.directory, "node_modules", "eks-storage"), { recursive: true });
    succeeds("destroy");
    assert.ok(!fs.existsSync(path.join(project.directory, ".local")));
  });
});
