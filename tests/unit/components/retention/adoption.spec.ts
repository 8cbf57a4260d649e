import assert from "node:assert/strict";
import * as storage from "../../../../components/index";
import { run, type RunOptions } from "../../../support/registrations";

const MINE = "urn:pulumi:test::eks-storage";
const KEY = `${MINE}::eks-storage:index:EncryptionKey`;
const retention = storage.Retention.Retain;

/** The state of a stack with a key of that id, and what its component says that it adopted. */
const withKey = (id: string, adoptId?: string) => ({
  [`${KEY}::shop`]: { type: "", outputs: { keyId: id, ...(adoptId && { adopted: { adoptId } }) } },
  [`${KEY}$aws:kms/key:Key::shop`]: { type: "", outputs: { id } },
});

const key = (adoptId: string, name = "shop", more: Partial<storage.EncryptionKeyArgs> = {}) =>
  new storage.EncryptionKey(name, { alias: name, accountId: "111101013333", retention, adoptId, ...more });

/** The mocks run no transforms: what is decided shows where it is refused. */
async function refusal(program: () => unknown, options?: RunOptions): Promise<string | undefined> {
  const { error } = await run(program, options);
  return error?.message;
}

describe("adoption", () => {
  it("takes what AWS has as it should be, in a stack that has none", async () => {
    assert.equal(await refusal(() => key("1234abcd-12ab-34cd-56ef-1234567890ab")), undefined);
  });

  it("has no effect later: on what was adopted, and on what has taken its place since", async () => {
    assert.equal(
      await refusal(() => key("1234abcd-12ab-34cd-56ef-1234567890ab"), {
        state: withKey("1234abcd-12ab-34cd-56ef-1234567890ab"),
      }),
      undefined,
    );
    assert.equal(
      await refusal(() => key("1234abcd-12ab-34cd-56ef-1234567890ab"), {
        state: withKey("3c4d5678-12ab-34cd-56ef-1234567890ab", "1234abcd-12ab-34cd-56ef-1234567890ab"),
      }),
      undefined,
    );
  });

  it("is refused where the stack has another such resource, adopted or not, without asking AWS", async () => {
    for (const state of [
      withKey("3c4d5678-12ab-34cd-56ef-1234567890ab"),
      withKey("3c4d5678-12ab-34cd-56ef-1234567890ab", "3c4d5678-12ab-34cd-56ef-1234567890ab"),
    ]) {
      assert.equal(
        await refusal(() => key("1234abcd-12ab-34cd-56ef-1234567890ab"), { state, adoptable: {} }),
        `The configuration doesn't fit what exists already:
  - adoptId of EncryptionKey "shop" must be left out: the stack has 3c4d5678-12ab-34cd-56ef-1234567890ab already; it is '1234abcd-12ab-34cd-56ef-1234567890ab'.
    Adoption never replaces a resource of the stack: pulumi config rm adoptId, or adopt it in another stack.`,
      );
    }
  });

  it("is refused for what the stack has under another name", async () => {
    assert.match(
      (await refusal(() => key("3c4d5678-12ab-34cd-56ef-1234567890ab", "other"), {
        state: withKey("3c4d5678-12ab-34cd-56ef-1234567890ab"),
      }))!,
      /isn't part of the stack already/,
    );
  });

  it("says all that is wrong in one message, by the names of the configuration where it knows them", async () => {
    const adoptable = {
      "aws:kms/getKey:getKey": { keyState: "PendingDeletion", multiRegion: true },
      "aws:s3/getBucket:getBucket": { bucketRegion: "eu-central-1", region: "eu-west-1" },
    };
    const program = () => {
      key("1234abcd-12ab-34cd-56ef-1234567890ab", "shop", { argumentNames: { adoptId: "adoptEncryptionKeyId" } });
      new storage.Bucket("images", { bucketName: "images", retention, adopt: true });
    };
    assert.equal(
      await refusal(program, { adoptable }),
      `The configuration doesn't fit what exists already:
  - adoptEncryptionKeyId must be a key that is Enabled; it is '1234abcd-12ab-34cd-56ef-1234567890ab, which has PendingDeletion'.
    aws kms cancel-key-deletion --key-id 1234abcd-12ab-34cd-56ef-1234567890ab, then aws kms enable-key
  - adoptEncryptionKeyId must be a key of one region; it is '1234abcd-12ab-34cd-56ef-1234567890ab'.
    AWS can't change it: it would be another key, which can't read the data.
  - bucketName of Bucket "images" must be a bucket in eu-west-1; it is 'images, which has eu-central-1'.
    A bucket can't leave its region.`,
    );
  });

  it("refuses to leave out the name of an adopted resource, and says how to set it again", async () => {
    const urn = `${MINE}::eks-storage:index:Bucket`;
    const state = {
      [`${urn}::images`]: { type: "", outputs: { adopted: { bucketName: "old" } } },
      [`${urn}$aws:s3/bucket:Bucket::images`]: { type: "", outputs: { id: "old" } },
    };
    const argumentNames = { bucketName: "adoptBucketName" };
    const bucket = (bucketName: string, adopt: boolean) => () =>
      new storage.Bucket("images", { bucketName, retention, adopt, argumentNames });
    assert.equal(await refusal(bucket("old", true), { state }), undefined);
    assert.equal(await refusal(bucket("old", false), { state }), undefined);
    assert.match(
      (await refusal(bucket("new", false), { state }))!,
      /adoptBucketName must be old; it is missing\.\n.*pulumi config set adoptBucketName old/,
    );
  });
});
