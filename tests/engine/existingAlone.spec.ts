import assert from "node:assert/strict";
import { pairsOf, Tenant } from "./existing/tenant";
import { eventually } from "./living/livingStack";

/** What docs/existing.md says, on each thing alone; on a cluster, and several at once: existing.spec.ts. */
describe("each thing that exists already, alone", function () {
  this.timeout("5m");
  this.bail(true);
  const dev = new Tenant();
  before(() => dev.moveIn({}));
  after(() => dev.stop());

  /** What the page says is added to each, by type. */
  const added: Record<string, () => [thing: string, types: string[]]> = {
    "a VPC": () => [dev.things.existingVpcId, ["ec2/securityGroup"]],
    "a file system": () => [dev.things.existingFileSystemId, ["efs/accessPoint", "efs/mountTarget"]],
    "a bucket": () => [dev.things.existingBucketName, ["s3/object"]],
    "a KMS key": () => [dev.things.existingKeyArn, ["ebs/volume", "efs/fileSystem"]],
  };

  for (const [name, expected] of Object.entries(added)) {
    it(`${name} is used as it is, and still there after a destroy`, async () => {
      const { changes, notMade } = dev.existing[name]!;
      const config = pairsOf(changes);
      await dev.deploysAsPreviewed(config, [notMade]);
      const [thing, types] = expected();
      await eventually(() => assert.deepEqual(dev.addedTo(thing), types));
      await dev.leaves(config);
    });
  }

  it("is its owner's to delete, who leaves nothing", () => dev.ownerLeaves());
});
