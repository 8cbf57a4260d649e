import assert from "node:assert/strict";
import { inOrder } from "../support/inOrder";
import { changes, LocalStack } from "./localStack";

describe("a Pod Identity association that takes seconds to be effective", function () {
  this.timeout("5m");
  inOrder(this);
  const dev = new LocalStack("dev");
  const config = ["assetsStorage=s3"];
  const driverPods = () =>
    dev
      .kubectl("get", "pods", "--namespace", "kube-system", "--output", "json")
      .items.map(({ metadata, spec }: any) => [metadata.name, spec.containers[0].env?.[0]?.name])
      .sort();

  before(() => dev.start());
  after(() => dev.stop());

  it("leaves no driver without credentials: pods that were made too early are restarted, and volumes work", async () => {
    dev.delayPodIdentity(5);
    await dev.up(...config);
    assert.match(dev.messages, /Credentials of aws-ebs-csi-driver: restarts ebs-csi-controller, made before/);
    assert.match(dev.messages, /Credentials of aws-mountpoint-s3-csi-driver: restarts s3-csi-driver, made before/);
    const credentials = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    assert.deepEqual(driverPods(), [
      ["ebs-csi-controller", credentials],
      ["efs-csi-controller", credentials],
      ["efs-csi-node", credentials],
      ["s3-csi-driver", credentials],
    ]);
    const claims = dev.kubectl("get", "pvc", "--all-namespaces", "--output", "json").items;
    assert.deepEqual(
      claims.map(({ status }: any) => status.phase),
      ["Bound", "Bound"],
    );
  });

  it("is looked at once: nothing changes afterwards", async () => {
    assert.deepEqual(changes(await dev.up(...config)), {});
    await dev.destroy(...config);
  });
});
