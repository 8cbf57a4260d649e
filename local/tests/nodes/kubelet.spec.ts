import assert from "node:assert/strict";
import type { Fields, KubernetesApi } from "../../kubernetes/client";
import { startPods } from "../../nodes/kubelet";
import { SIMULATED } from "../../nodes/simulated";
import { attempt, clusterWith, object } from "../support/cluster";

const EBS = "ebs.csi.aws.com";

describe("The agent's kubelet", () => {
  const volume = object("PersistentVolume", "v", { spec: { csi: { driver: EBS, volumeHandle: "vol-11111111" } } });
  const claim = object("PersistentVolumeClaim", "data", { spec: { volumeName: "v" } }, { namespace: "catalog" });
  const volumes = [{ persistentVolumeClaim: { claimName: "data" } }];
  const attachment = (of: Fields = {}, attached = true) => {
    const spec = { attacher: EBS, nodeName: "n", source: { persistentVolumeName: "v" }, ...of };
    return object("VolumeAttachment", "csi-1", { spec, status: { attached } });
  };
  const simulated = object("Node", "n", {}, { annotations: SIMULATED });
  let pods = 0;

  /** What comes of a pod: it starts, waits without a word, or an event tells what it lacks. */
  async function outcome(
    spec: Fields,
    { attachments = [], metadata = {}, existing = [] as string[], nodes = [simulated] }: Fields = {},
  ) {
    const told: string[] = [];
    const api = {
      create: async ({ reason, message }: Fields) => told.push(`${reason}: ${message}`),
      merge: async () => told.push("started"),
      find: async ({ kind, name }: Fields) => ((existing as string[]).includes(`${kind}/${name}`) ? {} : undefined),
    } as unknown as KubernetesApi;
    const named = { namespace: "catalog", uid: `kubelet-${pods++}`, ...metadata };
    const pod = object("Pod", "mysql-0", { spec: { nodeName: "n", ...spec } }, named);
    const seen = clusterWith({ pods: [pod], claims: [claim], volumes: [volume], attachments, nodes });
    await startPods(api, seen, [EBS], attempt);
    return told;
  }

  it("starts a pod once its disk is attached to its node, and till then says nothing", async () => {
    assert.deepEqual(await outcome({ volumes }, { attachments: [attachment()] }), ["started"]);
    const others = [
      ...[{ nodeName: "other" }, { source: { persistentVolumeName: "other" } }].map((of) => attachment(of)),
      attachment({}, false),
    ];
    for (const attachments of [[], ...others.map((one) => [one])]) {
      assert.deepEqual(await outcome({ volumes }, { attachments }), []);
    }
  });

  it("leaves a pod to the kubelet of a real node, which may be one that isn't known yet", async () => {
    assert.deepEqual(await outcome({}, { nodes: [simulated] }), ["started"]);
    assert.deepEqual(await outcome({}, { nodes: [object("Node", "n")] }), []);
    assert.deepEqual(await outcome({}, { nodes: [object("Node", "other", {}, { annotations: SIMULATED })] }), []);
    assert.deepEqual(await outcome({}, { nodes: [] }), []);
  });

  it("leaves a pod alone that has no node, is started already or is being deleted", async () => {
    assert.deepEqual(await outcome({ nodeName: undefined }), []);
    assert.deepEqual(await outcome({}, { metadata: { annotations: { "eks-storage.local/started": "true" } } }), []);
    assert.deepEqual(await outcome({}, { metadata: { deletionTimestamp: "now" } }), []);
    assert.deepEqual(await outcome({}), ["started"]);
  });

  const from = (valueFrom: Fields) => [{ env: [{ name: "A", valueFrom }] }];
  const projected = (...sources: Fields[]) => ({ volumes: [{ name: "all", projected: { sources } }] });
  const lacking: [string, Fields, string, RegExp][] = [
    ["a volume's Secret", { volumes: [{ secret: { secretName: "s" } }] }, "Secret/s", /^FailedMount: .*secret "s" not/],
    ["a projected Secret", projected({ secret: { name: "s" } }), "Secret/s", /^FailedMount: .*secret "s" not found/],
    [
      "a projected ConfigMap",
      projected({ serviceAccountToken: { path: "token" } }, { configMap: { name: "m" } }),
      "ConfigMap/m",
      /^FailedMount: .*configmap "m" not found/,
    ],
    [
      "a variable's Secret",
      { containers: from({ secretKeyRef: { name: "s", key: "k" } }) },
      "Secret/s",
      /^Failed: Error: secret "s" not found/,
    ],
    [
      "an init container's Secret",
      { initContainers: from({ secretKeyRef: { name: "s", key: "k" } }), containers: [{}] },
      "Secret/s",
      /^Failed: Error: secret "s" not found/,
    ],
    [
      "an init container's ConfigMap",
      { initContainers: [{ envFrom: [{ configMapRef: { name: "m" } }] }], containers: [{}] },
      "ConfigMap/m",
      /^Failed: Error: configmap "m" not found/,
    ],
  ];
  for (const [what, spec, reference, message] of lacking) {
    it(`waits for ${what}`, async () => {
      const [told = "nothing", ...more] = await outcome(spec);
      assert.match(told, message);
      assert.deepEqual(more, []);
      assert.deepEqual(await outcome(spec, { existing: [reference] }), ["started"]);
    });
  }

  it("doesn't wait for what is optional", async () => {
    const optional = { name: "s", key: "k", optional: true };
    assert.deepEqual(await outcome(projected({ secret: optional }, { configMap: optional })), ["started"]);
    assert.deepEqual(await outcome({ initContainers: from({ secretKeyRef: optional }) }), ["started"]);
  });
});
