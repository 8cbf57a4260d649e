import assert from "node:assert/strict";
import { aloneAndInPairs, existingOf } from "../support/existing";
import { assertNotMade, pairsOf, StackOnExisting } from "./existing/stackOnExisting";
import { eventually } from "./living/livingStack";
import { type AwsRecord, token } from "../../local/aws/records";
import { changes } from "./localStack";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

/** What docs/existing.md says, on a cluster, on pairs, and on all existing resources at once; on each alone: existingAlone.spec.ts. */
describe("existing resources", function () {
  this.timeout("5m");
  inOrder(this);
  const dev = new StackOnExisting();
  before(() => dev.createExisting({ cluster: true, encryptedBucket: true }));
  after(() => dev.stop());

  it("are never taken over in the cluster: what docs/existing.md says must not be there is refused, all at once", async () => {
    const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "efs" } };
    dev.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "assets", labels: { owner: "shop" } } });
    dev.apply({ ...storageClass, provisioner: "example.com/nfs" });
    const { changes } = dev.existing["a VPC with a cluster"]!;
    await assert.rejects(dev.preview(...pairsOf(changes)));
    assert.match(
      dev.messages,
      /existingClusterName must be a cluster without a namespace assets, a storage class efs; it is '\S+'/,
    );
    await assert.rejects(dev.up(...pairsOf(changes)));
    const { metadata } = dev.kubectl("get", "namespace", "assets", "--output", "json") as {
      metadata: { labels: object };
    };
    assert.deepEqual(metadata.labels, { "kubernetes.io/metadata.name": "assets", owner: "shop" });
    dev.kubectl("delete", "namespace", "assets");
    dev.kubectl("delete", "storageclass", "efs");
    await dev.leaves(pairsOf(changes));
  });

  it("are looked at before anything is made: what isn't as docs/existing.md says is refused, all at once", async () => {
    const { existingVpcId, existingPrivateSubnetIds, mountedFileSystemId } = dev.existingResources;
    const subnets = dev.awsRecords().filter(({ type }) => type === token("ec2/subnet"));
    const isPrivate = ({ id }: AwsRecord) => Object.values(existingPrivateSubnetIds).includes(id);
    const isIn = (zone: string) => (it: AwsRecord) => it.properties.availabilityZone === zone;
    const open = subnets.find((it) => !isPrivate(it) && isIn("eu-west-1a")(it))!.id;
    const privateSubnetIds = { "eu-west-1a": open, "eu-west-1b": existingPrivateSubnetIds["eu-west-1a"]! };
    const config = pairsOf({
      existingVpcId,
      existingPrivateSubnetIds: privateSubnetIds,
      existingFileSystemId: mountedFileSystemId,
    });
    await assert.rejects(dev.preview(...config));
    // The engine repeats it at the end.
    const said = dev.messages.split("The configuration doesn't fit what exists already:\n")[1]!;
    for (const words of [
      `existingPrivateSubnetIds must be a private subnet for eu-west-1a, .*; it is '${open}, whose default route is the internet gateway igw-`,
      `existingPrivateSubnetIds must be a subnet in eu-west-1b; it is '${privateSubnetIds["eu-west-1b"]}, which has eu-west-1a'`,
      `existingFileSystemId must be a file system without mount targets, .*; it is '${mountedFileSystemId}'\\.\n.*${dev.existingResources.mountedFileSystemSecurityGroupId}`,
    ]) {
      assert.match(said, new RegExp(words));
    }
    assert.deepEqual(dev.awsRecords(), dev.had.aws);
  });

  // Their ids are known once they are there.
  const named = aloneAndInPairs(existingOf({} as StackOnExisting["existingResources"]));
  for (const [index, { names }] of named.entries()) {
    // A cluster comes with its VPC.
    if (names.length === 1 || names.join() === "a VPC,a VPC with a cluster") continue;
    it(`are no part of what a preview makes: ${names.join(" and ")}`, async () => {
      const { changes: configuration, notMade } = aloneAndInPairs(dev.existing)[index]!;
      const steps = changes(await dev.preview(...pairsOf(configuration)));
      assert.ok(Object.keys(steps).includes("kubernetes:apps/v1:Deployment assets"));
      assertNotMade(Object.keys(steps), notMade);
      assert.deepEqual(dev.awsRecords(), dev.had.aws);
    });
  }

  describe("a VPC with a cluster alone", () => {
    it("is used as it is, and still there after a destroy", async () => {
      const { changes, notMade } = dev.existing["a VPC with a cluster"]!;
      await dev.deploysAsPreviewed(pairsOf(changes), [notMade]);
      assert.deepEqual(dev.addedTo(dev.existingResources.existingClusterName), [
        "eks/addon",
        "eks/podIdentityAssociation",
      ]);
      await dev.leaves(pairsOf(changes));
    });
  });

  describe("all at once", () => {
    let config: string[];
    before(() => {
      config = pairsOf(
        Object.assign({}, ...Object.values(dev.existing).map(({ changes }) => changes)) as Record<string, unknown>,
      );
    });

    it("are used as they are", async () => {
      const notMade = Object.values(dev.existing).map((it) => it.notMade);
      await dev.deploysAsPreviewed(config, notMade);
    });

    it("carry the workloads, whose images are below assets/ in the bucket", async () => {
      const { items } = dev.kubectl("get", "deployments,statefulsets", "--all-namespaces", "--output", "json");
      const ready = items.map(({ metadata, status }: any) => `${metadata.name} ${status.readyReplicas}`);
      for (const workload of ["assets 2", "catalog 2", "catalog-mysql 1"]) {
        assert.ok(ready.includes(workload), workload);
      }
      await eventually(() => assert.notDeepEqual(dev.objects(), []));
      const volumes = dev.kubectl("get", "pv", "--output", "json").items.map(({ spec }: any) => spec);
      const images = volumes.find(({ csi }: any) => csi.driver === "s3.csi.aws.com");
      assert.equal(images.csi.volumeAttributes.bucketName, dev.existingResources.existingBucketName);
      assert.ok(images.mountOptions.includes("prefix assets/"));
    });

    it("get added what the page names, and no setting", () => {
      const { existingVpcId, existingFileSystemId, existingClusterName, existingBucketName } = dev.existingResources;
      assert.deepEqual(dev.addedTo(existingVpcId), ["ec2/securityGroup"]);
      assert.deepEqual(dev.addedTo(existingFileSystemId), ["efs/accessPoint", "efs/mountTarget"]);
      assert.deepEqual(dev.addedTo(existingClusterName), ["eks/addon", "eks/podIdentityAssociation"]);
      assert.deepEqual(dev.addedTo(existingBucketName), ["s3/object"]);
      assert.deepEqual(dev.addedTo(dev.existingResources.existingKeyArn), ["ebs/volume"]);
    });

    it("stay as they are when nothing changed", async () => {
      assert.deepEqual(changes(await dev.up(...config)), {});
    });

    it("outlive the stack, of which only the objects stay", () => dev.leaves(config));
  });

  describe("a cluster, and a file system with mount targets, under retain and release", () => {
    let config: string[];
    let kept: string[];
    before(() => {
      config = pairsOf({
        ...dev.existing["a VPC with a cluster"]!.changes,
        existingFileSystemId: dev.existingResources.mountedFileSystemId,
        existingFileSystemSecurityGroupId: dev.existingResources.mountedFileSystemSecurityGroupId,
        assetsProvisioning: "dynamic",
      });
    });
    const volumes = (): any[] => dev.kubectl("get", "pv", "--output", "json").items;
    /** The directories of the dynamic volumes, by access point. */
    const directories = () =>
      dev
        .added()
        .filter(({ type, properties }) => type.startsWith("aws:efs/") && isDynamic(properties))
        .map(({ properties }) => properties.rootDirectory);
    const isDynamic = ({ tags }: Record<string, unknown>) => Object(tags)["efs.csi.aws.com/cluster"] === "true";
    /** As docs/existing.md has it, for volumes whose driver is gone. */
    const forget = (volume: any) => {
      dev.kubectl("delete", "pv", volume.metadata.name, "--wait=false");
      if (!volumes().some(({ metadata }) => metadata.name === volume.metadata.name)) return;
      dev.kubectl("patch", "pv", volume.metadata.name, "--patch", '{"metadata":{"finalizers":null}}');
    };

    it("are used as they are: access points, and one rule in the mount targets' security group", async () => {
      await dev.up(...config, "retention=retain");
      dev.assertOwnersAsBefore();
      assert.deepEqual(dev.addedTo(dev.existingResources.mountedFileSystemId), ["efs/accessPoint"]);
      assert.deepEqual(dev.addedTo(dev.existingResources.mountedFileSystemSecurityGroupId), [
        "vpc/securityGroupIngressRule",
      ]);
      assert.deepEqual(dev.addedTo(dev.existingResources.existingVpcId), []);
      await assert.rejects(dev.destroy(...config, "retention=retain"), /protected/);
    });

    it("outlive a stack that is released, of which its data stays, a dynamic volume's access point too", async () => {
      await dev.up(...config, "retention=release");
      await dev.destroy(...config, "retention=release");
      kept = [...dev.messages.matchAll(/pulumi config set (\S+) (\S+)/g)].map(([, key, value]) => `${key}=${value}`);
      dev.assertOwnersAsBefore();
      const types = dev.added().map(({ type }) => type.split(":")[1]!);
      // The objects are an earlier stack's.
      assert.deepEqual(types.filter((type) => type !== "s3/object").sort(), [
        "backup/vault",
        "backup/vaultLockConfiguration",
        "ebs/volume",
        "efs/accessPoint",
        "efs/accessPoint",
        "iam/role",
        "iam/rolePolicyAttachment",
        "iam/rolePolicyAttachment",
        "kms/key",
        "ssm/parameter",
        "ssm/parameter",
      ]);
      const { kubernetes } = await dev.inventory();
      const stays = kubernetes.filter(({ id }) => !dev.had.kubernetes.some((it) => it.id === id));
      assert.deepEqual(
        stays.map(({ type }) => type),
        ["Namespace", "PersistentVolumeClaim", "PersistentVolume", "PersistentVolume"],
      );
    });

    it("are used again by a stack that adopts its data, once there is room in the cluster", async () => {
      const database = volumes().find(({ spec }) => spec.claimRef.namespace === "catalog");
      const words = { NAME: database.metadata.name as string };
      for (const line of commandsOf("docs/existing.md", "What stays after a destroy", words)) dev.shell(line);
      assert.ok(!volumes().some(({ spec }) => spec.claimRef.namespace === "catalog"));
      const before = dev.added().map(({ id }) => id);
      await dev.up(...config, ...kept, "retention=release");
      const after = dev.added().map(({ id }) => id);
      assert.deepEqual(
        before.filter((id) => !after.includes(id)),
        [],
      );
      dev.assertOwnersAsBefore();
      const [old, anew] = directories();
      assert.ok(old && anew);
      assert.deepEqual(anew, old, "the images are found again");
    });

    it("outlive it when nothing is kept any more, once access points that were kept are deleted", async () => {
      await dev.up(...config, ...kept, "retention=delete");
      await dev.destroy(...config, ...kept, "retention=delete");
      volumes().forEach(forget);
      dev.deleteInAws(({ properties }) => isDynamic(properties));
      await dev.assertAsBefore();
    });
  });

  describe("in the end", () => {
    it("are their owner's to delete, who leaves nothing", () => dev.ownerLeaves());
  });
});
