import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, type ClusterArgs, EncryptionKey, Retention } from "../../../../components/index";
import { calendar } from "../../../../components/checks/calendar";
import { supportNotice } from "../../../../components/eks/kubernetesSupport";
import { clusterArgs } from "../../../support/clusterArgs";
import { TODAY } from "../../../support/day";
import { all } from "../../../support/queries";
import { run, type RunOptions } from "../../../support/registrations";

const cluster = (kubernetesVersion: ClusterArgs["kubernetesVersion"]) =>
  new Cluster("eks", clusterArgs({ kubernetesVersion }));

/** The stack's cluster, as the state has it. */
const stateOf = (version: string, name = "shop") => ({
  "urn:pulumi:test::eks-storage::eks-storage:index:Cluster$eks:index:Cluster$aws:eks/cluster:Cluster::eks": {
    outputs: { name, version },
  },
});

const GET_CLUSTER = "aws:eks/getCluster:getCluster";

describe("the Kubernetes version of a cluster", () => {
  const { warn } = pulumi.log;
  let said: string[];
  beforeEach(() => {
    said = [];
    (pulumi.log as { warn: unknown }).warn = async (message: string) => void said.push(message);
  });
  afterEach(() => {
    (pulumi.log as { warn: unknown }).warn = warn;
    calendar.today = () => TODAY;
  });

  /** What is asked of EKS, where the cluster is made; how the program is refused otherwise. */
  async function judged(version: ClusterArgs["kubernetesVersion"], options: RunOptions = {}) {
    const { error, invokes, registrations } = await run(() => cluster(version), { preview: true, ...options });
    assert.equal(all(registrations, "eks:index:Cluster").length, error ? 0 : 1, error?.stack);
    return error?.message ?? invokes.filter((token) => token === GET_CLUSTER);
  }

  for (const [today, version, notice] of [
    ["2026-10-02", "1.34", undefined],
    ["2026-10-03", "1.34", "Kubernetes 1.34 is in EKS's standard support until 2026-12-02, for 60 more days. EKS then"],
    ["2026-12-01", "1.34", "Kubernetes 1.34 is in EKS's standard support until 2026-12-02, for one more day. EKS then"],
    ["2026-12-02", "1.34", "Kubernetes 1.34 has been out of EKS's standard support since 2026-12-02. EKS"],
    ["2026-11-29", "1.35", undefined],
    ["2026-11-29", "1.36", undefined],
    ["2026-11-29", "1.99", undefined],
  ] as const) {
    it(`${version} has ${notice ? "its end told" : "nothing told of it"} on ${today}`, () => {
      const rest =
        " upgrades a cluster's control plane by itself, at any time, and a new cluster of it is refused here. Upgrade it yourself: " +
        'docs/aws.md, "Upgrading Kubernetes".';
      assert.equal(supportNotice(version, today), notice && notice + rest);
    });
  }

  it("is warned of at a preview, once, and not again when the cluster is deployed", async () => {
    assert.deepEqual(await judged("1.34"), []);
    assert.deepEqual(said, [supportNotice("1.34", TODAY)]);
    assert.deepEqual(await judged("1.34", { preview: false }), []);
    assert.equal(said.length, 1);
  });

  it("is taken in silence while its support goes on, and EKS isn't asked for a cluster that isn't there", async () => {
    assert.deepEqual(await judged("1.35"), []);
    assert.deepEqual(await judged("1.36", { state: stateOf("1.35", "another") }), []);
    assert.deepEqual(said, []);
  });

  it("is refused for a new cluster from the day that ends its support", async () => {
    calendar.today = () => "2026-12-02";
    assert.equal(
      await judged("1.34"),
      `The configuration doesn't fit what exists already:
  - kubernetesVersion of Cluster "eks" must be in EKS's standard support for a new cluster: 1.35 (until 2027-03-27), 1.36 (until 2027-08-02); it is '1.34'.
    Extended support costs six times as much, and is turned off: EKS would upgrade the cluster by itself. A newer release of this program knows newer versions (components/versions.ts).`,
    );
    assert.match(String(await judged("1.34", { state: stateOf("1.34", "another") })), /for a new cluster/);
    assert.match(String(await judged("1.33")), /for a new cluster: .*; it is '1\.33'/);
    calendar.today = () => "2027-08-02";
    assert.match(String(await judged("1.36")), /for a new cluster: no version that this release knows; it is '1\.36'/);
  });

  it("stays that of a living cluster when its support has ended", async () => {
    calendar.today = () => "2026-12-02";
    assert.deepEqual(await judged("1.34", { state: stateOf("1.34"), clusterVersion: "1.34" }), [GET_CLUSTER]);
    assert.match(said[0]!, /^Kubernetes 1\.34 has been out of EKS's standard support since 2026-12-02\./);
  });

  it("is refused behind the living cluster's, whatever the state says, with how to follow", async () => {
    const message = `The configuration doesn't fit what exists already:
  - kubernetesVersion of Cluster "eks" must be 1.36, which the cluster shop has, or 1.37; it is '1.35'.
    EKS upgrades a cluster by itself when its version is out of standard support, and doesn't go back. Follow it: set 1.36, run pulumi refresh, and pulumi preview then shows the nodes' update. To take a fresh upgrade back: https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html`;
    for (const preview of [true, false]) {
      assert.equal(await judged("1.35", { preview, state: stateOf("1.35"), clusterVersion: "1.36" }), message);
      assert.equal(await judged("1.35", { preview, state: stateOf("1.36"), clusterVersion: "1.36" }), message);
    }
    assert.equal(await judged("1.35", { state: stateOf("1.36") }), message, "EKS can't be asked");
  });

  it("may be the next one, and no later", async () => {
    const living = { state: stateOf("1.34"), clusterVersion: "1.34" };
    assert.deepEqual(await judged("1.35", living), [GET_CLUSTER]);
    assert.match(
      String(await judged("1.36", living)),
      /must be 1\.34, which the cluster shop has, or 1\.35; it is '1\.36'\.\n {4}EKS upgrades by one minor version at a time\.$/,
    );
  });

  it("has the state refreshed where EKS has it already", async () => {
    assert.deepEqual(await judged("1.36", { state: stateOf("1.35"), clusterVersion: "1.36" }), [GET_CLUSTER]);
    assert.deepEqual(said, [
      "The cluster shop has Kubernetes 1.36 already, and the stack's state says 1.35: run pulumi refresh before pulumi up, " +
        "or EKS refuses the update.",
    ]);
  });

  it("is refused with whatever else doesn't fit", async () => {
    const kept = {
      alias: "shop",
      accountId: "111101013333",
      retention: Retention.Delete,
      adoptId: "1234abcd-12ab-34cd-56ef-1234567890ab",
    };
    const program = () => {
      cluster("1.33");
      new EncryptionKey("shop", kept);
    };
    const { error } = await run(program, { adoptable: { "aws:kms/getKey:getKey": { keyState: "Disabled" } } });
    assert.match(error!.message, /for a new cluster/);
    assert.match(error!.message, /adoptId of EncryptionKey "shop" must be a key that is Enabled/);
  });

  it("is EKS's to judge where it isn't known yet", async () => {
    assert.deepEqual(await judged(pulumi.output("1.33")), []);
  });
});
