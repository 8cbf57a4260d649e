import assert from "node:assert/strict";
import { isDenied, isMissing, lookUp, lookupFix } from "../../../../components/checks/lookups";

const bridged = (answer: string) =>
  new Error(
    `invocation of aws:ec2/getVpc:getVpc returned an error: invoking aws:ec2/getVpc:getVpc: 1 error occurred:\n\t* ${answer}\n\n`,
  );
const denied = bridged(
  "reading EC2 VPCs: api error UnauthorizedOperation: You are not authorized to perform this operation.",
);

describe("a lookup that fails", () => {
  it("is mended by AWS's own words, and by the right that is missing", () => {
    const words =
      "reading EC2 VPCs: api error UnauthorizedOperation: You are not authorized to perform this operation.";
    assert.equal(
      lookupFix("ec2:DescribeVpcs", denied),
      `Whoever deploys or previews must be allowed ec2:DescribeVpcs. AWS answered: ${words}`,
    );
    assert.equal(lookupFix("x", bridged("no matching EC2 VPC found")), "AWS answered: no matching EC2 VPC found");
    assert.equal(lookupFix("x", "a text that was thrown"), "AWS answered: a text that was thrown");
  });

  it("is cut after 300 characters", () => {
    assert.equal(lookupFix("x", bridged("a".repeat(1000))).length, "AWS answered: ".length + 300);
  });

  // Each in the provider's or the service's own words: github.com/hashicorp/terraform-provider-aws, internal/tfresource and service/.
  const missing = [
    "reading EKS Add-On (shop:a): couldn't find resource",
    "api error ResourceNotFoundException: No addon: a found in cluster: shop",
    "no matching EC2 VPC found",
    "query returned no results. Please change your search criteria and try again",
    "api error InvalidNetworkInterfaceID.NotFound: The networkInterface ID 'eni-1' does not exist",
  ];
  for (const answer of missing) {
    it(`says that there is no such thing: ${answer}`, () => assert.ok(isMissing(bridged(answer))));
  }
  for (const answer of ["api error ThrottlingException: Rate exceeded", "dial tcp: i/o timeout"]) {
    it(`says nothing of what is there: ${answer}`, () => {
      assert.deepEqual([isMissing(bridged(answer)), isDenied(bridged(answer))], [false, false]);
    });
  }

  it("is no word of what is there, where nobody may ask", () => {
    assert.deepEqual([isDenied(denied), isMissing(denied)], [true, false]);
  });

  it("ends the program with one sentence", async () => {
    await assert.rejects(lookUp("The snapshot snap-1", "ec2:DescribeSnapshots", Promise.reject(denied)), {
      message: /^The snapshot snap-1 can't be looked up\. Whoever .* ec2:DescribeSnapshots\. AWS answered: reading/,
    });
    assert.equal(await lookUp("", "", Promise.resolve(1)), 1);
  });
});
