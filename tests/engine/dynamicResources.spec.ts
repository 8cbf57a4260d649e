import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { DeletionProtection, Retention } from "../../components/index";
import { Drain } from "../../components/csi/drain";
import { ApiServer, TOKEN } from "../support/apiServer";
import { changes, LocalStack } from "./localStack";

const DYNAMIC = "pulumi-nodejs:dynamic:Resource";
const NO_WAIT = "drainTimeoutInMinutes=0";

/** The code of a version whose dynamic resources could not be updated, as states hold it. */
const oldCode = (name: "drain" | "notice") =>
  fs
    .readFileSync(path.join(__dirname, "oldCode", `${name}.txt`), "utf8")
    .replaceAll("The drain of", "The old drain of");

const somebodyElsesClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "somebody-elses", namespace: "default" },
  spec: { storageClassName: "efs", accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
};

describe("what older code made", function () {
  this.timeout("5m");
  const dev = new LocalStack("dev");

  before(() => dev.start());
  after(() => dev.stop());

  describe("a stack whose state holds old code", () => {
    before(async () => {
      await dev.up(NO_WAIT);
      await dev.changeState((resources) => {
        for (const { type, inputs, outputs } of resources) {
          // What looks at the pods' credentials came later.
          if (type !== DYNAMIC || "serviceAccounts" in inputs) continue;
          inputs.__provider = outputs.__provider = oldCode("driver" in inputs ? "drain" : "notice");
        }
      });
    });

    it("gets the new code by an up that updates the dynamic resources alone", async () => {
      const updates = {
        [`${DYNAMIC} ebs-csi-drain`]: "update",
        [`${DYNAMIC} efs-csi-drain`]: "update",
        [`${DYNAMIC} eks-storage-dev-notice`]: "update",
      };
      // The record is made of what the notice finds, which a preview doesn't know.
      const record = { "aws:ssm/parameter:Parameter eks-storage-dev-kept": "update" };
      assert.deepEqual(changes(await dev.preview(NO_WAIT)), { ...updates, ...record });
      assert.deepEqual(changes(await dev.up(NO_WAIT)), updates);
      assert.doesNotMatch(dev.stateFile(), /client-node/);
      assert.deepEqual(changes(await dev.up(NO_WAIT)), {});
    });

    it("is destroyed by the new code", async () => {
      dev.apply(somebodyElsesClaim);
      dev.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/somebody-elses", "--timeout=30s");
      await assert.rejects(dev.destroy(), /Command failed with exit code 1/);
      assert.match(dev.messages, /The drain of efs\.csi\.aws\.com waited 0 min/);
      dev.kubectl("delete", "pvc", "somebody-elses");
      dev.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=30s");
      await dev.destroy();
      assert.deepEqual(await dev.leaked(), []);
    });
  });

  describe("a program that gives a kubeconfig in the clear", () => {
    let cluster: ApiServer;
    let other: LocalStack;
    const configuration = { adoptFileSystemId: "fs-11111111" };
    const claim = { namespace: "shop", name: "data-0", volumeKey: "keptVolumeId", zoneKey: "keptZone" };
    const drain = () => ({ driver: "efs.csi.aws.com", kubeconfig: cluster.kubeconfig(), timeoutInMinutes: 0 });

    /** As in that version: the kubeconfig in the clear, and never updated. */
    class OldDrain extends pulumi.dynamic.Resource {}
    const then = async () => {
      const provider: pulumi.dynamic.ResourceProvider = {
        create: async (outs) => ({ id: "drain", outs }),
        delete: async () => {
          throw new Error("the old code ran");
        },
      };
      new OldDrain(provider, "drain", drain(), {
        ignoreChanges: ["__provider"],
        additionalSecretOutputs: ["kubeconfig"],
      });
    };
    const now = async () => {
      new Drain("drain", drain(), {});
      const { kubeconfig } = drain();
      new DeletionProtection("all", { retention: Retention.Delete, configuration, claim, kubeconfig }, {});
    };

    before(async () => {
      cluster = await new ApiServer({
        "/api/v1/persistentvolumes": [],
        "/apis/storage.k8s.io/v1/volumeattachments": [],
      }).start();
      other = dev.neighbour("staging", then);
    });
    after(() => cluster.stop());

    it("has it in the state, and by the next up no more, and nothing is replaced", async () => {
      await other.up();
      assert.ok(other.stateFile().includes(TOKEN), "the state of before had it");
      other.program = now;
      assert.equal((await other.up())[`${DYNAMIC} drain`], "update");
      assert.ok(!other.stateFile().includes(TOKEN), "the state has it in the clear");
      assert.deepEqual(changes(await other.up()), {});
      await other.refresh();
      assert.ok(!other.stateFile().includes(TOKEN), "the state has it in the clear after a refresh");
      const before = cluster.asked; // by the notice, for the claim's disk
      await other.destroy();
      assert.equal(cluster.asked - before, 3);
    });

    it("is refused at the preview where it leads nowhere", async () => {
      other.program = async () => {
        new Drain("drain", { ...drain(), kubeconfig: "apiVersion: v1" }, {});
      };
      await assert.rejects(other.preview());
      assert.match(
        other.messages,
        /The kubeconfig must have the context that it names as current-context; it names none/,
      );
    });
  });
});
