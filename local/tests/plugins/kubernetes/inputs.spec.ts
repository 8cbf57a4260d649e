import * as assert from "node:assert/strict";
import type { Fields } from "../../../kubernetes/client";
import {
  diffInputs,
  diffProvider,
  hasUnknown,
  inputsFromLive,
  kindOf,
  merged,
  withIgnored,
  withName,
} from "../../../plugins/kubernetes/inputs";
import { UNKNOWN } from "../../../plugins/properties";

const claim = (spec: Fields, metadata: Fields = { name: "data", namespace: "catalog" }) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata,
  spec: { accessModes: ["ReadWriteOncePod"], storageClassName: "ebs", ...spec },
});

describe("The Kubernetes stand-in's kinds and names", () => {
  it("reads the kind from the type token, where core means no group", () => {
    assert.deepEqual(kindOf("kubernetes:apps/v1:Deployment"), { apiVersion: "apps/v1", kind: "Deployment" });
    assert.deepEqual(kindOf("kubernetes:core/v1:Namespace"), { apiVersion: "v1", kind: "Namespace" });
    const storageClass = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass" };
    assert.deepEqual(kindOf("kubernetes:storage.k8s.io/v1:StorageClass"), storageClass);
  });

  const type = "kubernetes:core/v1:ConfigMap";
  const nameOf = (inputs: Fields) => inputs.metadata.name as string;

  it("keeps a given name, and marks nothing", () => {
    const inputs = withName(type, "settings", undefined, { metadata: { name: "given" } });
    assert.deepEqual(inputs.metadata, { name: "given" });
  });

  it("makes up a name and keeps it through updates", () => {
    const inputs = withName(type, "settings", undefined, { data: {} });
    assert.match(nameOf(inputs), /^settings-[0-9a-f]{8}$/);
    assert.equal(nameOf(withName(type, "settings", inputs, { data: { a: "b" } })), nameOf(inputs));
  });

  it("makes up a name when the given one is taken away", () => {
    const olds = withName(type, "settings", undefined, { metadata: { name: "given" } });
    assert.match(nameOf(withName(type, "settings", olds, {})), /^settings-[0-9a-f]{8}$/);
  });
});

