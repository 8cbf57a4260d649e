import assert from "node:assert/strict";
import { Cluster, type ClusterArgs } from "../../../../components/index";
import { clusterArgs } from "../../../support/clusterArgs";
import { all } from "../../../support/queries";
import { run, type RunOptions } from "../../../support/registrations";

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const DEFAULT_KEY = "aws:ebs/getDefaultKmsKey:getDefaultKmsKey";
const GET_KEY = "aws:kms/getKey:getKey";

const cluster = (changes: Partial<ClusterArgs> = {}) => new Cluster("eks", clusterArgs(changes));

async function message(options: RunOptions, changes?: Partial<ClusterArgs>): Promise<string | undefined> {
  const { error, registrations } = await run(() => cluster(changes), options);
  assert.equal(all(registrations, "eks:index:Cluster").length, error ? 0 : 1, "refused before it is made");
  return error?.message;
}

describe("the key of the nodes' disks", () => {
  it("is refused where a customer's is the account's default: Auto Scaling may not use it", async () => {
    assert.equal(
      await message({ preview: true, defaultEbsKey: KEY }),
      `The configuration doesn't fit what exists already:
  - defaultEbsKeyConfirmation of Cluster "eks" must be ${KEY}, a customer's key that is the account's default for EBS, and so encrypts the nodes' disks; it is missing.
    Auto Scaling, which starts the nodes, may use such a key only by the key's policy or by a grant. Let it, then set this to the key's ARN. Whoever administers the key runs: aws kms create-grant --key-id ${KEY} --grantee-principal arn:aws:iam::111101013333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling --operations Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant`,
    );
  });

  it("is accepted once the configuration says that Auto Scaling may use that very key", async () => {
    const confirmed = (defaultEbsKeyConfirmation: string) =>
      message({ defaultEbsKey: KEY }, { defaultEbsKeyConfirmation });
    assert.equal(await confirmed(KEY), undefined);
    assert.match((await confirmed(`${KEY}0`))!, /it is 'arn:aws:kms.*ab0'/);
  });

  it("is refused with whatever else doesn't fit, in the configuration's words", async () => {
    const zoneIds = { "us-east-1a": "use1-az6", "us-east-1b": "use1-az3", "us-east-1c": "use1-az1" };
    const zones = ["us-east-1a", "us-east-1b"];
    const refused = await message(
      { defaultEbsKey: KEY, zoneIds },
      {
        ...{ zones, controlPlaneZones: zones },
        privateSubnetIds: { "us-east-1a": "subnet-11111111", "us-east-1b": "subnet-22222222" },
        argumentNames: { defaultEbsKeyConfirmation: "the key" },
      },
    );
    assert.match(refused!, /\n {2}- the key must be arn:/);
    assert.match(refused!, /so not us-east-1b/);
  });

  for (const [whose, defaultEbsKey] of [
    ["AWS's own", undefined],
    ["AWS's own, not made yet", "alias/aws/ebs"],
    ["AWS's own, by its alias's ARN", "arn:aws:kms:eu-west-1:111101013333:alias/aws/ebs"],
    ["unknown, as to mocks of another program", ""],
  ] as const) {
    it(`is accepted where the default is ${whose}`, async () => {
      assert.equal(await message({ defaultEbsKey }), undefined);
    });
  }

  it("is a customer's by its own ARN, whatever the default names it by", async () => {
    const adoptable = { [GET_KEY]: { keyManager: "CUSTOMER", arn: KEY } };
    assert.match((await message({ defaultEbsKey: `${KEY}0`, adoptable }))!, new RegExp(`must be ${KEY},`));
  });

  it("must be known: the right to describe it is named", async () => {
    const refused = await message({ defaultEbsKey: KEY, failing: [GET_KEY] });
    assert.match(
      refused!,
      /^Whether arn:.*, the account's default key for EBS, is a customer's.* must be allowed kms:DescribeKey\. AWS answered: You/,
    );
  });

  it("is looked up for the first nodes alone", async () => {
    const urn = "urn:pulumi:test::eks-storage::eks-storage:index:Cluster$aws:eks/nodeGroup:NodeGroup::eks-eu-west-1a";
    const { error, invokes } = await run(() => cluster(), {
      defaultEbsKey: KEY,
      state: { [urn]: { outputs: { clusterName: "shop" } } },
    });
    assert.equal(error, undefined);
    assert.deepEqual(
      invokes.filter((token) => token === DEFAULT_KEY),
      [],
    );
  });
});
