import assert from "node:assert/strict";
import * as http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { Drain } from "../../../components/drain";
import { one, registered } from "../../support/queries";

/** What the API server has, by path. A path that isn't there is answered with 404. */
type Contents = Record<string, object[]>;

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
  let provider: Required<pulumi.dynamic.ResourceProvider>;
  let server: http.Server;
  let address: string;
  let answers: Contents[];
  let printed: string[];
  const print = console.log;

  before(async () => {
    // What the state holds is all that a destroy has: the code is taken from there, as the plugin's host takes it.
    const args = { driver: "ebs.csi.aws.com", kubeconfig: "{}", timeoutInMinutes: 1 };
    const { inputs } = one(await registered(() => new Drain("drain", args, {})), "dynamic:Resource");
    const requireFromString = createRequire(require.resolve("@pulumi/pulumi"))("require-from-string") as (
      code: string,
    ) => { handler(): typeof provider };
    provider = requireFromString(inputs.__provider as string).handler();
  });

  beforeEach(async () => {
    printed = [];
    answers = [];
    server = http.createServer((request, response) => {
      const items = answers[0]![request.url!];
      response.writeHead(items ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(items ? { items } : { kind: "Status", code: 404 }));
      if (request.url === SNAPSHOTS && answers.length > 1) answers.shift(); // asked for last
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    console.log = (line: string) => printed.push(line);
  });

  afterEach(() => {
    console.log = print;
    delete process.env["PULUMI_K8S_DELETE_UNREACHABLE"];
    server.closeAllConnections();
    server.close();
  });

  const drain = (timeoutInMinutes: number, ...contents: Contents[]) => {
    answers = contents;
    const kubeconfig = JSON.stringify({
      clusters: [{ name: "c", cluster: { server: address, "insecure-skip-tls-verify": true } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: { token: "t" } }],
      "current-context": "c",
    });
    return provider.delete("ebs.csi.aws.com", { driver: "ebs.csi.aws.com", kubeconfig, timeoutInMinutes });
  };

  it("lets the driver go at once when nothing of it is left, and no snapshots are known", async () => {
    await drain(0, empty);
  });

  it("waits for nothing that the driver won't delete", async () => {
    await drain(0, {
      [VOLUMES]: [volume("other", "efs.csi.aws.com"), volume("kept", "ebs.csi.aws.com", "Retain")],
      [ATTACHMENTS]: [attachment("other", "efs.csi.aws.com")],
      [SNAPSHOTS]: [snapshot("other", "efs.csi.aws.com"), snapshot("kept", "ebs.csi.aws.com", "Retain")],
    });
  });

  it("waits until the last volume is gone, and says what it waits for", async () => {
    await drain(1, { ...empty, [VOLUMES]: [volume("pv-1")] }, empty);
    assert.deepEqual(printed, [
      "Drain of ebs.csi.aws.com: waiting for 1: PersistentVolume pv-1 (claim shop/data) (0 s)",
    ]);
  });

  it("gives up after its time, and names what is left", async () => {
    const contents = {
      [VOLUMES]: [volume("pv-1")],
      [ATTACHMENTS]: [attachment("at-1")],
      [SNAPSHOTS]: [snapshot("s-1")],
    };
    await assert.rejects(drain(0, contents), {
      message: `The drain of ebs.csi.aws.com waited 0 min and these are still there:
  - PersistentVolume pv-1 (claim shop/data)
  - VolumeAttachment at-1 (node node-1)
  - VolumeSnapshotContent s-1
The driver stays, since only it can delete them. Delete what uses them (kubectl get pvc -A), then run pulumi destroy again.`,
    });
  });

  it("keeps the driver when the cluster doesn't answer, and says how it is let go", async () => {
    server.close();
    await assert.rejects(
      drain(0, empty),
      /^Error: The drain of ebs\.csi\.aws\.com can't ask the cluster what volumes are left: .+\nIf the cluster is gone for good, run again with PULUMI_K8S_DELETE_UNREACHABLE=true and look for its disks and access points in the AWS console\.$/,
    );
  });

  it("lets the driver go when the cluster is said to be gone", async () => {
    server.close();
    process.env["PULUMI_K8S_DELETE_UNREACHABLE"] = "true";
    await drain(0, empty);
  });

  it("is updated for a new kubeconfig or time, and another drain for another driver", async () => {
    const olds = { driver: "ebs.csi.aws.com", kubeconfig: "a", timeoutInMinutes: 1 };
    assert.deepEqual(await provider.diff("id", olds, olds), { changes: false, replaces: [] });
    for (const change of [{ kubeconfig: "b" }, { timeoutInMinutes: 2 }]) {
      assert.deepEqual(await provider.diff("id", olds, { ...olds, ...change }), { changes: true, replaces: [] });
      assert.deepEqual(await provider.update("id", olds, { ...olds, ...change }), { outs: { ...olds, ...change } });
    }
    const other = { ...olds, driver: "efs.csi.aws.com" };
    assert.deepEqual(await provider.diff("id", olds, other), { changes: true, replaces: ["driver"] });
    assert.deepEqual(await provider.create(olds), { id: "ebs.csi.aws.com", outs: olds });
  });
});
