import assert from "node:assert/strict";
import { changes, LocalStack } from "./localStack";

const [ADMINISTRATOR, VIEWER] = ["Admins", "Readers"].map((role) => `arn:aws:iam::777701019999:role/${role}`);
/** As much as a stack can have. */
const EVERYTHING = [
  `administrators=["${ADMINISTRATOR}"]`,
  `viewers=["${VIEWER}"]`,
  "assetsStorage=s3",
  "encryptionKey=customer",
  "efsReplicaRegion=eu-central-1",
  "alarmTopicArn=arn:aws:sns:eu-west-1:777701019999:storage",
  "containerInsightsVersion=v6.2.0-eksbuild.1",
];

describe("prod, destroyed under retain without a preview", function () {
  this.timeout("8m");
  const prod = new LocalStack("prod");

  before(async () => {
    await prod.start();
    await prod.up(...EVERYTHING);
  });
  after(() => prod.stop());

  it("is refused, and nobody and nothing has lost anything", async () => {
    const before = await prod.inventory();
    for (const type of ["eks/accessEntry", "eks/accessPolicyAssociation"]) {
      assert.equal(before.aws.filter((item) => item.type === type).length, 2);
    }
    const records = prod.awsRecords();
    await assert.rejects(prod.destroy(...EVERYTHING), /protected/);
    assert.deepEqual(await prod.inventory(), before);
    assert.deepEqual(prod.awsRecords(), records);
  });

  it("changes nothing afterwards", async () => {
    const changed = Object.keys(changes(await prod.up(...EVERYTHING)));
    // Which the engine makes itself, and which are nothing but in the state.
    assert.deepEqual(
      changed.filter((key) => !/^pulumi:providers:\w+ default/.test(key)),
      [],
    );
  });
});
