import assert from "node:assert/strict";
import { changes, LocalStack } from "./localStack";
import { effects, eventually } from "./living/livingStack";
import { NAMESPACE, otherModes, podOn } from "./otherModes";
import { inOrder } from "../support/inOrder";
import { commandsOf } from "../support/pages";

describe("assets on S3", function () {
  this.timeout("4m");
  inOrder(this);

  describe("dev, switched to and fro", () => {
    const dev = new LocalStack("dev");
    const bucket = "eks-storage-dev-assets-111101013333";
    /** Of the file system, which is there in any case. */
    const onFileSystem = ["efsThroughputMode=bursting", "efsBackOnAccess=false"];
    const on = (storage: string, ...more: string[]) => [`assetsStorage=${storage}`, ...onFileSystem, ...more];
    before(() => dev.start());
    after(() => dev.stop());

    const volumeOfAssets = async () => {
      const { pvcNames } = dev.outputs();
      const claim = dev.kubectl("get", "pvc", pvcNames!.value.assets, "--namespace", "assets", "--output", "json");
      assert.equal(claim.status.phase, "Bound");
      return dev.kubectl("get", "pv", claim.spec.volumeName, "--output", "json").spec;
    };
    const fileSystem = () =>
      dev.awsRecords().find(({ type }) => type === "aws:efs/fileSystem:FileSystem")!.properties as Record<
        string,
        unknown
      >;
    /** What there is of the kinds that a switch makes or deletes, by type. */
    const s3InAws = () => dev.awsTypes().filter((type) => type.startsWith("aws:s3/"));
    const volumes = () => dev.kubectl("get", "pv", "--output", "json").items.map(({ spec }: any) => spec.csi.driver);

    it("deploys what its preview shows, and stays as it is", async () => {
      const previewed = Object.keys(changes(await dev.preview(...on("s3"))));
      const made = Object.keys(changes(await dev.up(...on("s3"))));
      const own = (keys: string[]) => keys.filter((key) => !/ eks-storage-dev-eks|^pulumi:providers:/.test(key)).sort();
      assert.deepEqual(own(previewed), own(made));
      assert.deepEqual(changes(await dev.up(...on("s3"))), {});
    });

    it("runs the pods on the bucket, which they fill", async () => {
      assert.equal(dev.outputs().bucketName!.value, bucket);
      const { csi, mountOptions } = await volumeOfAssets();
      assert.deepEqual([csi.driver, csi.volumeAttributes.bucketName], ["s3.csi.aws.com", bucket]);
      assert.ok(mountOptions.includes("region eu-west-1"));
      const { readyReplicas } = dev.kubectl("get", "deployment", "assets", "-n", "assets", "--output", "json").status;
      assert.equal(readyReplicas, 2);
      await eventually(() => assert.ok(s3InAws().includes("aws:s3/object:Object")));
    });

    it("has a file system beside it that bursts, and moves no file back on access", () => {
      const { throughputMode, lifecyclePolicies } = fileSystem();
      assert.deepEqual([throughputMode, lifecyclePolicies], ["bursting", [{ transitionToIa: "AFTER_30_DAYS" }]]);
    });

    it("serves the other access modes: EFS to one node, S3 to readers, a disk to a single pod", async () => {
      const other = dev.neighbour("staging", otherModes(await dev.outputsWithSecrets()));
      await other.up();
      const { items } = dev.kubectl("get", "pv", "--output", "json");
      const modes = items
        .filter(({ spec }: any) => spec.claimRef.namespace === NAMESPACE)
        .map(({ spec, status }: any) => [
          spec.csi.driver,
          spec.storageClassName ?? "",
          ...spec.accessModes,
          status.phase,
        ]);
      assert.deepEqual(modes.sort(), [
        ["ebs.csi.aws.com", "ebs", "ReadWriteOncePod", "Bound"],
        ["efs.csi.aws.com", "", "ReadWriteOnce", "Bound"],
        ["efs.csi.aws.com", "efs", "ReadWriteOnce", "Bound"],
        ["s3.csi.aws.com", "", "ReadOnlyMany", "Bound"],
      ]);
      dev.apply({ apiVersion: "v1", kind: "Pod", ...podOn("second", "ebs-dynamic") });
      await eventually(() => {
        const { conditions } = dev.kubectl("get", "pod", "second", "--namespace", NAMESPACE, "--output", "json").status;
        assert.match(conditions[0].message, /ReadWriteOncePod access mode already in-use by another pod/);
      });
      dev.kubectl("delete", "pod", "second", "--namespace", NAMESPACE);
      await other.destroy();
      const { kubernetes } = await dev.inventory();
      assert.deepEqual(
        kubernetes.filter(({ id }) => id.startsWith(NAMESPACE)),
        [],
      );
    });

    it("moves to EFS: pods first, then bucket and driver go, objects and all", async () => {
      const steps = effects(await dev.up(...on("efs")));
      assert.equal(steps["kubernetes:apps/v1:Deployment assets"], "update");
      assert.equal(steps["aws:s3/bucket:Bucket eks-storage-dev-assets"], "delete");
      assert.equal((await volumeOfAssets()).csi.driver, "efs.csi.aws.com");
      assert.deepEqual(volumes().sort(), ["ebs.csi.aws.com", "efs.csi.aws.com"]);
      assert.deepEqual(s3InAws(), []);
      assert.equal(dev.outputs().bucketName, undefined);
    });

    it("moves back to S3, and nothing else changes", async () => {
      const [setting] = commandsOf("docs/storage.md", "S3");
      const steps = effects(
        await dev.up(...onFileSystem, setting!.replace(/^pulumi config set (\S+) (\S+)$/, "$1=$2")),
      );
      const others = Object.entries(steps).filter(
        ([key, op]) => op !== "create" && !/ assets(-assets-\w+)?$/.test(key),
      );
      assert.deepEqual(
        others.map(([key]) => key).filter((key) => !/eks-storage-dev(-notice|-kept)?$/.test(key)),
        [],
      );
      assert.deepEqual(volumes().sort(), ["ebs.csi.aws.com", "s3.csi.aws.com"]);
      assert.deepEqual(changes(await dev.up(...on("s3"))), {});
    });

    it("leaves its bucket behind under release, with what is in it", async () => {
      await dev.up(...on("s3", "retention=release"));
      await eventually(() => assert.ok(s3InAws().includes("aws:s3/object:Object")));
      const kept = s3InAws();
      await dev.up(...on("efs", "retention=release"));
      assert.deepEqual(s3InAws(), kept);
    });

    it("adopts it under delete, and from then on it goes with the stack, objects and all", async () => {
      const again = on("s3", `adoptBucketName=${bucket}`);
      const steps = await dev.up(...again);
      // Imported, then updated: a destroy may empty it.
      assert.equal(steps["aws:s3/bucket:Bucket eks-storage-dev-assets"], "update");
      assert.equal((await volumeOfAssets()).csi.volumeAttributes.bucketName, bucket);
      assert.ok(s3InAws().includes("aws:s3/object:Object"));
      assert.deepEqual(changes(await dev.up(...again)), {});
      await dev.destroy(...again);
      assert.deepEqual(await dev.leaked(), []);
    });
  });
});
