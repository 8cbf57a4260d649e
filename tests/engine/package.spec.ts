import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Checkout } from "./checkout";
import { inOrder } from "../support/inOrder";
import { SCHEMA_FILE } from "../../schema/schema";
import { ComponentPlugin } from "../support/plugin";
import { pack } from "../support/packed";
import { KINDS, PackageProject } from "../support/packageProject";
import { commandsOf } from "../support/pages";

/** What npm run test:package runs under mocks, on the real engine, by the host of Node.js programs and its TypeScript. */
describe("a project that has the package out of its tarball", function () {
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

  for (const [name, kind] of Object.entries(KINDS))
    describe(`(${name})`, () => {
      const project = new PackageProject(kind);
      const local = (command: string, ...args: string[]) =>
        checkout.npm("local", "--", command, "--project", project.directory, ...args);
      const succeeds = (command: string, ...args: string[]) => {
        const { status, stdout, stderr } = local(command, ...args);
        assert.equal(status, 0, stdout + stderr);
        return stdout + stderr;
      };

      before(() => {
        project.install(tarball);
        // What runs it is to be seen in the stack.
        if (name !== "npm") project.append("index.ts", "export const runBy = process.argv[1];\n");
      });
      after(() => {
        local("destroy");
        project.remove();
      });

      if (name === "npm")
        it("has the plugin for other languages with it", async () => {
          const plugin = new ComponentPlugin(
            path.join(project.directory, "node_modules", "eks-storage", "pulumi-resource-eks-storage"),
          );
          await plugin.start();
          try {
            assert.equal(await plugin.schema(), fs.readFileSync(SCHEMA_FILE, "utf8"));
            const args = { className: "disks" };
            const { outputs } = await plugin.construct("eks-storage:index:EbsStorageClass", "disks", args);
            assert.deepEqual(outputs, args);
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
        const phase = ["get", "pvc", "-n", "shop", "-o", "jsonpath={.items[*].status.phase}"];
        assert.equal(succeeds("kubectl", ...phase), "Bound");
        assert.match(succeeds("inventory"), /efs\/accessPoint/);
      });

      if (name === "npm") it("stays as it is by a second up", () => assert.match(succeeds("up"), /^\d+ same, in/m));
      else
        it("is run by its own copy of the SDK", () => {
          const { runBy } = JSON.parse(succeeds("outputs", "--json")) as { runBy: string };
          const sdk = runBy.slice(0, runBy.indexOf("/cmd/run"));
          assert.ok(sdk.startsWith(path.join(project.directory, "node_modules") + path.sep), runBy);
          const { version } = JSON.parse(fs.readFileSync(path.join(sdk, "package.json"), "utf8")) as {
            version: string;
          };
          assert.equal(version, kind.sdks["@pulumi/pulumi"]);
        });

      it("is destroyed, drain and notice included, from the state alone", () => {
        fs.rmSync(path.join(project.directory, "node_modules", "eks-storage"), { recursive: true });
        succeeds("destroy");
        assert.ok(!fs.existsSync(path.join(project.directory, ".local")));
      });
    });
});
