import assert from "node:assert/strict";
import { type Drift, driftOf, type DriftReport } from "../../changes/drift";
import { Recording, Told } from "../../changes/events";
import { readPreview } from "../../changes/preview";
import { type AwsRecord, changeRecords, token } from "../../local/aws/records";
import { inOrder } from "../support/inOrder";
import { LocalStack } from "./localStack";

/** dev, compared with what is there as `npm run drift` compares it. */
class Drifting extends LocalStack {
  async compared(): Promise<DriftReport> {
    const recording = new Recording(Told.After);
    this.hears = recording.add;
    await this.previewRefresh();
    return driftOf(readPreview(JSON.stringify(recording.digest())));
  }

  /** Changes a record in AWS behind the engine's back. */
  changeInAws(type: string, change: (properties: AwsRecord["properties"]) => void, name = /./): void {
    changeRecords((records) => {
      const found = records.find((it) => it.type === token(type) && name.test(JSON.stringify(it)));
      assert.ok(found, `${type} ${name}`);
      change(found.properties);
    }, this.local.cloud);
  }
}

describe("what drifts behind the back of a living dev", function () {
  this.timeout("4m");
  inOrder(this);
  const dev = new Drifting("dev");
  let report: DriftReport;
  const found = (type: string, name = ""): Drift => {
    const drift = report.drifts.find((it) => it.type === type && it.name.includes(name));
    assert.ok(drift, report.drifts.map((it) => `${it.kind} ${it.type} ${it.name}`).join("\n"));
    return drift;
  };
  const changed = (type: string, path: RegExp, name?: string) => {
    const { kind, causes, takeBack } = found(type, name);
    assert.equal(kind, "changed");
    assert.ok(
      causes.some((it) => path.test(it.path)),
      causes.map((it) => it.path).join(", "),
    );
    assert.match(takeBack, /^pulumi up --stack dev/);
  };

  before(async () => {
    await dev.start();
    await dev.up();
  });
  after(() => dev.stop());

  it("is nothing right after an up, and a comparison writes nothing", async () => {
    const state = dev.stateFile();
    const { exitCode, drifts, resources, untold } = await dev.compared();
    assert.deepEqual([exitCode, drifts, untold], [0, [], 0]);
    assert.ok(resources > 100, "it looks at everything");
    assert.equal(dev.stateFile(), state);
  });

  it("is found, deleted things first, with how to take it back: 7", async () => {
    dev.kubectl("scale", "deployment", "catalog", "--namespace", "catalog", "--replicas=5");
    const defaulted = { metadata: { annotations: { "storageclass.kubernetes.io/is-default-class": "true" } } };
    dev.kubectl("patch", "storageclass", "efs", "--patch", JSON.stringify(defaulted));
    dev.kubectl("scale", "deployment", "assets", "--namespace", "assets", "--replicas=0");
    dev.kubectl("delete", "pvc", "--all", "--namespace", "assets");
    dev.changeInAws("efs/fileSystem", (it) => Object.assign(it, { tagsAll: { ...Object(it.tagsAll), owner: "x" } }));
    dev.changeInAws(
      "eks/addon",
      (it) => Object.assign(it, { addonVersion: "v9.9.9-eksbuild.1" }),
      /aws-efs-csi-driver/,
    );
    dev.changeInAws("iam/rolePolicy", (it) => Object.assign(it, { policy: '{"Version":"2012-10-17"}' }));
    dev.changeInAws(
      "vpc/securityGroupIngressRule",
      (it) => Object.assign(it, { fromPort: 0, toPort: 65535 }),
      /NFS from/,
    );
    dev.deleteInAws(
      ({ type, properties }) =>
        type === token("efs/mountTarget") && String(properties.availabilityZoneName).endsWith("a"),
    );
    dev.deleteInAws(({ type }) => type === token("efs/accessPoint"));
    report = await dev.compared();
    assert.equal(report.exitCode, 7);
    const kinds = report.drifts.map(({ kind }) => kind);
    assert.deepEqual(
      kinds,
      [...kinds].sort((one, other) => (one === other ? 0 : one === "deleted" ? -1 : 1)),
    );
  });

  it("an access point that was deleted, and what is lost", () => {
    const { kind, lost, who } = found("aws:efs/accessPoint:AccessPoint");
    assert.equal(kind, "deleted");
    assert.ok(lost);
    assert.match(who!, /^aws cloudtrail lookup-events/);
  });
  it("a mount target that is gone", () => assert.equal(found("aws:efs/mountTarget:MountTarget").kind, "deleted"));
  it("a claim whose files nobody claims any more", () =>
    assert.equal(found("kubernetes:core/v1:PersistentVolumeClaim").kind, "deleted"));
  it("a tag", () => changed("aws:efs/fileSystem:FileSystem", /tags/));
  it("a class that was made the default", () =>
    changed("kubernetes:storage.k8s.io/v1:StorageClass", /annotations/, "efs"));
  it("replicas that were scaled", () => changed("kubernetes:apps/v1:Deployment", /replicas/, "catalog"));
  it("a policy that was changed", () => changed("aws:iam/rolePolicy:RolePolicy", /policy/));
  it("an add-on that was upgraded", () => changed("aws:eks/addon:Addon", /addonVersion/, "efs"));
  it("a security group that was opened", () =>
    changed("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", /toPort/));
});
