import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Drain } from "../../../../components/csi/drain";
import { codeOf, type Contents, withCluster } from "../../../support/stateCode";

const VOLUMES = "/api/v1/persistentvolumes";
const ATTACHMENTS = "/apis/storage.k8s.io/v1/volumeattachments";
const SNAPSHOTS = "/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents";
const empty: Contents = { [VOLUMES]: [], [ATTACHMENTS]: [] };

const volume = (name: string, driver = "ebs.csi.aws.com", persistentVolumeReclaimPolicy = "Delete") => ({
  metadata: { name },
  spec: { csi: { driver }, persistentVolumeReclaimPolicy, claimRef: { namespace: "shop", name: "data" } },
});
const attachment = (name: string, attacher = "ebs.csi.aws.com") => ({
  metadata: { name },
  spec: { attacher, nodeName: "node-1" },
});
const snapshot = (name: string, driver = "ebs.csi.aws.com", deletionPolicy = "Delete") => ({
  metadata: { name },
  spec: { driver, deletionPolicy },
});

describe("Drain", () => {
  let code: Required<pulumi.dynamic.ResourceProvider>;

  before(async () => {
    const args = { driver: "ebs.csi.aws.com", kubeconfig: "{}", timeoutInMinutes: 1 };
    code = await codeOf(() => new Drain("drain", args, {}));
  });

  afterEach(() => {
    delete process.env["PULUMI_K8S_DELETE_UNREACHABLE"];
  });

  const drain = (kubeconfig: string, timeoutInMinutes = 0) =>
    code.delete("ebs.csi.aws.com", { driver: "ebs.csi.aws.com", kubeconfig, timeoutInMinutes });

  it("lets the driver go at once when nothing of it is left, and no snapshots are known", async () => {
    await withCluster(empty, (kubeconfig) => drain(kubeconfig));
  });

  it("waits for nothing that the driver won't delete", async () => {
    const others = {
      [VOLUMES]: [volume("other", "efs.csi.aws.com"), volume("kept", "ebs.csi.aws.com", "Retain")],
      [ATTACHMENTS]: [attachment("other", "efs.csi.aws.com")],
      [SNAPSHOTS]: [snapshot("other", "efs.csi.aws.com"), snapshot("kept", "ebs.csi.aws.com", "Retain")],
    };
    await withCluster(others, (kubeconfig) => drain(kubeconfig));
  });

  it("waits until the last volume is gone, and says what it waits for", async () => {
    const printed = await withCluster({ ...empty, [VOLUMES]: [volume("pv-1")] }, async (kubeconfig, change) => {
      let gone = false;
      const waiting = drain(kubeconfig, 1).then(() => assert.ok(gone, "it didn't wait"));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      gone = true;
      change(empty);
      await waiting;
    });
    const news = "Drain of ebs.csi.aws.com: waiting for 1: PersistentVolume pv-1 (claim shop/data) (0 s)";
    assert.deepEqual(printed, [news]);
  });

  it("gives up after its time, and names what is left", async () => {
    const contents = {
      [VOLUMES]: [volume("pv-1")],
      [ATTACHMENTS]: [attachment("at-1")],
      [SNAPSHOTS]: [snapshot("s-1")],
    };
    await withCluster(contents, (kubeconfig) =>
      assert.rejects(drain(kubeconfig), {
        message: `The drain of ebs.csi.aws.com waited 0 min and these are still there:
  - PersistentVolume pv-1 (claim shop/data)
  - VolumeAttachment at-1 (node node-1)
  - VolumeSnapshotContent s-1
The driver stays, since only it can delete them. Delete what uses them (kubectl get pvc -A), then run pulumi destroy again.`,
      }),
    );
  });

  it("keeps the driver when the cluster doesn't answer, and says how it is let go", async () => {
    await withCluster(undefined, (kubeconfig) =>
      assert.rejects(
        drain(kubeconfig),
        /^Error: The drain of ebs\.csi\.aws\.com can't ask the cluster what volumes are left: .+\nIf the cluster is gone for good, run again with PULUMI_K8S_DELETE_UNREACHABLE=true and look for its disks and access points in the AWS console\.$/,
      ),
    );
  });

  it("lets the driver go when the cluster is said to be gone", async () => {
    process.env["PULUMI_K8S_DELETE_UNREACHABLE"] = "true";
    await withCluster(undefined, (kubeconfig) => drain(kubeconfig));
  });

  it("is updated for a new kubeconfig or time, and another drain for another driver", async () => {
    const olds = { driver: "ebs.csi.aws.com", kubeconfig: "a", timeoutInMinutes: 1 };
    assert.deepEqual(await code.diff("id", olds, olds), { changes: false, replaces: [] });
    for (const change of [{ kubeconfig: "b" }, { timeoutInMinutes: 2 }]) {
      assert.deepEqual(await code.diff("id", olds, { ...olds, ...change }), { changes: true, replaces: [] });
      assert.deepEqual(await code.update("id", olds, { ...olds, ...change }), { outs: { ...olds, ...change } });
    }
    const other = { ...olds, driver: "efs.csi.aws.com" };
    assert.deepEqual(await code.diff("id", olds, other), { changes: true, replaces: ["driver"] });
    assert.deepEqual(await code.create(olds), { id: "ebs.csi.aws.com", outs: olds });
  });
});
