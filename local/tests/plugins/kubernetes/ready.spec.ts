import * as assert from "node:assert/strict";
import type { Fields, KubernetesApi, KubernetesObject } from "../../../kubernetes/client";
import { missing, waitFor, waitSeconds } from "../../../plugins/kubernetes/ready";

const object = (kind: string, fields: Fields, metadata: Fields = {}): KubernetesObject => {
  const [name = "", ...group] = kind.split("/").reverse();
  return { apiVersion: group.reverse().join("/"), kind: name, metadata: { name: "a", ...metadata }, ...fields };
};

/** An API server that has just these objects, whatever is asked for. */
const apiWith = (...found: KubernetesObject[]) =>
  ({ find: async () => found[0], list: async () => found }) as unknown as KubernetesApi;

const check = (live: KubernetesObject, created = true, ...others: KubernetesObject[]) =>
  missing(apiWith(...others), live, created);

describe("Readiness of Kubernetes objects", () => {
  const rolledOut = [
    { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" },
    { type: "Available", status: "True" },
  ];
  const deployment = (status: Fields) =>
    object("apps/v1/Deployment", { spec: { replicas: 2 }, status }, { generation: 3 });

  it("waits for a Deployment's whole rollout, of this generation", async () => {
    const status = { observedGeneration: 3, updatedReplicas: 2, availableReplicas: 2, conditions: rolledOut };
    assert.equal(await check(deployment(status)), undefined);
    const words = "2 of 2 replicas updated, 2 available";
    assert.equal(await check(deployment({ ...status, observedGeneration: 2 })), words);
    assert.equal(await check(deployment({ ...status, conditions: rolledOut.slice(0, 1) })), words);
    assert.equal(await check(deployment({})), "0 of 2 replicas updated, 0 available");
  });

  it("waits for a StatefulSet's replicas, updated unless it updates on deletion", async () => {
    const set = (updatedReplicas: number, type = "RollingUpdate") =>
      object("apps/v1/StatefulSet", {
        spec: { replicas: 1, updateStrategy: { type } },
        status: { readyReplicas: 1, updatedReplicas },
      });
    assert.equal(await check(set(1)), undefined);
    assert.equal(await check(set(0)), "0 of 1 replicas updated, 1 ready");
    assert.equal(await check(set(0, "OnDelete")), undefined);
  });

  it("waits for a claim to be bound, and takes a new one that waits for its pod as it is", async () => {
    const claim = (phase: string) =>
      object("v1/PersistentVolumeClaim", { spec: { storageClassName: "ebs" }, status: { phase } });
    const storageClass = (volumeBindingMode: string) => object("storage.k8s.io/v1/StorageClass", { volumeBindingMode });
    const [waits, immediate] = [storageClass("WaitForFirstConsumer"), storageClass("Immediate")];
    assert.equal(await check(claim("Bound"), true, immediate), undefined);
    assert.equal(await check(claim("Pending"), true, immediate), "the claim is Pending, not Bound");
    assert.equal(await check(claim("Pending"), true, waits), undefined);
    assert.equal(await check(claim("Bound"), true, waits), "the claim is Bound, not Pending");
    assert.equal(await check(claim("Bound"), false, waits), undefined);
    assert.equal(await check(claim("Pending"), false, waits), "the claim is Pending, not Bound");
  });

  it("waits for a Service's pods, not for a headless one's", async () => {
    const service = (spec: Fields) => object("v1/Service", { spec: { selector: { app: "a" }, ...spec } });
    const slice = (ready: boolean) =>
      object("discovery.k8s.io/v1/EndpointSlice", { endpoints: [{ conditions: { ready } }] });
    assert.equal(await check(service({}), true, slice(true)), undefined);
    assert.equal(await check(service({}), true, slice(false)), "Service does not target any ready Pods");
    assert.equal(await check(service({ clusterIP: "None" })), undefined);
    assert.equal(await check(service({ selector: undefined })), undefined);
  });

  it("waits for nothing else", async () => {
    assert.equal(await check(object("v1/Namespace", {})), undefined);
    assert.equal(await check(object("v1/ConfigMap", {})), undefined);
  });

  it("lets an annotation skip the wait, or name another", async () => {
    const annotated = (annotations: Fields) => object("apps/v1/Deployment", { status: {} }, { annotations });
    assert.equal(await check(annotated({ "pulumi.com/skipAwait": "true" })), undefined);
    const asked = annotated({ "pulumi.com/waitFor": "condition=Ready" });
    assert.equal(await check(asked), "condition=Ready isn't met yet");
  });

  it("understands conditions and paths to wait for", () => {
    const live = object("v1/Thing", { status: { phase: "Bound", conditions: [{ type: "Ready", status: "False" }] } });
    assert.equal(waitFor(live, "condition=Ready=False"), undefined);
    assert.equal(waitFor(live, "condition=Ready"), "condition=Ready isn't met yet");
    assert.equal(waitFor(live, "jsonpath={.status.phase}=Bound"), undefined);
    assert.equal(waitFor(live, "jsonpath={.status.phase}"), undefined);
    const ready = { ...live, status: { ...live.status, readyToUse: true } };
    assert.equal(waitFor(ready, "jsonpath={.status.readyToUse}=true"), undefined);
    assert.match(waitFor(live, "jsonpath={.status.readyToUse}=true") ?? "met", /isn.t met yet/);
    assert.equal(waitFor(live, "jsonpath={.status.no}"), "jsonpath={.status.no} isn't met yet");
    assert.equal(waitFor(live, '["jsonpath={.status.phase}", "condition=Ready"]'), "condition=Ready isn't met yet");
  });

  it("waits as long as the resource says, else the annotation, else the kind", () => {
    const annotated = object("v1/Service", {}, { annotations: { "pulumi.com/timeoutSeconds": "20" } });
    assert.equal(waitSeconds(annotated, 10), 10);
    assert.equal(waitSeconds(annotated, 0), 20);
    assert.equal(waitSeconds(object("v1/Service", {}), 0), 600);
    assert.equal(waitSeconds(object("v1/Namespace", {}), 0), 300);
  });
});
