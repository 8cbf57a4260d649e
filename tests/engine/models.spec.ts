import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { LocalStack } from "./localStack";
import { inOrder } from "../support/inOrder";

/** A file system with an access point, as a program that knows AWS's constraints less well might have them. */
const storage =
  (throughputMode: string, path: string): (() => Promise<void>) =>
  async () => {
    const provider = new aws.Provider("aws", { region: "eu-west-1", allowedAccountIds: ["111101013333"] });
    const fileSystem = new aws.efs.FileSystem("files", { throughputMode }, { provider });
    const rootDirectory = { path, creationInfo: { ownerUid: 999, ownerGid: 999, permissions: "0750" } };
    new aws.efs.AccessPoint("files", { fileSystemId: fileSystem.id, rootDirectory }, { provider });
  };

describe("a program whose values AWS doesn't take", function () {
  this.timeout("2m");
  inOrder(this);
  const dev = new LocalStack("dev");
  before(() => dev.start());
  after(() => dev.stop());

  const refused = async (program: () => Promise<void>, says: RegExp) => {
    dev.program = program;
    await assert.rejects(dev.up());
    assert.match(dev.messages, says);
  };

  it("is refused in AWS's words when something is made", async () => {
    await refused(
      storage("elastic", "/.images"),
      /ValidationException: 1 validation error detected: Value '\/\.images' at 'rootDirectory\.path' failed to satisfy constraint: Member must satisfy regular expression pattern: .*API_CreateAccessPoint\.html/s,
    );
    assert.deepEqual(dev.awsTypes(), ["aws:efs/fileSystem:FileSystem"]);
  });

  it("is refused in AWS's words when something is changed, which stays as it was", async () => {
    dev.program = storage("elastic", "/images");
    await dev.up();
    await refused(
      storage("fast", "/images"),
      /Value 'fast' at 'throughputMode' failed to satisfy constraint: Member must satisfy enum value set: \[bursting, provisioned, elastic\].*API_UpdateFileSystem\.html/s,
    );
    const [fileSystem] = dev.awsRecords().filter(({ type }) => type === "aws:efs/fileSystem:FileSystem");
    assert.equal(fileSystem?.properties.throughputMode, "elastic");
  });

  it("can be fixed, and leaves nothing", async () => {
    dev.program = storage("elastic", "/images");
    await dev.up();
    await dev.destroy();
    assert.deepEqual(dev.awsTypes(), []);
  });
});
