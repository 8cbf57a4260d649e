import assert from "node:assert/strict";
import { inventoryText } from "../../cli/inventory";

describe("inventoryText", () => {
  it("lists what exists by type, cut in the middle where a line would pass 80 columns", () => {
    const policy = "eks-storage-dev-nodes-8c3c7fe/arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly";
    const aws = [
      { type: "ec2/vpc", id: "vpc-11111111", note: "dev" },
      { type: "iam/rolePolicyAttachment", id: policy, note: "" },
    ];
    const lines = inventoryText({ aws, kubernetes: [] }).split("\n");
    assert.deepEqual(lines.slice(0, 4), ["AWS: 2", "  ec2/vpc", "    vpc-11111111  dev", "  iam/rolePolicyAttachment"]);
    assert.match(lines[4]!, /^ {4}eks-storage-dev-nodes.+….+AmazonEC2ContainerRegistryPullOnly$/);
    assert.equal(lines[4]!.length, 80);
    assert.deepEqual(lines.slice(5), ["", "Kubernetes: nothing"]);
  });
});
