import assert from "node:assert/strict";
import { creatorOf } from "../../../../components/eks/clusterCreator";

describe("the creator of a cluster", () => {
  it("is a role, of which a session is signed in", () => {
    const session = "arn:aws:sts::111101013333:assumed-role/deployer/ana@example.com";
    assert.equal(creatorOf(session), "The role deployer of the account 111101013333");
    const inChina = "arn:aws-cn:sts::111101013333:assumed-role/deployer/ana";
    assert.equal(creatorOf(inChina), "The role deployer of the account 111101013333");
  });

  it("is otherwise who is signed in", () => {
    for (const arn of ["arn:aws:iam::111101013333:user/ana", "arn:aws:iam::111101013333:root"])
      assert.equal(creatorOf(arn), arn);
  });
});
