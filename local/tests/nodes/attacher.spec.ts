import assert from "node:assert/strict";
import type { Fields } from "../../kubernetes/client";
import { runAttacher } from "../../nodes/attacher";
import type { ClusterState } from "../../nodes/clusterState";
import { workingDrivers } from "../../nodes/csiDrivers";
import { attempt, clusterWith, FakeApi, object } from "../support/cluster";
import { drivers } from "../support/csiDrivers";
import { localCloud } from "../support/localCloud";

const UID = "0a1b";

describe("The attacher", () => {
  const { records } = localCloud();
  let fake: FakeApi;
  beforeEach(() => {
    fake = new FakeApi();
    records(...drivers);
  });

  const controllers = (seen: Partial<ClusterState>) =>
    runAttacher(fake.api, clusterWith(seen), workingDrivers().provisioning, attempt);

  const ATTACHER = "external-attacher/ebs-csi-aws-com";
  const attachment = (status: Fields = {}) =>
    object("VolumeAttachment", "csi-1", {
      spec: { attacher: "ebs.csi.aws.com", nodeName: "n", source: { persistentVolumeName: `pvc-${UID}` } },
      status,
    });

  it("forgets an attachment of a driver that attaches nothing, and of no other", async () => {
    records(...drivers);
    const of = (name: string, attacher: string) => object("VolumeAttachment", name, { spec: { attacher } });
    await controllers({ attachments: [of("csi-2", "efs.csi.aws.com"), of("csi-3", "somebody-elses")] });
    assert.deepEqual(fake.calls, [["delete", "csi-2"]]);
  });

  it("keeps a volume that it attaches, until it is deleted and no node has it any more", async () => {
    const spec = { csi: { driver: "ebs.csi.aws.com", volumeHandle: "vol-11111111" } };
    const kept = (finalizers: string[], metadata: Fields = {}) =>
      object("PersistentVolume", `pvc-${UID}`, { spec }, { finalizers, ...metadata });
    await controllers({ volumes: [kept(["kubernetes.io/pv-protection"])], attachments: [attachment()] });
    assert.deepEqual(fake.calls, [
      ["merge", `pvc-${UID}`, { metadata: { finalizers: ["kubernetes.io/pv-protection", ATTACHER] } }],
      ["merge", "csi-1", { metadata: { finalizers: [ATTACHER] } }],
      ["merge", "csi-1", { status: { attached: true } }],
    ]);
    fake.calls = [];
    const deleted = kept([ATTACHER], { deletionTimestamp: "now" });
    await controllers({ volumes: [deleted], attachments: [attachment({ attached: true })] });
    records(...drivers.filter(({ id }) => id !== "ebs"));
    await controllers({ volumes: [deleted] });
    assert.deepEqual(fake.calls, []);
    records(...drivers);
    await controllers({ volumes: [deleted] });
    assert.deepEqual(fake.calls, [["merge", `pvc-${UID}`, { metadata: { finalizers: [] } }]]);
  });
});
