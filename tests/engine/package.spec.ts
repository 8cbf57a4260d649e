import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import { Checkout } from "./checkout";
import { inOrder } from "../support/inOrder";
import { SCHEMA_FILE } from "../../schema/file";
import { ComponentPlugin } from "../support/plugin";
import { askedBy, installExamples } from "../support/installedExamples";
import { pack } from "../support/packed";
import { KINDS, PackageProject } from "../support/packageProject";
import { commandsOf } from "../support/pages";

const ASKED = {
  accountId: "111101013333",
  zones: ["eu-west-1a", "eu-west-1b"],
  apiAccessCidrs: ["198.18.113.0/24"],
  "aws:region": "eu-west-1",
};

/** The commands of the local cloud in a checkout, for a project anywhere. */
function commandsFor(checkout: Checkout, project: string) {
  const local = (command: string, ...args: string[]) =>
    checkout.npm("local", "--", command, "--project", project, ...args);
  const succeeds = (command: string, ...args: string[]) => {
    const { status, stdout, stderr } = local(command, ...args);
    assert.equal(status, 0, stdout + stderr);
    return stdout + stderr;
  };
  const up = () => {
    const [command] = commandsOf("docs/components.md", "On the local cloud");
    return checkout.types(command!.replace("../shop", project));
  };
  return { local, succeeds, up };
}

/** The whole environment of examples/, as its user deploys it: on the real engine, by the host of Node.js programs and its TypeScript. */
describe("a project that has the package out of its tarball", function () {
  this.timeout("8m");
  inOrder(this);
  const checkout = new Checkout();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-package-"));
  const project = path.join(directory, "environment");
  const installed = path.join(directory, "node_modules", "eks-storage");
  const { local, succeeds, up } = commandsFor(checkout, project);

  before(() => {
    installExamples(directory, ["environment"], "--omit=dev");
    const pairs = Object.entries({ ...ASKED, retention: "delete" });
    const config = Object.fromEntries(
      pairs.map(([key, value]) => [key.includes(":") ? key : `environment:${key}`, value]),
    );
    fs.writeFileSync(path.join(project, "Pulumi.dev.yaml"), stringify({ config }));
  });
  after(() => {
    local("destroy");
    checkout.remove();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it("has the plugin for other languages with it", async () => {
    const plugin = new ComponentPlugin(path.join(installed, "pulumi-resource-eks-storage"));
    await plugin.start();
    try {
      assert.equal(await plugin.schema(), fs.readFileSync(SCHEMA_FILE, "utf8"));
      const { outputs } = await plugin.construct("eks-storage:index:EbsStorageClass", "disks", { className: "disks" });
      assert.deepEqual(outputs, { className: "disks" });
    } finally {
      await plugin.stop();
    }
  });

  it("is configured as its head says", () => assert.deepEqual(askedBy("environment"), Object.keys(ASKED).sort()));

  it("is previewed, with every name known", () => {
    const preview = succeeds("preview");
    assert.match(preview, /create eks-storage:index:StaticVolume assets/);
    assert.match(preview, /create kubernetes:core\/v1:PersistentVolumeClaim assets-assets-[0-9a-f]+$/m);
  });

  it("doesn't offer what it has no way back from", () => {
    const { status, stdout, stderr } = local("preview", "--config", "retention=release");
    assert.equal(status, 1);
    assert.match(stdout + stderr, /retention must be retain or delete; it is 'release'\. .*\.\.\/database does\./);
  });

  it("is deployed: the claims are bound to the access point's volume and to a disk, the workloads run", () => {
    up();
    const asked = (kind: string, path: string) =>
      succeeds("kubectl", "get", kind, "-A", "-o", `jsonpath={.items[*]${path}}`).split(" ");
    assert.deepEqual(asked("pvc", ".status.phase"), ["Bound", "Bound"]);
    assert.deepEqual(asked("pv", ".spec.csi.driver").sort(), ["ebs.csi.aws.com", "efs.csi.aws.com"]);
    assert.deepEqual(asked("deployments,statefulsets", ".status.readyReplicas").sort(), ["1", "2", "2"]);
    assert.match(succeeds("inventory"), /backup\/plan[^]*efs\/accessPoint/);
  });

  it("stays as it is by a second up", () => assert.match(succeeds("up"), /^\d+ same, in/m));

  it("is destroyed, drain and notice included, from the state alone", () => {
    fs.rmSync(installed, { recursive: true });
    succeeds("destroy");
    assert.ok(!fs.existsSync(path.join(project, ".local")));
  });
});

/** What npm run test:package runs under mocks, on the real engine, by that project's own SDK. */
describe("a project that has the package out of its tarball, of another kind", function () {
  this.timeout("8m");
  inOrder(this);
  const checkout = new Checkout();
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-package-"));
  let tarball: string;
  before(() => void (tarball = pack(packed)));
  after(() => {
    checkout.remove();
    fs.rmSync(packed, { recursive: true, force: true });
  });

  for (const name of ["pnpm", "lowest"] as const)
    describe(`(${name})`, () => {
      const project = new PackageProject(KINDS[name]);
      const { local, succeeds, up } = commandsFor(checkout, project.directory);

      before(() => {
        project.install(tarball);
        // What runs it is to be seen in the stack.
        project.append("index.ts", "export const runBy = process.argv[1];\n");
      });
      after(() => {
        local("destroy");
        project.remove();
      });

      it("is previewed, with every name known", () => {
        const preview = succeeds("preview");
        assert.match(preview, /create eks-storage:index:StaticVolume images/);
        assert.match(preview, /create kubernetes:core\/v1:PersistentVolumeClaim images-images-[0-9a-f]+$/m);
      });

      it("is deployed: the claim is bound to the access point's volume", () => {
        up();
        const phase = ["get", "pvc", "-n", "shop", "-o", "jsonpath={.items[*].status.phase}"];
        assert.equal(succeeds("kubectl", ...phase), "Bound");
        assert.match(succeeds("inventory"), /efs\/accessPoint/);
      });

      it("is run by its own copy of the SDK", () => {
        const { runBy } = JSON.parse(succeeds("outputs", "--json")) as { runBy: string };
        const sdk = runBy.slice(0, runBy.indexOf("/cmd/run"));
        assert.ok(sdk.startsWith(path.join(project.directory, "node_modules") + path.sep), runBy);
        const manifest = JSON.parse(fs.readFileSync(path.join(sdk, "package.json"), "utf8")) as { version: string };
        assert.equal(manifest.version, KINDS[name].sdks["@pulumi/pulumi"]);
      });

      it("is destroyed, drain and notice included, from the state alone", () => {
        fs.rmSync(path.join(project.directory, "node_modules", "eks-storage"), { recursive: true });
        succeeds("destroy");
        assert.ok(!fs.existsSync(path.join(project.directory, ".local")));
      });
    });
});
