import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FileSystem, Retention } from "../../../../components/index";
import { run } from "../../../support/registrations";

const deployed = { posixUser: { uid: 1000, gid: 1000 }, rootDirectory: { path: "/images" } };

/** What is said of a file system whose access point is deployed. */
async function said(uid: number, path: string, preview = true): Promise<string[]> {
  const messages: string[] = [];
  const { warn } = pulumi.log;
  pulumi.log.warn = (message) => Promise.resolve(void messages.push(message));
  const urn = "urn:pulumi:test::eks-storage::eks-storage:index:FileSystem$aws:efs/accessPoint:AccessPoint::shop-images";
  const program = () =>
    new FileSystem("shop", {
      ...{ vpcId: "vpc-11111111", zones: ["eu-west-1a"], subnetIds: { "eu-west-1a": "subnet-11111111" } },
      accessPoints: { images: { path, identity: { uid, gid: 1000 } }, new: { path, identity: { uid: 3000, gid: 1 } } },
      retention: Retention.Delete,
    });
  try {
    const { error } = await run(program, { preview, state: { [urn]: { outputs: deployed } } });
    assert.equal(error, undefined, error?.stack);
  } finally {
    pulumi.log.warn = warn;
  }
  return messages;
}

describe("an access point's user that changes", () => {
  it("is warned of at a preview: its directory keeps its owner", async () => {
    assert.deepEqual(await said(2000, "/images"), [
      "The access point images changes its user from 1000:1000 to 2000:1000, and keeps the path /images. EFS sets a " +
        "directory's owner only when it makes the directory: where /images is there already, it stays 1000:1000's, which the " +
        'new user may not be able to read or write. Choose another path, too: docs/operations.md, "Changes".',
    ]);
  });

  it("isn't where its path changes too, where it doesn't change, or after the preview", async () => {
    assert.deepEqual(
      [await said(2000, "/others"), await said(1000, "/images"), await said(2000, "/images", false)],
      [[], [], []],
    );
  });
});
