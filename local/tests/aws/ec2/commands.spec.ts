import assert from "node:assert/strict";
import { record } from "../../support/apiErrorCases";
import { type } from "../../support/awsCli";
import { localCloud } from "../../support/localCloud";

describe("aws ec2", () => {
  const { records } = localCloud();
  beforeEach(() => records(record("ebs/volume", "vol-11111111")));

  it("makes a customer's key a region's default for EBS, and AWS's own again", () => {
    const shown = (region = "eu-west-1") =>
      type(`ec2 get-ebs-default-kms-key-id --region ${region} --query KmsKeyId`) as string;
    const own = shown();
    type("ec2 modify-ebs-default-kms-key-id --kms-key-id arn:other --region eu-west-1");
    type("ec2 modify-ebs-default-kms-key-id --kms-key-id arn:key --region eu-west-1");
    assert.equal(shown(), "arn:key");
    assert.match(shown("eu-central-1"), /eu-central-1:\d*:key\/aws-ebs/);
    type("ec2 reset-ebs-default-kms-key-id --region eu-west-1");
    assert.equal(shown(), own);
  });

  const wrong: [string, () => unknown, RegExp][] = [
    [
      "a flag that the CLI hasn't",
      () => type("ec2 describe-snapshots --snapshot-ids s --ids t"),
      /Unknown option '--ids'/,
    ],
    ["a snapshot that there isn't", () => type("ec2 describe-snapshots --snapshot-ids s"), /InvalidSnapshot.NotFound/],
    [
      "tags of another form",
      () => type("ec2 create-tags --resources vol-11111111 --tags a=b"),
      /expected Key=…,Value=…/,
    ],
    ["tags on nothing", () => type("ec2 create-tags --resources x --tags Key=a,Value=b"), /\(InvalidID\)/],
  ];
  for (const [what, typed, refused] of wrong) it(`refuses ${what}`, () => void assert.throws(typed, refused));
});