describe("The Kubernetes stand-in's differences", () => {
  it("sees none between equal inputs, nor between no namespace and the default one", () => {
    const none = { changed: [], replaces: [], deleteBeforeReplace: false };
    assert.deepEqual(diffInputs(claim({}), claim({}), {}), none);
    const explicit = claim({}, { name: "data", namespace: "default" });
    assert.deepEqual(diffInputs(claim({}, { name: "data" }), explicit, {}), none);
  });

  it("updates a claim that grows", () => {
    const grown = claim({ resources: { requests: { storage: "20Gi" } } });
    const diff = diffInputs(claim({ resources: { requests: { storage: "10Gi" } } }), grown, {});
    assert.deepEqual(diff, { changed: ["spec"], replaces: [], deleteBeforeReplace: false });
  });

  const replaced: [string, Fields, Fields][] = [
    ["v1/PersistentVolumeClaim", { spec: { storageClassName: "a" } }, { spec: { storageClassName: "b" } }],
    ["v1/PersistentVolumeClaim", { spec: { accessModes: ["ReadWriteOnce"] } }, { spec: {} }],
    ["v1/PersistentVolumeClaim", { spec: { volumeName: "a" } }, { spec: { volumeName: UNKNOWN } }],
    ["v1/PersistentVolume", { spec: { csi: { volumeHandle: "a" } } }, { spec: { csi: { volumeHandle: "b" } } }],
    ["storage.k8s.io/v1/StorageClass", { parameters: { type: "gp2" } }, { parameters: { type: "gp3" } }],
    ["storage.k8s.io/v1/StorageClass", { provisioner: "a" }, { provisioner: "b" }],
    ["apps/v1/StatefulSet", { spec: { serviceName: "a" } }, { spec: { serviceName: "b" } }],
    ["apps/v1/StatefulSet", { spec: { volumeClaimTemplates: [] } }, { spec: { volumeClaimTemplates: [{}] } }],
    ["apps/v1/Deployment", { spec: { selector: { a: "b" } } }, { spec: { selector: { a: "c" } } }],
    ["v1/ConfigMap", { data: { a: "b" } }, { data: { a: "c" } }],
    ["v1/Secret", { stringData: { a: "b" } }, { stringData: { a: "c" } }],
  ];
  for (const [kind, old, next] of replaced) {
    it(`replaces a ${kind} whose ${Object.keys({ ...old, ...(old.spec as Fields) }).pop()} changes, deleting it first`, () => {
      const [name = "", ...group] = kind.split("/").reverse();
      const object = { apiVersion: group.reverse().join("/"), kind: name, metadata: { name: "given" } };
      const diff = diffInputs({ ...object, ...old }, { ...object, ...next }, {});
      assert.deepEqual(diff.replaces, [Object.keys(old)[0]]);
      assert.equal(diff.deleteBeforeReplace, true);
    });
  }

  const unchangeable: [string, Fields, Fields][] = [
    ["a class's reclaim policy", { reclaimPolicy: "Delete" }, { reclaimPolicy: "Retain" }],
    ["a class's binding mode", { volumeBindingMode: "Immediate" }, { volumeBindingMode: "WaitForFirstConsumer" }],
  ];
  for (const [what, old, next] of unchangeable) {
    it(`updates ${what}, as the real plugin does, though the API server then refuses`, () => {
      const object = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name: "ebs" } };
      assert.deepEqual(diffInputs({ ...object, ...old }, { ...object, ...next }, {}).replaces, []);
    });
  }

  it("changes content in place where the provider allows it, unless it is immutable", () => {
    const settings = { enableConfigMapMutable: "true" };
    const map = (data: Fields, more: Fields = {}) => ({ apiVersion: "v1", kind: "ConfigMap", data, ...more });
    assert.deepEqual(diffInputs(map({ a: "b" }), map({ a: "c" }), settings).replaces, []);
    assert.deepEqual(diffInputs(map({ a: "b" }), map({ a: "c" }, { immutable: true }), settings).replaces, ["data"]);
  });

  it("makes the replacement first when its name is another", () => {
    const type = "kubernetes:core/v1:ConfigMap";
    const old = withName(type, "settings", undefined, { data: { a: "b" } });
    const next = { ...withName(type, "settings", old, {}), data: { a: "c" } };
    assert.deepEqual(diffInputs(old, next, {}), { changed: ["data"], replaces: ["data"], deleteBeforeReplace: false });
    const moved = diffInputs(claim({}), claim({}, { name: "data", namespace: "other" }), {});
    assert.deepEqual([moved.replaces, moved.deleteBeforeReplace], [["metadata"], false]);
  });
});

describe("The Kubernetes stand-in's provider", () => {
  const kubeconfig = (server: string, user = "a") =>
    JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "k", user } }],
      clusters: [{ name: "k", cluster: { server } }],
    });

  it("is updated by another kubeconfig when its cluster has the same identifier, known or not", () => {
    const olds = { clusterIdentifier: "prod", kubeconfig: kubeconfig("https://a") };
    for (const next of [kubeconfig("https://b"), UNKNOWN]) {
      const diff = diffProvider(olds, { ...olds, kubeconfig: next });
      assert.deepEqual(diff, { changed: ["kubeconfig"], replaces: [] });
    }
    assert.deepEqual(diffProvider(olds, { ...olds, clusterIdentifier: "b" }).replaces, ["clusterIdentifier"]);
  });

  it("without an identifier is replaced by another cluster, or by one that isn't known", () => {
    const olds = { kubeconfig: kubeconfig("https://a") };
    assert.deepEqual(diffProvider(olds, { kubeconfig: UNKNOWN }).replaces, ["kubeconfig"]);
    assert.deepEqual(diffProvider(olds, { kubeconfig: kubeconfig("https://b") }).replaces, ["kubeconfig"]);
    assert.deepEqual(diffProvider(olds, { kubeconfig: kubeconfig("https://a", "other") }).replaces, []);
  });
});

