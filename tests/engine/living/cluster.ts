import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { effects, kinds, type LivingStack } from "./livingStack";

const ZONES = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];

/** Changes of the nodes, the zones and the versions that everything runs on. */
export function cluster(stack: LivingStack, name: string): void {
  const allZones = name === "prod" ? ZONES : ZONES.slice(0, 2);
  let perZone = name === "prod" ? 2 : 1;
  const groups = (zones: string[]) => zones.map((zone) => `aws:eks/nodeGroup:NodeGroup eks-storage-${name}-${zone}`);
  const zonesOf = (nodes: Record<string, string>) => [...new Set(Object.values(nodes))].sort();

  /** What is in AWS, by type, and which volume the database is on. */
  const before = async () => ({ aws: (await stack.inventory()).aws, volume: stack.databaseVolume().metadata.uid });

  it("takes new images and numbers of pods", async () => {
    const images = { assetsImage: "assets:2", catalogImage: "catalog:2", mysqlImage: "mysql:8.4.9" };
    const { volume } = await before();
    assert.deepEqual(kinds(await stack.change({ ...images, assetsReplicas: "4", catalogReplicas: "1" })), [
      "update kubernetes:apps/v1:Deployment assets",
      "update kubernetes:apps/v1:Deployment catalog",
      "update kubernetes:apps/v1:StatefulSet catalog-mysql",
    ]);
    await stack.runs();
    const imagesOf = (namespace: string, name: string) =>
      stack.readyPods(namespace, name).map(({ spec }) => spec.containers[0].image);
    assert.deepEqual(imagesOf("assets", "assets"), Array(4).fill("assets:2"));
    assert.deepEqual(imagesOf("catalog", "catalog"), ["catalog:2"]);
    assert.deepEqual(imagesOf("catalog", "catalog-mysql"), ["mysql:8.4.9"]);
    assert.equal(stack.databaseVolume().metadata.uid, volume);
  });

  it("takes other instance types: new nodes in every zone before the old ones go", async () => {
    const [old, { volume }] = [await stack.nodes(), await before()];
    const emptyZones = new Set<string>();
    const change = { isOver: false };
    const watching = (async () => {
      for (; !change.isOver; await sleep(250)) {
        const zones = zonesOf(await stack.nodes());
        allZones.filter((zone) => !zones.includes(zone)).forEach((zone) => emptyZones.add(zone));
      }
    })();
    const steps = await stack.change({ instanceTypes: '["m7i.xlarge"]' }).finally(() => (change.isOver = true));
    await watching;
    assert.deepEqual(
      kinds(steps),
      groups(allZones).map((group) => `replace ${group}`),
    );
    assert.deepEqual([...emptyZones], []);
    const nodes = await stack.nodes();
    assert.deepEqual(Object.values(nodes).sort(), Object.values(old).sort());
    assert.deepEqual(
      Object.keys(nodes).filter((node) => node in old),
      [],
    );
    await stack.runs();
    assert.equal(stack.databaseVolume().metadata.uid, volume);
  });

  it("takes more nodes", async () => {
    perZone += 1;
    const steps = await stack.change({ nodesPerZone: String(perZone) });
    assert.deepEqual(
      kinds(steps),
      groups(allZones).map((group) => `update ${group}`),
    );
    assert.equal(Object.keys(await stack.nodes()).length, perZone * allZones.length);
  });

  const zones = (list: string[]) => ({ zones: JSON.stringify(list) });

  async function adds() {
    const { aws, volume } = await before();
    const previewed = effects(await stack.preview(...stack.with(zones(ZONES))));
    const steps = await stack.change(zones(ZONES));
    assert.deepEqual(kinds(previewed), kinds(steps), "a reviewer of the preview sees what happens, and no more");
    const { aws: after } = await stack.inventory();
    assert.deepEqual(
      aws.filter(({ id }) => !after.some((item) => item.id === id)),
      [],
      "nothing goes, so nothing moves",
    );
    assert.deepEqual(
      kinds(steps).filter((step) => !step.startsWith("create ")),
      [`update aws:ec2/vpcEndpoint:VpcEndpoint eks-storage-${name}-s3`],
    );
    const count = (type: string) => after.filter((item) => item.type === type).length;
    assert.deepEqual(["ec2/subnet", "efs/mountTarget", "eks/nodeGroup"].map(count), [6, 3, 3]);
    assert.deepEqual(zonesOf(await stack.nodes()), ZONES);
    await stack.runs();
    assert.equal(stack.databaseVolume().metadata.uid, volume);
  }

  async function removes() {
    const { volume } = await before();
    // Pods don't move by themselves to a zone that is new: these are started again.
    stack.kubectl("delete", "pods", "--all", "--namespace", "assets");
    await stack.runs();
    const nodes = await stack.nodes();
    const zonesOfPods = stack.readyPods("assets", "assets").map(({ spec }) => nodes[spec.nodeName]);
    assert.ok(zonesOfPods.includes("eu-west-1c"));
    await stack.change(zones(ZONES.slice(0, 2)));
    const { aws } = await stack.inventory();
    assert.deepEqual(
      aws.filter(({ note }) => note.endsWith("eu-west-1c")),
      [],
    );
    const count = (type: string) => aws.filter((item) => item.type === type).length;
    assert.deepEqual(["ec2/subnet", "efs/mountTarget", "eks/nodeGroup"].map(count), [4, 2, 2]);
    assert.deepEqual(zonesOf(await stack.nodes()), ZONES.slice(0, 2));
    await stack.runs();
    assert.equal(stack.databaseVolume().metadata.uid, volume);
  }

  if (name === "prod") {
    it("loses a zone: its pods move", removes);
    it("gets it back: nothing else moves", adds);
  } else {
    it("gets a third zone: nothing else moves", adds);
    it("loses it again: its pods move", removes);
  }

  if (name === "dev") {
    it("moves its only NAT gateway to the zone that is named first, and there is always one", async () => {
      const route = `aws:ec2/route:Route eks-storage-dev-private-eu-west-1`;
      const steps = await stack.change(zones(["eu-west-1b", "eu-west-1a"]));
      const order = Object.keys(steps).filter((key) => !/vpcEndpoint|eip/.test(key));
      assert.deepEqual(order, [
        "aws:ec2/natGateway:NatGateway eks-storage-dev-nat-eu-west-1b",
        ...[`${route}a-nat`, `${route}b-nat`].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
        "aws:ec2/natGateway:NatGateway eks-storage-dev-nat-eu-west-1a",
      ]);
      assert.equal((await stack.ids("ec2/natGateway")).length, 1);
      assert.equal((await stack.ids("ec2/eip")).length, 1);
    });
  }

  it("refuses to lose the zone of the database's disk, or of the control plane", async () => {
    const without = (zone: string) => stack.preview(...stack.with(zones(ZONES.filter((other) => other !== zone))));
    await assert.rejects(without("eu-west-1a"), /mysqlZone must be one of the zones, eu-west-1b, eu-west-1c;/);
    await assert.rejects(
      without("eu-west-1b"),
      /controlPlaneZones must be at least two of the zones eu-west-1a, eu-west-1c;/,
    );
  });

  it("goes one Kubernetes minor up: control plane, add-ons that nodes need, nodes, the others", async () => {
    const versions = { kubeProxyVersion: "v1.36.0-eksbuild.1", corednsVersion: "v1.14.0-eksbuild.1" };
    const { volume } = await before();
    const steps = await stack.change({ kubernetesVersion: "1.36", ...versions });
    assert.deepEqual(new Set(Object.values(steps)), new Set(["update"]));
    const inAws = Object.keys(steps).filter((key) => key.startsWith("aws:"));
    const order = inAws.map((key) => key.replace(/^aws:eks\/(\w+):.*-storage-\w+-/, "$1 "));
    const zoneGroups = (await stack.ids("eks/nodeGroup")).length;
    assert.deepEqual([order[0], order[1], order.at(-1)], ["cluster eksCluster", "addon kube-proxy", "addon coredns"]);
    assert.equal(order.slice(2, -1).every((it) => it.startsWith("nodeGroup ")) && order.length, zoneGroups + 3);
    const kubelets = stack.get("nodes").items.length;
    assert.equal(kubelets, perZone * zoneGroups);
    await stack.runs();
    assert.equal(stack.databaseVolume().metadata.uid, volume);
  });

  it("refuses to go back, before anything is done", async () => {
    const back = stack.with({ kubernetesVersion: "1.35", kubeProxyVersion: "v1.35.0-eksbuild.2" });
    const refused = /kubernetesVersion must be 1\.36, which the cluster \S+ has, or 1\.37; it is '1\.35'/;
    await assert.rejects(stack.preview(...back), refused);
    await assert.rejects(stack.up(...back), refused);
    assert.deepEqual(kinds(await stack.change({})), []);
  });

  it("takes a driver's new version in place", async () => {
    const steps = await stack.change({ ebsCsiDriverVersion: "v1.65.0-eksbuild.1" });
    assert.deepEqual(kinds(steps), ["update aws:eks/addon:Addon ebs-csi"]);
    assert.equal(stack.outputs().addonVersions!.value.ebs, "v1.65.0-eksbuild.1");
    await stack.runs();
  });
}
