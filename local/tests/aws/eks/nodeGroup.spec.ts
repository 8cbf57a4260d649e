import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { mock } from "node:test";
import { joinNodes, nodesOf, syncNodes } from "../../../aws/eks/nodeGroup";
import { type Fields, KubernetesApi, type KubernetesObject, StatusError } from "../../../kubernetes/client";
import { useRealNodes } from "../../../nodes/simulated";
import { writeControlPlane } from "../../../stack/directory";
import { record } from "../../support/apiErrorCases";
import { localCloud } from "../../support/localCloud";

const ZONES = ["eu-west-1a", "eu-west-1b"];
const group = (properties: Fields = {}) => ({
  clusterName: "dev",
  nodeGroupName: "apps",
  scalingConfig: { desiredSize: 3 },
  instanceTypes: ["m6i.large"],
  version: "1.35",
  ...properties,
});
const nodes = (properties?: Fields) => nodesOf(group(properties), "eu-west-1", ZONES);
const names = (of: Fields[]) => of.map(({ metadata }) => (metadata as Fields).name as string);

describe("A node group's nodes", () => {
  it("spread over the zones, and carry the group's labels, name and taints", () => {
    const taint = { key: "disk", value: "fast", effect: "NO_SCHEDULE" };
    const made = nodes({ labels: { team: "shop" }, taints: [taint] });
    const zone = "topology.kubernetes.io/zone";
    const labels = made.map(({ metadata }) => (metadata as Fields).labels as Fields);
    for (const key of [zone, "topology.ebs.csi.aws.com/zone"]) {
      assert.deepEqual(
        labels.map((one) => one[key] as string),
        ["eu-west-1a", "eu-west-1b", "eu-west-1a"],
      );
    }
    for (const [index, one] of labels.entries()) {
      assert.equal(one.team, "shop");
      assert.equal(one["eks.amazonaws.com/nodegroup"], "apps");
      assert.equal(one["node.kubernetes.io/instance-type"], "m6i.large");
      assert.equal(one["kubernetes.io/hostname"], names(made)[index]);
      const { providerID, taints } = made[index]!.spec as Fields;
      assert.match(providerID as string, new RegExp(`^aws:///${one[zone]}/i-[0-9a-f]{17}$`));
      assert.deepEqual(taints, [{ ...taint, effect: "NoSchedule" }]);
    }
  });

  it("have the size of their type, less what the kubelet keeps and add-ons' pods take", () => {
    const [{ status }] = nodes({ instanceTypes: ["m7i.large"] }) as [Fields];
    const storage = { "ephemeral-storage": "50Gi" };
    assert.deepEqual(status.capacity, { cpu: "2", memory: "8192Mi", pods: "29", ...storage });
    // 8192 - 255 - 11 for each of 29 pods - 100, and 1930m of two cores: as kubectl shows it; then ours.
    assert.deepEqual(status.allocatable, { cpu: "1580m", memory: "7088Mi", pods: "19", ...storage });
  });

  it("stay through another size or label, and are others after another version or launch template", () => {
    const before = names(nodes());
    assert.equal(new Set(before).size, 3);
    assert.deepEqual(names(nodes({ scalingConfig: { desiredSize: 2 } })), before.slice(0, 2));
    assert.deepEqual(names(nodes({ labels: { team: "shop" } })), before);
    for (const other of [{ version: "1.36" }, { releaseVersion: "1" }, { launchTemplate: { version: "2" } }]) {
      assert.deepEqual(
        names(nodes(other)).filter((name) => before.includes(name)),
        [],
      );
    }
  });

  describe("are brought to what they should be", () => {
    const { directory, records } = localCloud();
    const [old] = nodes() as [Fields];
    const [next] = nodes({ version: "1.36" }) as [Fields];
    const [oldName, nextName] = names([old, next]);
    let there: { Node: KubernetesObject[]; Pod: KubernetesObject[] };
    let calls: string[];
    /** Pods that a disruption budget keeps, whether made nodes become ready, and what evicted pods do. */
    let kept: string[];
    let ready: string;
    let end: (name: string) => void;
    const vanish = (name: string) => void (there.Pod = there.Pod.filter(({ metadata }) => metadata.name !== name));

    const api: Partial<KubernetesApi> = {
      list: async ({ kind }, { labelSelector, fieldSelector } = {}) =>
        there[kind as "Node" | "Pod"].filter(({ metadata: { labels }, spec }) =>
          kind === "Node"
            ? labelSelector === `eks.amazonaws.com/nodegroup=${labels?.["eks.amazonaws.com/nodegroup"]}`
            : fieldSelector === `spec.nodeName=${spec?.nodeName}`,
        ),
      create: async (node) => {
        const status = { conditions: [{ type: "Ready", status: ready }] };
        const made = { ...(node as KubernetesObject), status };
        there.Node.push(made);
        calls.push(`create ${made.metadata.name}`);
        return made;
      },
      merge: async ({ name }, patch) => void calls.push(`merge ${name} ${JSON.stringify(patch)}`),
      delete: async ({ name }) => {
        there.Node = there.Node.filter(({ metadata }) => metadata.name !== name);
        calls.push(`delete ${name}`);
      },
      evict: async ({ name }) => {
        if (kept.includes(name))
          throw new StatusError(429, "Cannot evict pod as it would violate its disruption budget.");
        calls.push(`evict ${name}`);
        end(name);
      },
    };
    const pod = (name: string, nodeName: string) =>
      ({ apiVersion: "v1", kind: "Pod", metadata: { name, uid: name }, spec: { nodeName } }) as KubernetesObject;
    const cordon = `merge ${oldName} {"spec":{"unschedulable":true}}`;

    beforeEach(async () => {
      const credentials = { certificateAuthorityData: "", clientCertificateData: "", clientKeyData: "" };
      writeControlPlane(directory, { server: "https://127.0.0.1:1", ...credentials });
      for (const [method, fake] of Object.entries(api)) {
        mock.method(KubernetesApi.prototype, method as "list", fake as KubernetesApi["list"]);
      }
      [there, calls, kept, ready, end] = [{ Node: [], Pod: [] }, [], [], "True", vanish];
      await api.create!(old);
      there.Pod = [pod("mysql-0", oldName!), pod("elsewhere", "n")];
      calls = [];
    });
    afterEach(() => mock.restoreAll());
    it("new ones first, then the old ones are cordoned, their pods evicted, and they go", async () => {
      await syncNodes("apps", [next], 1);
      assert.deepEqual(calls, [`create ${nextName}`, cordon, "evict mysql-0", `delete ${oldName}`]);
    });

    it("a pod is asked until its budget lets it go, then once, and one that comes meanwhile isn't waited for", async () => {
      kept = ["mysql-0"];
      setTimeout(() => (kept = []), 50);
      end = (name) => {
        there.Pod[0]!.metadata.deletionTimestamp = "now";
        there.Pod.push(pod("log-1", oldName!));
        setTimeout(() => vanish(name), 250);
      };
      await syncNodes("apps", [next], 5);
      assert.deepEqual(calls, [`create ${nextName}`, cordon, "evict mysql-0", `delete ${oldName}`]);
    });

    it("an update fails when the API server doesn't evict at all, without asking on", async () => {
      end = () => {
        throw new StatusError(500, "no");
      };
      await assert.rejects(syncNodes("apps", [next], 0.5), /^Error: PodEvictionFailure: /);
      assert.deepEqual(calls, [`create ${nextName}`, cordon, "evict mysql-0"]);
    });

    it("in place where only labels or taints change", async () => {
      const [changed] = nodes({ labels: { team: "shop" } }) as [Fields];
      await syncNodes("apps", [changed], 1);
      const { labels } = changed.metadata as Fields;
      assert.deepEqual(calls, [`merge ${oldName} ${JSON.stringify({ metadata: { labels }, spec: { taints: [] } })}`]);
    });

    it("an update fails at a pod whose disruption budget keeps it, and its node stays", async () => {
      kept = ["mysql-0"];
      await assert.rejects(syncNodes("apps", [next], 0.1), /^Error: PodEvictionFailure: .* in node group apps$/);
      assert.deepEqual(calls, [`create ${nextName}`, cordon]);
    });

    it("a deletion of the group goes on in spite of such a pod", async () => {
      kept = ["mysql-0"];
      await syncNodes("apps", [], 0.1);
      assert.deepEqual(calls, [cordon, `delete ${oldName}`]);
    });

    it("none is simulated where real ones join by themselves", async () => {
      records(...ZONES.map((availabilityZone) => record("ec2/subnet", availabilityZone, { availabilityZone })));
      const properties = group({ region: "eu-west-1", subnetIds: ZONES });
      const created = () => calls.filter((it) => it.startsWith("create "));
      await joinNodes(properties, 1);
      assert.deepEqual(
        created(),
        names(nodes().slice(1)).map((name) => `create ${name}`),
      );
      [calls, there.Node] = [[], []];
      useRealNodes(directory);
      try {
        await joinNodes(properties, 1);
      } finally {
        fs.rmSync(path.join(directory, "real-nodes"));
      }
      assert.deepEqual(calls, []);
    });

    it("no old one goes before the new ones are ready", async () => {
      ready = "False";
      await assert.rejects(syncNodes("apps", [next], 0.1), /^Error: NodeCreationFailure: Instances failed to join/);
      assert.deepEqual(calls, [`create ${nextName}`]);
    });
  });
});
