import assert from "node:assert/strict";
import { effects, kinds, LivingStack } from "./living/livingStack";

class RenamedStack extends LivingStack {
  /** As a person does it. */
  rename(to: string): void {
    this.shell(`pulumi stack rename ${to} --stack ${this.local.stack}`);
    this.local.stack = to;
  }
}

// The files of the two differ in these keys only.
const ALIKE = ["accountId=111122223333", "vpcCidr=10.0.0.0/16", "nodesPerZone=1"];

describe("a living stack that is renamed", function () {
  this.timeout("5m");
  this.bail(true);
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

  it("takes the new name in its tags where that is wanted, and replaces the nodes for it alone", async () => {
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