describe("The Kubernetes stand-in's refresh", () => {
  it("sees only what the inputs say, and its drift", () => {
    const inputs = { spec: { replicas: 2, template: { containers: [{ name: "a", image: "x:1" }] } } };
    const live = {
      metadata: { uid: "u" },
      spec: { replicas: 1, paused: false, template: { containers: [{ name: "a", image: "x:1", tty: false }] } },
    };
    assert.deepEqual(inputsFromLive(live, inputs), {
      spec: { replicas: 1, template: { containers: [{ name: "a", image: "x:1" }] } },
    });
  });

  it("takes no drift from what the API server writes differently or leaves out", () => {
    const inputs = {
      stringData: { password: "p" },
      spec: { readOnly: false, requests: { cpu: "0.5", memory: "1024Mi" }, labels: { memory: "large" } },
    };
    const live = {
      data: { password: Buffer.from("p").toString("base64") },
      spec: { requests: { cpu: "500m", memory: "1Gi" }, labels: { memory: "large" } },
    };
    assert.deepEqual(inputsFromLive(live, inputs), inputs);
  });

  it("sees an item more or less in a list, a lost field and another secret", () => {
    assert.deepEqual(inputsFromLive({ list: ["a", "b"] }, { list: ["a"] }), { list: ["a", "b"] });
    assert.deepEqual(inputsFromLive({ labels: {} }, { labels: { team: "a" } }), { labels: {} });
    const live = { data: { password: Buffer.from("q").toString("base64") } };
    assert.deepEqual(inputsFromLive(live, { stringData: { password: "p" } }), { stringData: { password: "q" } });
  });
});

describe("The Kubernetes stand-in's preview", () => {
  it("keeps what an update doesn't touch, and replaces lists", () => {
    const olds = { metadata: { uid: "u", labels: { a: "b" } }, list: [1, 2] };
    const news = { metadata: { labels: { a: UNKNOWN } }, list: [3] };
    assert.deepEqual(merged(olds, news), { metadata: { uid: "u", labels: { a: UNKNOWN } }, list: [3] });
  });

  it("finds unknown values at any depth", () => {
    assert.equal(hasUnknown({ a: [{ b: UNKNOWN }] }), true);
    assert.equal(hasUnknown({ a: [{ b: "known" }], c: null }), false);
  });
});

describe("The Kubernetes stand-in's update with ignored changes", () => {
  const inputs = { spec: { capacity: { storage: "10Gi" }, storageClassName: "ebs" } };
  const live = (manager: string) => {
    const fieldsV1 = { "f:spec": { "f:capacity": { ".": {}, "f:storage": {} } } };
    return { metadata: { managedFields: [{ manager, fieldsV1 }] }, spec: { capacity: { storage: "20Gi" } } };
  };
  const applied = (object: Fields, ignored: string[]) => withIgnored(inputs, object, "us", ignored);

  it("leaves to others what they manage by now", () => {
    for (const path of ["spec.capacity", "spec.capacity.storage"]) {
      const { capacity, ...rest } = applied(live("them"), [path]).spec as Fields;
      assert.deepEqual([capacity?.storage, rest], [undefined, { storageClassName: "ebs" }], path);
    }
  });

  it("keeps what is there of its own, and of what nobody manages", () => {
    const kept = { spec: { capacity: { storage: "20Gi" }, storageClassName: "ebs" } };
    assert.deepEqual(applied(live("us"), ["spec.capacity"]), kept);
    assert.deepEqual(applied({ ...live("us"), metadata: {} }, ["spec.capacity"]), kept);
  });

  it("applies what isn't there, and what isn't ignored, as it is told", () => {
    assert.deepEqual(applied({ spec: {} }, ["spec.capacity", "spec.list[0].item"]), inputs);
    assert.deepEqual(applied(live("them"), []), inputs);
  });
});
