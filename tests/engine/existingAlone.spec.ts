import assert from "node:assert/strict";
import { pairsOf, StackOnExisting } from "./existing/stackOnExisting";
import { eventually } from "./living/livingStack";
import { inOrder } from "../support/inOrder";

/** What docs/existing.md says, on each existing resource alone; on a cluster, and several at once: existing.spec.ts. */
describe("each existing resource, alone", function () {
  this.timeout("5m");
  inOrder(this);
  const dev = new StackOnExisting();
  before(() => dev.createExisting({}));
  after(() => dev.stop());

  /** What the page says is added to each, by type. */
  const added: Record<string, () => [existingId: string, types: string[]]> = {
    "a VPC": () => [dev.existingResources.existingVpcId, ["ec2/securityGroup"]],
    "a file system": () => [dev.existingResources.existingFileSystemId, ["efs/accessPoint", "efs/mountTarget"]],
    "a bucket": () => [dev.existingResources.existingBucketName, ["s3/object"]],
    "a KMS key": () => [dev.existingResources.existingKeyArn, ["ebs/volume", "efs/fileSystem"]],
  };

  for (const [name, expected] of Object.entries(added)) {
    it(`${name} is used as it is, and still there after a destroy`, async () => {
      const { changes, notMade } = dev.existing[name]!;
      const config = pairsOf(changes);
      await dev.deploysAsPreviewed(config, [notMade]);
      const [existingId, types] = expected();
      await eventually(() => assert.deepEqual(dev.addedTo(existingId), types));
      await dev.leaves(config);
    });
  }

  it("is its owner's to delete, who leaves nothing", () => dev.ownerLeaves());
});
