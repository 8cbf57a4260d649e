import assert from "node:assert/strict";
import { durabilityOf, policyGrants } from "../support/facts";
import { program } from "../support/program";
import { all, assertOrder, one } from "../support/queries";
import { type Registration, unknown } from "../support/registrations";

const changes = { assetsStorage: "s3" };
const BUCKET = "aws:s3/bucket:Bucket";

describe("the program, with the assets on S3", () => {
  let applied: Registration[];

  before(async () => {
    applied = await program("dev", { changes });
  });

  const outputs = (registrations: Registration[]) => one(registrations, "pulumi:pulumi:Stack").outputs ?? {};

  it("has a bucket of its account and stack, whose name a first preview knows, and none on EFS", async () => {
    const previewed = await program("dev", { changes, preview: true });
    const urns = (registrations: Registration[]) => registrations.map(({ urn }) => urn).sort();
    assert.deepEqual(urns(previewed), urns(applied));
    assert.equal(outputs(previewed)["bucketName"], "eks-storage-dev-assets-111101013333");
    const { csi } = one(previewed, "PersistentVolume").inputs.spec;
    assert.equal(csi.volumeAttributes.bucketName, outputs(previewed)["bucketName"]);
    assert.notEqual(csi.volumeHandle, unknown);
    const onEfs = await program("dev");
    assert.deepEqual([all(onEfs, BUCKET), "bucketName" in outputs(onEfs)], [[], false]);
    assert.ok(!all(onEfs, "Addon").some(({ inputs }) => /mountpoint/.test(inputs.addonName as string)));
  });

  it("makes the bucket, all of it, then the driver, then its drain, then volume and pods", () => {
    const settings = applied.filter(({ type }) => type.startsWith("aws:s3/"));
    assert.equal(settings.length, 7);
    const addon = all(applied, "Addon").filter(({ inputs }) => /mountpoint/.test(inputs.addonName as string));
    const drain = [one(applied, "pulumi-nodejs:dynamic:Resource", "s3-csi-drain")];
    const users = [one(applied, "PersistentVolume"), one(applied, "Deployment", "assets")];
    assertOrder(applied, [...settings, ...all(applied, "NodeGroup")], addon);
    assertOrder(applied, addon, drain);
    assertOrder(applied, [...settings, ...drain], users);
    assertOrder(applied, [...settings, ...drain], [one(applied, "DeletionProtection")]);
  });

  it("lets the driver reach this bucket, and nothing else", () => {
    const [policy, ...others] = all(applied, "RolePolicy").filter(({ name }) => name.startsWith("s3-csi"));
    const resources = policyGrants(policy!).flatMap((grant) => grant.resources);
    const arn = "arn:aws:s3:::eks-storage-dev-assets-111101013333";
    assert.deepEqual([resources, others], [[arn, `${arn}/*`], []]);
  });

  it("keeps its traffic in the VPC: every node's subnet has the way to S3 of its own region", () => {
    const { routeTableIds, serviceName, vpcEndpointType } = one(applied, "VpcEndpoint").inputs;
    assert.deepEqual([serviceName, vpcEndpointType], ["com.amazonaws.eu-west-1.s3", "Gateway"]);
    const tableOf = new Map(
      all(applied, "RouteTableAssociation").map(({ inputs }) => [inputs.subnetId, inputs.routeTableId as string]),
    );
    const subnets = all(applied, "NodeGroup").flatMap(({ inputs }) => inputs.subnetIds as string[]);
    assert.equal(subnets.length, 2);
    for (const subnet of subnets) assert.ok((routeTableIds as string[]).includes(tableOf.get(subnet)!), subnet);
    const { mountOptions } = one(applied, "PersistentVolume").inputs.spec;
    assert.ok((mountOptions as string[]).includes("region eu-west-1"), "a way to another region's S3 leads outside");
  });

  it("encrypts with the account's key on request, and lets the driver use it", async () => {
    const keyed = await program("dev", { changes: { ...changes, encryptionKey: "customer" } });
    const [rule] = one(keyed, "BucketServerSideEncryptionConfiguration").inputs.rules;
    const key = rule.applyServerSideEncryptionByDefault.kmsMasterKeyId as string;
    assert.match(key, /^arn:/);
    const grants = policyGrants(one(keyed, "RolePolicy", "s3-csi-node-kms")).flatMap(({ resources }) => resources);
    assert.deepEqual(grants, [key]);
  });

  it("keeps the bucket with prod's other data, and adopts one that was kept", async () => {
    const kept = durabilityOf(await program("prod", { changes }));
    assert.ok(kept.protected.includes("Bucket eks-storage-prod-assets"));
    assert.equal(kept.retained.filter((it) => it.startsWith("Bucket")).length, 7);
    const adoptBucketName = "shop-of-old";
    const again = await program("prod", { changes: { ...changes, adoptBucketName } });
    assert.equal(one(again, BUCKET).importId, adoptBucketName);
    assert.equal(
      one(again, "PersistentVolume", undefined).inputs.spec.csi.volumeAttributes.bucketName,
      adoptBucketName,
    );
    const { configuration } = one(again, "dynamic:Resource", "eks-storage-prod-notice").inputs;
    assert.equal(configuration.adoptBucketName, adoptBucketName);
  });
});
