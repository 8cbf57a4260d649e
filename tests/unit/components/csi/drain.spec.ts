import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Drain } from "../../../../components/csi/drain";
import { type Contents, forbidden } from "../../../support/apiServer";
import { codeOf, withCluster } from "../../../support/stateCode";
import { whileTimeFlies } from "../../../support/time";

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
    await withCluster(empty, (cluster) => drain(cluster.kubeconfig()));
  });

  it("waits for nothing that the driver won't delete", async () => {
    const others = {
      [VOLUMES]: [volume("other", "efs.csi.aws.com"), volume("kept", "ebs.csi.aws.com", "Retain")],
      [ATTACHMENTS]: [attachment("other", "efs.csi.aws.com")],
      [SNAPSHOTS]: [snapshot("other", "efs.csi.aws.com"), snapshot("kept", "ebs.csi.aws.com", "Retain")],
    };
    await withCluster(others, (cluster) => drain(cluster.kubeconfig()));
  });

  it("waits until the last volume is gone, and says what it waits for", async () => {
    const printed = await withCluster({ ...empty, [VOLUMES]: [volume("pv-1")] }, async (cluster) => {
      let gone = false;
      const waiting = drain(cluster.kubeconfig(), 1).then(() => assert.ok(gone, "it didn't wait"));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      gone = true;
      cluster.contents = empty;
      await waiting;
    });
    const news = "Drain of ebs.csi.aws.com: waiting for 1: PersistentVolume pv-1 (claim shop/data) (0 s)";
    assert.deepEqual(printed, [news]);
  });

  it("lets the driver go where there was never a snapshot controller: the API server has no such group", async () => {
    const unknown = { status: 404, body: "404 page not found\n" };
    await withCluster(empty, (cluster) => {
      cluster.instead = (path) => (path === SNAPSHOTS ? unknown : undefined);
      return drain(cluster.kubeconfig());
    });
  });

  it("gives up after its time, and names what is left", async () => {
    const contents = {
      [VOLUMES]: [volume("pv-1")],
      [ATTACHMENTS]: [attachment("at-1")],
      [SNAPSHOTS]: [snapshot("s-1")],
    };
    await withCluster(contents, (cluster) =>
      assert.rejects(drain(cluster.kubeconfig()), {
        message: `The drain of ebs.csi.aws.com waited 0 min and these are still there:
  - PersistentVolume pv-1 (claim shop/data)
  - VolumeAttachment at-1 (node node-1)
  - VolumeSnapshotContent s-1
The driver stays, since only it can delete them. Delete what uses them (kubectl get pvc -A), then run pulumi destroy again.`,
      }),
    );
  });

  describe("asks for a minute what it can't be told", () => {
    const gone = () => (process.env["PULUMI_K8S_DELETE_UNREACHABLE"] = "true");
    const CANT = "The drain of ebs.csi.aws.com can't ask the cluster what volumes are left: ";
    /** Drains in vain: after how many seconds, and why. */
    const told = async (kubeconfig: string, isSilent = false) => {
      let message = "";
      const seconds = await whileTimeFlies(
        () =>
          drain(kubeconfig).then(
            () => assert.fail("it drained"),
            (error: Error) => (message = error.message),
          ),
        isSilent,
      );
      assert.ok(message.startsWith(CANT), message);
      return { seconds: Math.round(seconds / 10) * 10, message: message.slice(CANT.length) };
    };

    it("and goes on when it is told", async () => {
      const printed = await withCluster(empty, async (cluster) => {
        gone();
        cluster.instead = () => (cluster.asked < 5 ? { status: 503, body: "busy" } : undefined);
        assert.ok((await whileTimeFlies(() => drain(cluster.kubeconfig()))) >= 8);
      });
      assert.match(
        printed.join("\n"),
        /^Drain of ebs\.csi\.aws\.com: https:.* answered 503: busy\nTrying again for a minute\.$/,
      );
    });

    it("but one 503 is no drained driver, whatever is said of the cluster", async () => {
      await withCluster({ ...empty, [VOLUMES]: [volume("pv-1")] }, async (cluster) => {
        gone();
        cluster.instead = () => (cluster.asked === 1 ? { status: 503 } : undefined);
        await whileTimeFlies(() => assert.rejects(drain(cluster.kubeconfig()), /PersistentVolume pv-1/));
      });
    });

    for (const [what, instead, said] of [
      ["503", () => ({ status: 503, body: "busy" }), /answered 503: busy$/],
      ["a refused sign-in", () => ({ status: 401 }), /doesn't know who signs in .* \(401\)\.\n.*Sign in as one/],
      [
        "a lack of rights",
        () => forbidden("arn:aws:iam::1:role/viewer"),
        /^arn:aws:iam::1:role\/viewer may not list persistentvolumes \(403\)/,
      ],
    ] as const) {
      it(`and takes ${what} for no cluster that is gone, whatever is said of it`, async () => {
        await withCluster({}, async (cluster) => {
          cluster.instead = instead;
          const advised = await told(cluster.kubeconfig());
          assert.equal(advised.seconds, 60);
          assert.match(advised.message, said);
          assert.doesNotMatch(advised.message, /UNREACHABLE/);
          gone();
          const { message } = await told(cluster.kubeconfig());
          assert.equal(
            message,
            `${advised.message}\nPULUMI_K8S_DELETE_UNREACHABLE has no effect here: it is for a cluster that can't be reached for a whole minute.`,
          );
        });
      });
    }

    for (const what of ["refuses connections", "is silent", "ends connections"]) {
      it(`and keeps the driver when the cluster ${what}, unless it is said to be gone`, async () => {
        await withCluster(what === "refuses connections" ? undefined : {}, async (cluster) => {
          cluster.instead = () => (what === "is silent" ? "silence" : "reset");
          const isSilent = what === "is silent";
          const { seconds, message } = await told(cluster.kubeconfig(), isSilent);
          assert.ok(seconds >= 60 && seconds <= 80, `after ${seconds} s`);
          assert.match(
            message,
            /^https:\S+ can't be reached: .+\nIf the cluster is gone for good, run again with PULUMI_K8S_DELETE_UNREACHABLE=true and look for its disks and access points in the AWS console\.$/,
          );
          gone();
          assert.ok((await whileTimeFlies(() => drain(cluster.kubeconfig()), isSilent)) >= 60);
        });
      });
    }

    it("and takes no cluster for gone that answered once in that minute", async () => {
      await withCluster({}, async (cluster) => {
        gone();
        cluster.instead = () => (cluster.asked === 10 ? { status: 503 } : "reset");
        const { message } = await told(cluster.kubeconfig());
        assert.match(message, /can't be reached.*\nPULUMI_K8S_DELETE_UNREACHABLE has no effect here: .*\.$/);
      });
    });

    it("and takes no cluster for gone because nobody can sign in", async () => {
      const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "no-such-aws" };
      await withCluster(undefined, async (cluster) => {
        gone();
        assert.match(
          (await told(cluster.kubeconfig({ exec }))).message,
          /there is no command no-such-aws\. Install it/,
        );
      });
    });

    it("and takes what is no cluster at all for no empty one", async () => {
      await withCluster({ [VOLUMES]: [] }, async (cluster) => {
        assert.match((await told(cluster.kubeconfig())).message, /isn't a Kubernetes cluster/);
      });
    });
  });

  it("is updated for a new kubeconfig, time or code, and another drain for another driver only", async () => {
    const olds = { driver: "ebs.csi.aws.com", kubeconfig: "a", timeoutInMinutes: 1, __provider: "code" };
    assert.deepEqual(await code.diff("id", olds, olds), { changes: false, replaces: [] });
    for (const change of [{ kubeconfig: "b" }, { timeoutInMinutes: 2 }, { __provider: "better code" }]) {
      assert.deepEqual(await code.diff("id", olds, { ...olds, ...change }), { changes: true, replaces: [] });
      assert.deepEqual(await code.update("id", olds, { ...olds, ...change }), { outs: { ...olds, ...change } });
    }
    const other = { ...olds, driver: "efs.csi.aws.com" };
    assert.deepEqual(await code.diff("id", olds, other), { changes: true, replaces: ["driver"] });
    assert.deepEqual(await code.create(olds), { id: "ebs.csi.aws.com", outs: olds });
  });
});
