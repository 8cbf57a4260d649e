import assert from "node:assert/strict";
import { EncryptionKey, type EncryptionKeyArgs, Retention } from "../../../../components/index";
import { arnOf, idOf } from "../../../support/mockIds";
import { one, refused, registered } from "../../../support/queries";

const args: EncryptionKeyArgs = { alias: "shop", accountId: "111101013333", retention: Retention.Delete };
const key = (changes: Partial<EncryptionKeyArgs> = {}) => new EncryptionKey("shop", { ...args, ...changes });

describe("EncryptionKey", () => {
  it("is rotated, found by its alias, and usable by whom an IAM policy of the account allows it", async () => {
    const resources = await registered(() => key());
    const { inputs } = one(resources, "Key");
    assert.equal(inputs.enableKeyRotation, true);
    const { Statement } = JSON.parse(inputs.policy as string) as { Statement: object[] };
    assert.deepEqual(Statement, [
      {
        Sid: "DecidedByIam",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111101013333:root" },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
    const alias = one(resources, "Alias").inputs;
    assert.deepEqual([alias.name, alias.targetKeyId], ["alias/shop", idOf("kms/key", "shop")]);
    assert.deepEqual(one(resources, "EncryptionKey").outputs, {
      keyArn: arnOf("kms/key", "shop"),
      keyId: idOf("kms/key", "shop"),
    });
  });

  it("names its account in the partition that it is told, or else in its region's, or the provider's", async () => {
    for (const [changes, provider] of [
      [{ partition: "aws-cn" }, "aws"],
      [{ region: "cn-north-1" }, "aws"],
      [{}, "aws-cn"],
    ] as const) {
      const { policy } = one(await registered(() => key(changes), { partition: provider }), "Key").inputs;
      assert.match(policy as string, /"arn:aws-cn:iam::111101013333:root"/);
    }
  });

  for (const [retention, window, locked, kept] of [
    [Retention.Delete, 7, false, false],
    [Retention.Retain, 30, true, true],
    [Retention.Release, 30, false, true],
  ] as const) {
    it(`under ${retention}, lives as long as what it encrypts; its alias never outlives the stack`, async () => {
      const resources = await registered(() => key({ retention }));
      const { inputs, protect, retainOnDelete } = one(resources, "Key");
      assert.deepEqual([inputs.deletionWindowInDays, protect, retainOnDelete], [window, locked, kept]);
      const alias = one(resources, "Alias");
      assert.deepEqual([alias.protect, alias.retainOnDelete], [false, false]);
    });
  }

  it("adopts a key that was kept, with options that are right for ever: the window is set like a new one's", async () => {
    const taken = one(await registered(() => key({ adoptId: "1234abcd-12ab-34cd-56ef-1234567890ab" })), "Key");
    const made = one(await registered(() => key()), "Key");
    assert.deepEqual([taken.importId, made.importId], ["1234abcd-12ab-34cd-56ef-1234567890ab", ""]);
    assert.deepEqual([taken.ignoreChanges, made.ignoreChanges], [[], []]);
  });

  it("may be in another region, alias and all", async () => {
    const resources = await registered(() => key({ region: "eu-central-1" }));
    assert.deepEqual(
      [one(resources, "Key").inputs.region, one(resources, "Alias").inputs.region],
      ["eu-central-1", "eu-central-1"],
    );
  });

  for (const alias of ["alias/shop key", "", "aws/shop", "a".repeat(251)]) {
    it(`refuses the alias "${alias.slice(0, 20)}"`, async () => {
      assert.match(
        await refused(() => key({ alias })),
        /EncryptionKey "shop" .*\n  - alias must be at most 250 letters, .*\n    Leave out alias\//,
      );
    });
  }
});
