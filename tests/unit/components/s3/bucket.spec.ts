import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Bucket, type BucketArgs, Retention } from "../../../../components/index";
import { assertOrder, one, refused, registered } from "../../../support/queries";
import { unknown } from "../../../support/registrations";

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const args: BucketArgs = { bucketName: "shop-images", retention: Retention.Delete };
const bucket = (changes: Partial<BucketArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Bucket("images", { ...args, ...changes }, opts);
const SETTINGS = [
  "BucketPublicAccessBlock",
  "BucketOwnershipControls",
  "BucketPolicy",
  "BucketServerSideEncryptionConfiguration",
  "BucketVersioning",
  "BucketLifecycleConfiguration",
];
const BUCKET = "aws:s3/bucket:Bucket";

describe("Bucket", () => {
  it("is private, versioned, encrypted, and owner of all that is put into it", async () => {
    const resources = await registered(() => bucket());
    const { bucket: of, ...blocks } = one(resources, "BucketPublicAccessBlock").inputs;
    assert.deepEqual([of, ...Object.values(blocks)], ["shop-images", true, true, true, true]);
    assert.equal(one(resources, "BucketVersioning").inputs.versioningConfiguration.status, "Enabled");
    assert.equal(one(resources, "BucketOwnershipControls").inputs.rule.objectOwnership, "BucketOwnerEnforced");
    assert.deepEqual(one(resources, "BucketServerSideEncryptionConfiguration").inputs.rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    for (const type of SETTINGS) assert.equal(one(resources, type).inputs.bucket, "shop-images", type);
  });

  it("refuses whoever doesn't encrypt in transit, for the bucket and all objects, and grants nothing", async () => {
    const { policy } = one(await registered(() => bucket()), "BucketPolicy").inputs;
    const { Statement: statements } = JSON.parse(policy as string) as { Statement: Record<string, unknown>[] };
    assert.deepEqual(
      statements.map(({ Effect, Action, Condition }) => [Effect, Action, Condition]),
      [["Deny", "s3:*", { Bool: { "aws:SecureTransport": "false" } }]],
    );
    assert.deepEqual(statements[0]!.Resource, ["arn:aws:s3:::shop-images", "arn:aws:s3:::shop-images/*"]);
  });

  it("takes a customer's key, and asks it once for many objects", async () => {
    const resources = await registered(() => bucket({ kmsKeyArn: KEY }));
    assert.deepEqual(one(resources, "BucketServerSideEncryptionConfiguration").inputs.rules, [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("forgets old versions, their marks and unfinished uploads, never a current object", async () => {
    const rules = async (changes: Partial<BucketArgs>) =>
      one(await registered(() => bucket(changes)), "BucketLifecycleConfiguration").inputs.rules as object[];
    const tidy = {
      id: "tidy",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    };
    assert.deepEqual(await rules({}), [tidy]);
    const [other] = await rules({ noncurrentVersionsInDays: 90 });
    assert.deepEqual(other, { ...tidy, noncurrentVersionExpiration: { noncurrentDays: 90 } });
  });

  it("blocks the public before it takes a policy, and is versioned before versions expire", async () => {
    const resources = await registered(() => bucket());
    const chain = ["BucketPublicAccessBlock", "BucketOwnershipControls", "BucketPolicy"];
    chain.slice(1).forEach((type, index) => {
      assertOrder(resources, [one(resources, chain[index]!)], [one(resources, type)]);
    });
    assertOrder(resources, [one(resources, "BucketVersioning")], [one(resources, "BucketLifecycleConfiguration")]);
  });

  for (const [retention, protect, retainOnDelete, forceDestroy] of [
    [Retention.Delete, false, false, true],
    [Retention.Retain, true, true, undefined],
    [Retention.Release, false, true, undefined],
  ] as const) {
    it(`under ${retention}, ${retainOnDelete ? "keeps its objects and its settings" : "goes, full as it is"}`, async () => {
      const resources = await registered(() => bucket({ retention }));
      const made = one(resources, BUCKET);
      assert.deepEqual(
        [made.protect, made.retainOnDelete, made.inputs.forceDestroy],
        [protect, retainOnDelete, forceDestroy],
      );
      for (const type of SETTINGS) assert.equal(one(resources, type).retainOnDelete, retainOnDelete, type);
    });
  }

  it("is protected under any retention where whoever makes it protects it", async () => {
    for (const retention of Object.values(Retention)) {
      const made = one(await registered(() => bucket({ retention }, { protect: true })), BUCKET);
      assert.equal(made.protect, true, retention);
    }
  });

  it("adopts a bucket that was kept, by its name, and makes one otherwise", async () => {
    const importId = async (adopt?: boolean) => one(await registered(() => bucket({ adopt })), BUCKET).importId;
    assert.deepEqual([await importId(true), await importId()], ["shop-images", ""]);
  });

  it("has a name that is known at a first preview, and passes on that it must be there first", async () => {
    const resources = await registered(
      () => new aws.s3.BucketObjectv2("first", { bucket: bucket().bucketName, key: "a" }),
      { preview: true },
    );
    const { outputs } = one(resources, "eks-storage:index:Bucket");
    assert.deepEqual(outputs, { bucketName: "shop-images", bucketArn: unknown });
    assertOrder(resources, [one(resources, BUCKET)], [one(resources, "BucketObjectv2")]);
  });

  for (const bucketName of [
    "ab",
    "a".repeat(64),
    "Shop",
    "shop_images",
    "shop.images",
    "-shop",
    "shop-",
    "xn--shop",
    "shop-s3alias",
  ]) {
    it(`refuses the name ${bucketName}`, async () => {
      assert.equal(
        await refused(() => bucket({ bucketName })),
        `Bucket "images" has an argument that can't work:
  - bucketName must be 3 to 63 lower-case letters, digits and hyphens, without S3's reserved beginnings and ends; it is '${bucketName}'.
    If a stack's name is part of it, name the stack in such letters. All of AWS shares these names.`,
      );
    });
  }

  it("takes the shortest and the longest name", async () => {
    for (const bucketName of ["a1b", "a".repeat(63)]) await registered(() => bucket({ bucketName }));
  });
});
