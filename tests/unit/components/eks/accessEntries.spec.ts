import assert from "node:assert/strict";
import { Cluster, ClusterAccess, type ClusterArgs } from "../../../../components/index";
import { accessEntriesOf } from "../../../../config/accessEntries";
import { clusterArgs } from "../../../support/clusterArgs";
import { all, one, predecessors, registered } from "../../../support/queries";

const admin = "arn:aws:iam::111101013333:role/Admin";
const viewer = "arn:aws:iam::111101013333:role/Preview";

describe("access entries", () => {
  const cluster = (accessEntries?: ClusterArgs["accessEntries"]) =>
    registered(() => new Cluster("eks", clusterArgs({ accessEntries })));

  it("let in whom they are told to, as what they are told to", async () => {
    const resources = await cluster({ ops: { principalArn: admin, access: ClusterAccess.View } });
    const entry = one(resources, "AccessEntry", "eks-ops");
    assert.deepEqual(entry.inputs, { clusterName: "shop", principalArn: admin });
    const association = one(resources, "AccessPolicyAssociation", "eks-ops-ops");
    assert.deepEqual(association.inputs, {
      clusterName: "shop",
      principalArn: admin,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy",
      accessScope: { type: "cluster" },
    });
    assert.ok(association.dependencies.includes(entry.urn), "EKS gives nothing to who has no entry");
    assert.ok(!("accessEntries" in one(resources, "eks:index:Cluster").inputs), "they would be made a second time");
  });

  it("are nobody's but the creator's by default", async () => {
    assert.deepEqual(all(await cluster(), "AccessEntry"), []);
  });

  it("stay for as long as anything that depends on the cluster: who destroys it may be in by one of them", async () => {
    const resources = await registered(() => {
      const shop = new Cluster("eks", { ...clusterArgs(), accessEntries: accessEntriesOf([admin], [viewer]) });
      new Cluster("later", { ...clusterArgs(), clusterName: "later" }, { dependsOn: [shop] });
    });
    const before = predecessors(resources, one(resources, "Key", "later-secrets"));
    const access = [...all(resources, "AccessEntry"), ...all(resources, "AccessPolicyAssociation")];
    assert.equal(access.length, 4);
    for (const { urn } of access) assert.ok(before.has(urn), urn);
  });
});

describe("accessEntriesOf", () => {
  it("names each entry after its role", () => {
    assert.deepEqual(accessEntriesOf([admin], [viewer]), {
      "111101013333:role/Admin": { principalArn: admin, access: "AmazonEKSClusterAdminPolicy" },
      "111101013333:role/Preview": { principalArn: viewer, access: "AmazonEKSAdminViewPolicy" },
    });
  });

  it("has one entry for a role that is named twice, as an administrator: EKS refuses a second one", () => {
    assert.deepEqual(Object.values(accessEntriesOf([admin, admin], [admin])), [
      { principalArn: admin, access: ClusterAccess.Admin },
    ]);
  });
});
