import assert from "node:assert/strict";
import { record } from "../../support/apiErrorCases";
import { type } from "../../support/awsCli";
import { localCloud } from "../../support/localCloud";

describe("aws ec2", () => {
  const { records } = localCloud();
  beforeEach(() => records(record("ebs/volume", "vol-11111111")));

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
