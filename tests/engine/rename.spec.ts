import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { programOf } from "../../local/stack/program";
import { commandsOf } from "../support/pages";
import { effects, kinds, LivingStack } from "./living/livingStack";
import { CHECKOUT } from "./localStack";
import { inOrder } from "../support/inOrder";

class RenamedStack extends LivingStack {
  /** As a person does it. */
  rename(to: string): void {
    this.shell(`pulumi stack rename ${to} --stack ${this.local.stack}`);
    this.local.stack = to;
  }

  /**
   * Does what a section of docs/operations.md says, up to its preview, with copies of the project's and the stacks' files.
   *
   * @param renamed what the stack is called then.
   */
  followInFiles(lines: string[], renamed = this.local.stack): void {
    const files = path.join(this.local.cloud, "files");
    fs.rmSync(files, { recursive: true, force: true });
    fs.mkdirSync(files);
    for (const file of fs.readdirSync(CHECKOUT).filter((it) => /^Pulumi.*[.]yaml$/.test(it)))
      fs.copyFileSync(path.join(CHECKOUT, file), path.join(files, file));
    this.shell(`cd ${files}; pulumi stack select ${this.local.stack}`);
    for (const line of lines) if (!line.startsWith("pulumi preview")) this.shell(`cd ${files}; ${line}`);
    this.local.stack = renamed;
    this.program = programOf(CHECKOUT);
    this.switchTo(files);
  }
}

// The files of the two differ in these keys only.
const ALIKE = ["accountId=111101013333", "vpcCidr=10.0.0.0/16", "nodesPerZone=1"];

describe("a living stack that is renamed", function () {
  this.timeout("5m");
  inOrder(this);
  const stack = new RenamedStack("dev");

  before(() => stack.start());
  after(() => stack.stop());

  it("is refused at the preview without its name written down, with the commands that keep it", async () => {
    await stack.up(...ALIKE);
    stack.rename("staging");
    const before = stack.awsRecords();
    await assert.rejects(stack.preview(...ALIKE));
    assert.match(
      stack.messages,
      /named eks-storage-dev, and would be named eks-storage-staging now: \d+ of them would be deleted and made anew/,
    );
    assert.match(stack.messages, /^ {2}pulumi config set name eks-storage-dev$/m);
    assert.match(stack.messages, /^ {2}pulumi config set --path tags\.environment dev$/m);
    await assert.rejects(stack.up(...ALIKE), /named eks-storage-dev/);
    assert.deepEqual(stack.awsRecords(), before, "an up without a preview does nothing either");
  });

  it("changes nothing with them, as often as it is renamed", async () => {
    const written = [...ALIKE, "name=eks-storage-dev", `tags={"environment":"dev"}`];
    assert.deepEqual(effects(await stack.up(...written)), {});
    assert.deepEqual(effects(await stack.up(...written)), {});
    stack.rename("dev");
    assert.deepEqual(effects(await stack.up(...ALIKE)), {});
  });

  it("changes nothing after the page's commands, which write the name down first", async () => {
    stack.followInFiles(commandsOf("docs/operations.md", "Renaming stack or project"), "qa");
    assert.deepEqual(effects(await stack.preview(...ALIKE)), {});
    stack.rename("dev");
  });

  it("changes nothing in another project, after the page's commands", async () => {
    stack.followInFiles(commandsOf("docs/operations.md", "Renaming the project"));
    assert.deepEqual(effects(await stack.preview(...ALIKE)), {});
    assert.deepEqual(effects(await stack.up(...ALIKE)), {});
    const { resources } = JSON.parse(stack.shell("pulumi stack export --stack organization/shop/dev")).deployment;
    for (const { urn } of resources) assert.match(urn, /^urn:pulumi:dev::shop::/);
  });

  it("takes the new names in its tags where that is wanted, and replaces the nodes for it alone", async () => {
    stack.rename("staging");
    const steps = kinds(effects(await stack.up(...ALIKE, "name=eks-storage-dev")));
    const replaced = steps.filter((kind) => /^(create|delete|replace) /.test(kind));
    assert.deepEqual(
      replaced.filter((kind) => !/NodeGroup|LaunchTemplate|StorageClass/.test(kind)),
      [],
    );
    assert.deepEqual(effects(await stack.up(...ALIKE, "name=eks-storage-dev")), {});
  });

  it("goes without a trace", async () => {
    await stack.destroy(...ALIKE, "name=eks-storage-dev");
    assert.deepEqual(await stack.leaked(), []);
  });
});
