import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { readRecords } from "../../local/aws/records";
import { stopAgent } from "../../local/stack/agent";
import { startControlPlane, stopControlPlane } from "../../local/stack/controlPlane";
import { isolatedEnvironment } from "../../local/stack/engine";
import { nodejsHost } from "../../local/stack/otherProject";
import { startPluginHost, stopPluginHost } from "../../local/stack/pluginHost";
import { removeCloud } from "../../local/stack/processes";
import { writeShims } from "../../local/stack/shims";
import { ensure } from "../../local/tools/ensure";
import { plugins } from "../../local/tools/plugins";
import { controlPlaneTools, engineTools, type Tools } from "../../local/tools/toolSets";
import { Checkout } from "./checkout";
import { CHECKOUT, expires } from "./localStack";
import { inOrder } from "../support/inOrder";

/**
 * Pulumi's own command line and its host of Node.js programs, as README has the commands: the runtime, its options and the
 * engine's own processes are those of Pulumi.yaml. Not here: the policy pack, which the engine has this host start as a plugin,
 * and the last version that is a Go module can't. The other specs run the pack on the engine.
 */
describe("pulumi, as a person types it", function () {
  this.timeout("5m");
  inOrder(this);
  const checkout = new Checkout();
  const { cloud, directory } = checkout;
  let controlPlane: Tools;
  let pathOfBefore: string | undefined;

  /** One of README's commands; `confirmed` where a person would answer yes. */
  function pulumi(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync("pulumi", [...args, "--non-interactive", "--color", "never"], {
      cwd: directory,
      encoding: "utf8",
    });
    assert.equal(status, 0, `pulumi ${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  }
  const confirmed = (...args: string[]) => pulumi(...args, "--yes");

  before(async function () {
    this.timeout("15m");
    const [engine, tools] = await ensure(engineTools(), controlPlaneTools());
    controlPlane = tools;
    await startControlPlane(cloud, tools);
    writeShims(path.join(cloud, "bin"), engine.paths["pulumi"]!, plugins(), await nodejsHost(directory));
    fs.mkdirSync(path.join(cloud, "state"), { recursive: true });
    const { config } = parse(fs.readFileSync(path.join(directory, "Pulumi.dev.yaml"), "utf8")) as {
      config: Record<string, string>;
    };
    pathOfBefore = process.env.PATH;
    Object.assign(process.env, isolatedEnvironment(process.env, cloud), {
      EKS_STORAGE_ACCOUNT: String(config["eks-storage:accountId"]),
    });
    await startPluginHost(cloud);
  });
  after(async () => {
    process.env.PATH = pathOfBefore;
    await stopAgent(cloud);
    await stopPluginHost(cloud);
    await stopControlPlane(cloud, controlPlane);
    await removeCloud(cloud);
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it("previews dev, and makes what it previewed", () => {
    pulumi("stack", "init", "dev");
    const created = (text: string) => /^ *\+ (\d+) (?:to create|created)$/m.exec(text)?.[1];
    const previewed = created(pulumi("preview"));
    const said = confirmed("up", "--skip-preview");
    assert.ok(Number(previewed) > 100, previewed);
    // The eks plugin makes more of them once the cluster's name is known.
    assert.ok(Number(created(said)) >= Number(previewed), said);
    assert.match(pulumi("stack", "output", "pvcNames"), /"catalog": ?"data-catalog-mysql-0"/);
  });

  it("changes nothing by a second up", () => {
    assert.match(confirmed("up"), /^ {4}\d+ unchanged$/m);
  });

  it("destroys it, and leaves nothing", () => {
    confirmed("destroy");
    assert.deepEqual(
      readRecords(cloud).filter((record) => !expires(record)),
      [],
    );
  });

  it("has written the salt of the secrets into the stack's file, and nothing else", () => {
    const [before, after] = [CHECKOUT, directory].map(
      (at) => parse(fs.readFileSync(path.join(at, "Pulumi.dev.yaml"), "utf8")) as Record<string, unknown>,
    );
    const { encryptionsalt, ...others } = after!;
    assert.match(String(encryptionsalt), /^v1:/);
    assert.deepEqual(others, before);
  });
});
