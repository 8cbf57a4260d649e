import assert from "node:assert/strict";
import { FileSystemReplica, type FileSystemReplicaArgs, Retention, ThroughputMode } from "../../../../components/index";
import { idOf } from "../../../support/mockIds";
import { one, predecessors, refused, registered } from "../../../support/queries";

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const args: FileSystemReplicaArgs = {
  sourceFileSystemId: "fs-11111111",
  region: "eu-central-1",
  retention: Retention.Delete,
};
const replica = (changes: Partial<FileSystemReplicaArgs> = {}) =>
  new FileSystemReplica("copy", { ...args, ...changes });

describe("FileSystemReplica", () => {
  it("is an encrypted file system in the other region, which the source's files are copied to", async () => {
    const resources = await registered(() => replica({ kmsKeyId: KEY }));
    const copy = one(resources, "aws:efs/fileSystem:FileSystem").inputs;
    assert.deepEqual([copy.region, copy.encrypted, copy.kmsKeyId], ["eu-central-1", true, KEY]);
    const { inputs } = one(resources, "ReplicationConfiguration");
    assert.equal(inputs.sourceFileSystemId, "fs-11111111");
    assert.deepEqual(inputs.destination, {
      fileSystemId: idOf("efs/fileSystem", "copy-customer-key"),
      region: "eu-central-1",
    });
    // Deleting it is done in the source's region, too.
    assert.equal(inputs.region, undefined);
    assert.deepEqual(one(resources, "FileSystemReplica").outputs, {
      fileSystemId: idOf("efs/fileSystem", "copy-customer-key"),
    });
  });

  it("leaves its protection to EFS, but lets it be copied to once it is made, before the copying begins", async () => {
    const resources = await registered(() => replica());
    const copy = one(resources, "aws:efs/fileSystem:FileSystem");
    // A refresh would put EFS's own word into the state, and from there into the inputs.
    assert.deepEqual([copy.inputs.protection, copy.ignoreChanges], [undefined, []]);
    const opening = one(resources, "dynamic:Resource");
    const { fileSystemId, region, isNew } = opening.inputs;
    assert.deepEqual([fileSystemId, region, isNew], [idOf("efs/fileSystem", "copy"), "eu-central-1", true]);
    assert.ok(predecessors(resources, one(resources, "ReplicationConfiguration")).has(opening.urn));
  });

  it("ends the copying before it begins it elsewhere: EFS copies a file system to one place only", async () => {
    assert.equal(one(await registered(() => replica()), "ReplicationConfiguration").deleteBeforeReplace, true);
  });

  for (const [retention, locked, kept] of [
    [Retention.Delete, false, false],
    [Retention.Retain, true, true],
    [Retention.Release, false, true],
  ] as const) {
    it(`under ${retention}, is as protected as its source, and goes on being one`, async () => {
      const resources = await registered(() => replica({ retention }));
      for (const type of ["aws:efs/fileSystem:FileSystem", "ReplicationConfiguration"]) {
        const { protect, retainOnDelete } = one(resources, type);
        assert.deepEqual([protect, retainOnDelete], [locked, kept], type);
      }
    });
  }

  it("adopts a copy that was kept, from its region, and what copies", async () => {
    const resources = await registered(() => replica({ adoptId: "fs-22222222", adoptSourceId: "fs-11111111" }));
    assert.equal(one(resources, "aws:efs/fileSystem:FileSystem").importId, "fs-22222222@eu-central-1");
    assert.equal(one(resources, "ReplicationConfiguration").importId, "fs-11111111");
    assert.equal(one(resources, "dynamic:Resource").inputs.isNew, false);
    const made = await registered(() => replica());
    assert.deepEqual(
      ["aws:efs/fileSystem:FileSystem", "ReplicationConfiguration"].map((type) => one(made, type).importId),
      ["", ""],
    );
  });

  it("refuses what a file system can't be", async () => {
    assert.match(
      await refused(() => replica({ throughputMode: ThroughputMode.Provisioned })),
      /FileSystemReplica "copy" .*\n  - provisionedThroughputInMibps must be from 1 to 3414 .*; it is missing\./,
    );
  });
});
