import assert from "node:assert/strict";
import { LivingStack } from "./living/livingStack";
import { changes, expires } from "./localStack";

/** Longer than any test waits. */
const VERY_SLOW = 600;

const LOG_GROUP = "/aws/eks/eks-storage-dev/cluster";
const ADDON = "aws:eks/addon:Addon";
const somebodyElsesClaim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "somebody-elses", namespace: "default" },
  spec: { storageClassName: "efs", accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
};

describe("dev, destroyed", function () {
  this.timeout("5m");
  const dev = new LivingStack("dev");
  const logGroups = () =>
    dev
      .awsRecords()
      .filter(({ type, id }) => type === "aws:cloudwatch/logGroup:LogGroup" && id.startsWith("/aws/eks/"))
      .map(({ id, properties: { retentionInDays: expiry, tagsAll } }) => {
        return { id, expiry, environment: (tagsAll as Record<string, string>).environment };
      });

  before(() => dev.start());
  after(() => dev.stop());
  beforeEach(() => dev.slowDrivers(0));

  it("waits for slow drivers, says what for, and leaves nothing", async () => {
    await dev.up();
    await dev.slowDrivers(VERY_SLOW);
    const destroyed = dev.destroy();
    const waiting = /Drain of ebs\.csi\.aws\.com: waiting for 1: PersistentVolume pvc-\S+ \(claim catalog\/data-/;
    await dev.said(waiting, destroyed);
    assert.equal(dev.awsTypes().filter((type) => type === ADDON).length, 7);
    await dev.slowDrivers(0);
    await destroyed;
    assert.deepEqual(await dev.leaked(), []);
  });

  it("leaves the control plane's log group, in which late logs expire", () => {
    assert.deepEqual(logGroups(), [{ id: LOG_GROUP, expiry: 30, environment: "dev" }]);
  });

  it("is deployed again over a log group that EKS has made, where nothing would expire", async () => {
    dev.changeAws(([group]) => Object.assign(group!.properties, { retentionInDays: 0, tags: {}, tagsAll: {} }));
    assert.deepEqual(logGroups(), [{ id: LOG_GROUP, expiry: 0, environment: undefined }]);
    await dev.up("drainTimeoutInMinutes=0");
    assert.deepEqual(logGroups(), [{ id: LOG_GROUP, expiry: 30, environment: "dev" }]);
    assert.deepEqual(changes(await dev.up("drainTimeoutInMinutes=0")), {});
  });

  it("stops at the drain's limit, names what is left, and keeps what is needed to delete it", async () => {
    dev.apply(somebodyElsesClaim);
    dev.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/somebody-elses", "--timeout=30s");
    const nodes = () => dev.kubectl("get", "nodes", "--output", "json").items.length as number;
    const before = nodes();
    await assert.rejects(dev.destroy(), /Command failed with exit code 1/);
    assert.match(
      dev.messages,
      /The drain of efs\.csi\.aws\.com waited 0 min and these are still there:\s+- PersistentVolume pvc-\S+ \(claim default\/somebody-elses\)\s+The driver stays, since only it can delete them/,
    );
    assert.equal(nodes(), before);
    for (const type of [ADDON, "aws:efs/fileSystem:FileSystem", "aws:efs/mountTarget:MountTarget"]) {
      assert.ok(dev.awsTypes().includes(type), `${type} is gone`);
    }

    dev.kubectl("delete", "pvc", "somebody-elses");
    dev.kubectl("wait", "--for=delete", "pv", "--all", "--timeout=30s");
    await dev.destroy();
    assert.deepEqual(await dev.leaked(), []);
  });

  it("goes when its cluster was deleted by hand, as docs/operations.md says", async () => {
    await dev.up();
    await dev.deleteCluster();
    // The record of what a destroy keeps goes first: under `delete` that is nothing.
    const ids = () => dev.awsRecords().flatMap(({ id }) => (id === "/eks-storage-dev/kept" ? [] : [id]));
    const before = ids();
    await assert.rejects(dev.destroy(), /unreachable[^]*PULUMI_K8S_DELETE_UNREACHABLE/);
    assert.deepEqual(ids(), before);

    dev.environment = { PULUMI_K8S_DELETE_UNREACHABLE: "true" };
    // EKS couldn't delete its security group with the cluster: a rule of ours named it then.
    await assert.rejects(dev.destroy(), /DependencyViolation: The vpc/);
    dev.deleteInAws(({ properties }) => String(properties.name).startsWith("eks-cluster-sg-eks-storage-dev"));
    await dev.destroy();
    dev.deleteInAws(({ properties }) => Object(properties.tags)["ebs.csi.aws.com/cluster"] === "true");
    // The control plane, which `leaked` would ask, is gone.
    assert.deepEqual(
      dev.awsRecords().filter((record) => !expires(record)),
      [],
    );
  });
});
