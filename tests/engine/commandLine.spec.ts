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
import { commandsOf } from "../support/pages";

/** What a person puts in place of the examples. */
const ACCOUNT = "200000000003";
const NETWORK = "198.18.7.1/32";

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

  const run = (...args: string[]) =>
    spawnSync("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd: directory, encoding: "utf8" });

  /** One of README's commands; `confirmed` where a person would answer yes. */
  function pulumi(...args: string[]): string {
    const { status, stdout, stderr } = run(...args);
    assert.equal(status, 0, `pulumi ${args.join(" ")}:\n${stdout}${stderr}`);
    return stdout;
  }
  const confirmed = (...args: string[]) => pulumi(...args, "--yes");

  const readme = commandsOf("README.md", "Deploy it on AWS");
  /** README's command that begins so, without `pulumi`. */
  const ofReadme = (beginning: string) => {
    const line = readme.find((it) => it.startsWith(`pulumi ${beginning}`))!;
    return line.split(" ").slice(1);
  };

  before(async function () {
    this.timeout("15m");
    const [engine, tools] = await ensure(engineTools(), controlPlaneTools());
    controlPlane = tools;
    await startControlPlane(cloud, tools);
    writeShims(path.join(cloud, "bin"), engine.paths["pulumi"]!, plugins(), await nodejsHost(directory));
    fs.mkdirSync(path.join(cloud, "state"), { recursive: true });
    pathOfBefore = process.env.PATH;
    Object.assign(process.env, isolatedEnvironment(process.env, cloud), {
      EKS_STORAGE_ACCOUNT: ACCOUNT,
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

  it("refuses the examples in the file as it is shipped, all in one message, and says how to find one's own values", () => {
    pulumi(...ofReadme("stack init"));
    const { status, stdout } = run("preview");
    assert.notEqual(status, 0, stdout);
    assert.match(
      stdout,
      /accountId must be your own.*\n.*aws sts get-caller-identity .*\n.*apiAccessCidrs must be your own.*\n.*checkip/,
    );
  });

  it("previews dev, and makes what it previewed", () => {
    pulumi("config", "set", "accountId", ACCOUNT);
    pulumi("config", "set", "--path", "apiAccessCidrs[0]", NETWORK);
    assert.match(checkout.types(readme[0]!), new RegExp(`^\\* accountId +${ACCOUNT}$`, "m"));
    const created = (text: string) => /^ *\+ (\d+) (?:to create|created)$/m.exec(text)?.[1];
    const previewed = created(pulumi(...ofReadme("preview")));
    const said = confirmed(...ofReadme("up"), "--skip-preview");
    assert.ok(Number(previewed) > 100, previewed);
    // The eks plugin makes more of them once the cluster's name is known.
    assert.ok(Number(created(said)) >= Number(previewed), said);
    assert.match(pulumi(...ofReadme("stack output")), /"catalog": ?"data-catalog-mysql-0"/);
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

  it("has written the salt of the secrets into the stack's file, and what was set", () => {
    const [before, after] = [CHECKOUT, directory].map(
      (at) => parse(fs.readFileSync(path.join(at, "Pulumi.dev.yaml"), "utf8")) as Record<string, unknown>,
    );
    const { encryptionsalt, ...others } = after!;
    assert.match(String(encryptionsalt), /^v1:/);
    const set = { "eks-storage:accountId": ACCOUNT, "eks-storage:apiAccessCidrs": [NETWORK] };
    assert.deepEqual(others, { ...before, config: { ...(before!.config as object), ...set } });
  });
});
