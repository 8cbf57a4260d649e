import assert from "node:assert/strict";
import { changes, LocalStack } from "./localStack";
import { effects, eventually } from "./living/livingStack";

describe("assets on S3", function () {
  this.timeout("4m");
  this.bail(true);

  describe("dev, switched to and fro", () => {
    const dev = new LocalStack("dev");
    const bucket = "eks-storage-dev-assets-111122223333";
    before(() => dev.start());
    after(() => dev.stop());

    const volumeOfAssets = async () => {
      const { pvcNames } = await dev.outputs();
      const claim = dev.kubectl("get", "pvc", pvcNames!.value.assets, "--namespace", "assets", "--output", "json");
      assert.equal(claim.status.phase, "Bound");
      return dev.kubectl("get", "pv", claim.spec.volumeName, "--output", "json").spec;
    };
    /** What there is of the kinds that a switch makes or deletes, by type. */
    const s3InAws = () => dev.awsTypes().filter((type) => type.startsWith("aws:s3/"));
    const volumes = () => dev.kubectl("get", "pv", "--output", "json").items.map(({ spec }: any) => spec.csi.driver);

    it("deploys what its preview shows, and stays as it is", async () => {
      const previewed = Object.keys(changes(await dev.preview("assetsStorage=s3")));
      const made = Object.keys(changes(await dev.up("assetsStorage=s3")));
      const own = (keys: string[]) => keys.filter((key) => !/ eks-storage-dev-eks|^pulumi:providers:/.test(key)).sort();
      assert.deepEqual(own(previewed), own(made));
      assert.deepEqual(changes(await dev.up("assetsStorage=s3")), {});
    });

    it("runs the pods on the bucket, which they fill", async () => {
      assert.equal((await dev.outputs()).bucketName!.value, bucket);
      const { csi, mountOptions } = await volumeOfAssets();
      assert.deepEqual([csi.driver, csi.volumeAttributes.bucketName], ["s3.csi.aws.com", bucket]);
      assert.ok(mountOptions.includes("region eu-west-1"));
      const { readyReplicas } = dev.kubectl("get", "deployment", "assets", "-n", "assets", "--output", "json").status;
      assert.equal(readyReplicas, 2);
      await eventually(() => assert.ok(s3InAws().includes("aws:s3/object:Object")));
    });

    it("moves to EFS: pods first, then bucket and driver go, objects and all", async () => {
      const steps = effects(await dev.up("assetsStorage=efs"));
      assert.equal(steps["kubernetes:apps/v1:Deployment assets"], "update");
      assert.equal(steps["aws:s3/bucket:Bucket eks-storage-dev-assets"], "delete");
      assert.equal((await volumeOfAssets()).csi.driver, "efs.csi.aws.com");
      assert.deepEqual(volumes().sort(), ["ebs.csi.aws.com", "efs.csi.aws.com"]);
      assert.deepEqual(s3InAws(), []);
      assert.equal((await dev.outputs()).bucketName, undefined);
    });

    it("moves back to S3, and nothing else changes", async () => {
      const steps = effects(await dev.up("assetsStorage=s3"));
      const others = Object.entries(steps).filter(
        ([key, op]) => op !== "create" && !/ assets(-assets-\w+)?$/.test(key),
      );
      assert.deepEqual(
        others.map(([key]) => key).filter((key) => !/eks-storage-dev(-notice)?$/.test(key)),
        [],
      );
      assert.deepEqual(volumes().sort(), ["ebs.csi.aws.com", "s3.csi.aws.com"]);
      assert.deepEqual(changes(await dev.up("assetsStorage=s3")), {});
    });

    it("leaves nothing behind, though the bucket is full", async () => {
      await eventually(() => assert.ok(s3InAws().includes("aws:s3/object:Object")));
      await dev.destroy("assetsStorage=s3");
      assert.deepEqual(await dev.inventory(), { aws: [], kubernetes: [] });
    });
  });
});
