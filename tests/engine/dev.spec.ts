import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { effects } from "./living/livingStack";
import { changes, CHECKOUT, LocalStack } from "./localStack";
import { startedBy } from "./startedProcesses";

/** What Pulumi's own Kubernetes plugin keeps of each object is more. */
const BYTES = process.env.EKS_STORAGE_KUBERNETES_PLUGIN === "real" ? 635_800 : 597_300;

describe("dev, from the first preview to the last deletion", function () {
  this.timeout("5m");
  const dev = new LocalStack("dev");
  const worktree = () => execFileSync("git", ["status", "--porcelain"], { cwd: CHECKOUT, encoding: "utf8" });
  let untouched = "";

  before(async () => {
    untouched = worktree();
    dev.savesAll = true;
    await dev.start();
  });
  after(() => dev.stop());

  it("shows at a first preview every resource that up then makes", async () => {
    const previewed = await dev.preview();
    dev.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "assets", labels: { owner: "shop" } } });
    const made = await dev.up();
    assert.doesNotMatch(dev.messages, /Undefined value/);
    const own = (steps: Record<string, string>) => Object.keys(changes(steps)).filter((key) => !isChildOfEks(key));
    assert.deepEqual(own(previewed).sort(), own(made).sort());
    assert.deepEqual(new Set(Object.values(made)), new Set(["create"]));
  });

  it("takes over what is in its cluster by a name that it makes: docs/existing.md says why another's is refused", () => {
    const { metadata } = dev.kubectl("get", "namespace", "assets", "--output", "json");
    assert.equal(metadata.labels.owner, "shop");
  });

  it("binds both claims under the names in pvcNames", async () => {
    const { pvcNames } = dev.outputs();
    const { items } = dev.kubectl("get", "pvc", "--all-namespaces", "--output", "json");
    const claims = items.map((claim: any) => [claim.metadata.namespace, claim.metadata.name, claim.status.phase]);
    assert.deepEqual(claims.sort(), [
      ["assets", pvcNames!.value.assets, "Bound"],
      ["catalog", pvcNames!.value.catalog, "Bound"],
    ]);
  });

  it("runs every pod that it declares", () => {
    const { items } = dev.kubectl("get", "pods", "--all-namespaces", "--output", "json");
    const ready = items
      .filter((pod: any) => pod.status.conditions.some(isReady))
      .map((pod: any) => pod.metadata.labels);
    const names = ready.map((labels: any) => labels["app.kubernetes.io/name"]);
    assert.deepEqual(names.sort(), ["assets", "assets", "catalog", "catalog", "catalog-mysql"]);
  });

  it("shows its passwords and credentials nowhere: not in state, history, previews, plans or what it says", async () => {
    const { kubeconfig } = await dev.outputsWithSecrets();
    assert.equal(kubeconfig!.secret, true);
    const { data } = dev.kubectl("get", "secret", "catalog-mysql", "--namespace", "catalog", "--output", "json");
    const passwords = Object.values<string>(data).map((encoded) => Buffer.from(encoded, "base64").toString());
    assert.deepEqual(
      passwords.map(({ length }) => length),
      [32, 32],
    );
    for (const password of passwords) assert.ok(dev.secrets.all().includes(password));
    assert.deepEqual(dev.secrets.leaks(), []);
  });

  it("has recorded an update that the API server refused, and goes back from there: in the cluster nothing has changed", async () => {
    await assert.rejects(dev.up("mysqlStorage=10Gi"), /storage: Forbidden: field can not be less than/);
    assert.deepEqual(effects(await dev.up()), {
      "kubernetes:core/v1:PersistentVolumeClaim catalog-mysql-data": "update",
    });
  });

  it("changes nothing when nothing changed, and finds no drift", async () => {
    assert.deepEqual(changes(await dev.preview()), {});
    assert.deepEqual(changes(await dev.up()), {});
    const refreshed = await dev.refresh();
    assert.deepEqual(
      Object.entries(refreshed).filter(([, op]) => op !== "same" && op !== "refresh"),
      [],
    );
  });

  it("starts the engine once for that, and a plugin for each provider, with one of kubernetes for the eks plugin", async () => {
    const { commands, plugins } = await startedBy(async () => assert.deepEqual(changes(await dev.up()), {}));
    assert.deepEqual(commands, ["up"]);
    const needed = ["aws", "eks", "kubernetes", "kubernetes", "pulumi-nodejs", "random"];
    assert.deepEqual(
      plugins,
      needed.map((name) => `pulumi-resource-${name}`),
    );
  });

  it(`has a state of ${BYTES} bytes, give or take 2 %: every operation reads and writes it`, () => {
    const { length } = Buffer.from(dev.stateFile());
    assert.ok(Math.abs(length / BYTES - 1) < 0.02, `It has ${length}. Where that is meant, put the number here.`);
  });

  it("follows an upgrade that EKS has made by itself, and never previews a way back", async () => {
    dev.upgradeClusters("1.36");
    const behind = /eks-storage-dev has, or 1\.37; it is '1\.35'\.\s+EKS upgrades a cluster by itself when/;
    await assert.rejects(dev.preview(), behind);
    await assert.rejects(dev.up(), behind);
    await dev.preview("kubernetesVersion=1.36");
    assert.match(
      dev.messages,
      /has Kubernetes 1\.36 already, and the stack's state says 1\.35: run pulumi refresh before/,
    );
    await assert.rejects(
      dev.up("kubernetesVersion=1.36"),
      /Unsupported Kubernetes minor version update from 1\.36 to 1\.36/,
    );

    await dev.refresh();
    await assert.rejects(dev.preview(), behind);
    const steps = changes(await dev.preview("kubernetesVersion=1.36"));
    assert.doesNotMatch(dev.messages, /run pulumi refresh/);
    const inAws = Object.keys(steps).filter((key) => key.startsWith("aws:"));
    assert.deepEqual(
      inAws.map((key) => [key.split(" ")[0], steps[key]]),
      Array(2).fill(["aws:eks/nodeGroup:NodeGroup", "update"]),
    );
  });

  it("replaces nothing in Kubernetes when the cluster's version and every tag change", async () => {
    const config = ["kubernetesVersion=1.36", 'tags={"team":"storage"}'];
    for (const steps of [await dev.preview(...config), await dev.up(...config)]) {
      const changed = changes(steps);
      assert.equal(changed["aws:eks/cluster:Cluster eks-storage-dev-eksCluster"], "update");
      assert.equal(changed["aws:efs/fileSystem:FileSystem eks-storage-dev"], "update");
      assert.deepEqual(new Set(Object.values(changed)), new Set(["update"]));
      assert.deepEqual(
        Object.keys(changed).filter((key) => key.startsWith("kubernetes:")),
        [],
      );
    }
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await dev.destroy();
    assert.deepEqual(await dev.leaked(), []);
  });

  it("leaves the checkout as it was", () => {
    assert.equal(worktree(), untouched);
  });
});

const isReady = (condition: any) => condition.type === "Ready" && condition.status === "True";

/** The eks plugin makes these itself, and a preview can't ask it for all of them. */
const isChildOfEks = (key: string) => / eks-storage-dev-eks/.test(key) || key.startsWith("pulumi:providers:");
