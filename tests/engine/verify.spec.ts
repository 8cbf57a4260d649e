import assert from "node:assert/strict";
import { KubernetesCluster } from "../../verify/kubernetesCluster";
import { readOutputs } from "../../verify/outputs";
import type { Context } from "../../verify/context";
import { exitCodeOf, type Result } from "../../verify/result";
import { runSteps } from "../../verify/run";
import { commandsOf } from "../support/pages";
import { idsOf, resultOf } from "../support/verified/runs";
import { Checkout } from "./checkout";
import { LocalStack } from "./localStack";

describe("npm run verify on a real API server", function () {
  this.timeout("5m");
  const dev = new LocalStack("dev");
  let context: Context;
  /** The control plane's administrator's: the one of the outputs runs the command aws. */
  const kubeconfig = () => JSON.stringify(dev.kubectl("config", "view", "--raw", "--output", "json"));
  const verified = (changes: Partial<Context> = {}): Promise<Result[]> =>
    runSteps({ ...context, ...changes }, new AbortController().signal, { begins: () => {}, ended: () => {} });

  before(async () => {
    await dev.start();
    await dev.up();
    const outputs = Object.entries(await dev.outputsWithSecrets()).map(([name, { value }]) => [name, value as unknown]);
    const read = readOutputs(JSON.stringify(Object.fromEntries(outputs)), "dev");
    context = {
      outputs: read,
      cluster: new KubernetesCluster(kubeconfig()),
      aws: async () => assert.fail("AWS is a stand-in here"),
      runId: "0a1b2c3d",
      ...{ isDisruptive: true, isSimulated: true, hasOtherVolumes: false },
      ...{ patience: 120, grace: 10, dnsPatience: 1, interval: 500 },
    };
  });
  after(() => dev.stop());

  it("finds the claims as the outputs have them, and the pods Ready", async () => {
    const results = await verified({ isDisruptive: false });
    assert.deepEqual(idsOf(results, "failed"), [], JSON.stringify(results, null, 1));
    assert.deepEqual(idsOf(results, "passed"), ["claims.assets", "claims.catalog", "catalog.pods"]);
    assert.match(resultOf(results, "claims.catalog").saw, /^Bound to pvc-\S+: vol-[0-9a-f]{17}$/);
    assert.equal(exitCodeOf(results), 0);
  });

  it("has a second pod on a disk refused by the scheduler and by what attaches, and leaves no disk behind under retain either", async () => {
    await dev.up("retention=retain", "nodesPerZone=2");
    const before = await dev.inventory();
    const results = await verified();
    assert.deepEqual(idsOf(results, "failed"), [], JSON.stringify(results, null, 1));
    assert.match(
      resultOf(results, "accessModes.onePod").saw,
      /ReadWriteOncePod access mode already in-use by another pod/,
    );
    assert.match(resultOf(results, "accessModes.oneNode").saw, /^FailedAttachVolume: Multi-Attach error/);
    assert.equal(resultOf(results, "accessModes.removed").outcome, "passed");
    assert.deepEqual(await dev.inventory(), before);
    await dev.up("retention=delete", "nodesPerZone=1");
  });

  it("says what keeps a claim Pending, in the controller's own words", async () => {
    const pvcNames = { ...context.outputs.pvcNames, catalog: "never" };
    dev.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "never", namespace: "catalog" },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName: "none", resources: { requests: { storage: "1Gi" } } },
    });
    let results: Result[] = [];
    for (let attempt = 0; attempt < 30 && !/not found/.test(JSON.stringify(results)); attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      results = await verified({ isDisruptive: false, outputs: { ...context.outputs, pvcNames } });
    }
    dev.kubectl("delete", "pvc", "never", "--namespace", "catalog");
    const { outcome, saw } = resultOf(results, "claims.catalog");
    assert.equal(outcome, "failed");
    assert.equal(saw, 'it is Pending: ProvisioningFailed: storageclass.storage.k8s.io "none" not found');
  });

  it("names the rights that a viewer lacks, as the API server has them", async () => {
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "viewer", namespace: "default" } };
    const subjects = [{ kind: "ServiceAccount", name: "viewer", namespace: "default" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
    dev.apply(account);
    dev.apply({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: "viewer" },
      subjects,
      roleRef,
    });
    const token = (dev.kubectl("create", "token", "viewer") as string).trim();
    const config = JSON.parse(kubeconfig()) as { users: { user: object }[] };
    config.users[0]!.user = { token };
    const results = await verified({ isSimulated: false, cluster: new KubernetesCluster(JSON.stringify(config)) });
    assert.match(
      resultOf(results, "assets.shared").saw,
      /may not .*create pods\/exec in the namespace assets.*: give that right$/,
    );
    assert.match(resultOf(results, "claims.assets").saw, /may not get persistentvolumes: give that right$/);
    assert.equal(exitCodeOf(results), 2);
    assert.ok(!JSON.stringify(results).includes(token));
  });
});

describe("npm run verify in a checkout", function () {
  this.timeout("5m");
  const checkout = new Checkout();
  after(() => checkout.remove());

  it("looks at the local cloud as the page says", () => {
    const { status, stderr } = checkout.npm("verify", "--", "--local");
    assert.equal(status, 2);
    assert.match(stderr, /dev isn't deployed on this machine\. To deploy it: npm run up:local -- --stack dev/);
    checkout.succeeds("up:local");
    const [line] = commandsOf("docs/experiment.md", "On the local cloud");
    const said = checkout.types(line!);
    assert.match(said, /\npassed {2}claims\.assets \(/);
    assert.match(said, /\nnot run assets\.shared\n(not run .*\n)* {4}because {3}a local cloud's pods are simulated/);
    assert.match(said, /\n3 passed, 0 failed, \d+ not run, in \d/);
  });
});
