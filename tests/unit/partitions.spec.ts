import assert from "node:assert/strict";
import { partitionOf } from "../../components/partitions";
import { EXISTING_VPC } from "../support/mockState";
import { program } from "../support/program";
import { all, one } from "../support/queries";
import type { Registration } from "../support/registrations";

const UUID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const SNAPSHOT = "snap-0123456789abcdef0";
const ACCOUNT = "777701019999";

/** Prod in another region, with as much as there is to choose. */
const inRegion = (region: string, others: Record<string, unknown>) => {
  const zones = ["a", "b", "c"].map((letter) => region + letter);
  const arn = `arn:${partitionOf(region)}`;
  return {
    ...{ accountId: ACCOUNT, region, zones, controlPlaneZones: zones, mysqlZone: zones[0] },
    encryptionKey: "customer",
    mysqlSnapshotId: SNAPSHOT,
    alarmTopicArn: `${arn}:sns:${region}:${ACCOUNT}:storage`,
    containerInsightsVersion: "v6.2.0-eksbuild.1",
    ...others,
  };
};
const existing = (region: string) =>
  inRegion(region, {
    administrators: [],
    viewers: [],
    existingVpcId: EXISTING_VPC,
    existingPrivateSubnetIds: Object.fromEntries(["a", "b", "c"].map((it) => [region + it, "subnet-11111111"])),
    existingClusterName: "shop",
    existingFileSystemId: "fs-11111111",
    existingKeyArn: `arn:${partitionOf(region)}:kms:${region}:${ACCOUNT}:key/${UUID}`,
    assetsStorage: "s3",
    existingBucketName: "images",
  });
const own = (region: string) =>
  inRegion(region, {
    administrators: [`arn:${partitionOf(region)}:iam::${ACCOUNT}:role/admins`],
    viewers: [`arn:${partitionOf(region)}:iam::${ACCOUNT}:role/viewers`],
    assetsProvisioning: "dynamic",
    efsMountAccess: "roles",
  });

/** The program's ARNs in a partition: those that the mocks give are all of the account 111101013333. */
function arnsIn(partition: string, registrations: Registration[]): string[] {
  const inputs = registrations.flatMap((it) => JSON.stringify(it.inputs).match(/arn:[\w*-]+:[^"\\]*/g) ?? []);
  return inputs.filter((arn) => arn.split(":")[1] === partition && !arn.includes(":111101013333:"));
}

describe("the partition of a region", () => {
  const partitions = {
    "eu-west-1": "aws",
    "us-east-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
    "eu-isoe-west-1": "aws-iso-e",
    "us-isof-south-1": "aws-iso-f",
    "eusc-de-east-1": "aws-eusc",
  };
  for (const [region, partition] of Object.entries(partitions))
    it(`${region} is ${partition}`, () => assert.equal(partitionOf(region), partition));
});

for (const [region, partition] of [
  ["cn-northwest-1", "aws-cn"],
  ["us-gov-west-1", "aws-us-gov"],
] as const) {
  describe(`the program in ${region}`, () => {
    // No key: what stands in the place of its policy has an ARN of its own.
    const snapshots = { [SNAPSHOT]: { tags: { "ebs.csi.aws.com/cluster": "true" }, volumeSize: 20 } };
    for (const [what, changes] of Object.entries({ "everything of its own": own, "existing resources": existing })) {
      it(`writes ARNs of ${partition} only, with ${what}`, async () => {
        const registrations = await program("prod", { changes: changes(region), snapshots });
        assert.deepEqual(arnsIn("aws", registrations), []);
        assert.ok(arnsIn(partition, registrations).length > 10);
      });
    }

    it("trusts the nodes' EC2 by the name that EKS asks for there", async () => {
      const registrations = await program("prod", { changes: own(region), snapshots });
      const { assumeRolePolicy } = one(registrations, "aws:iam/role:Role", "eks-storage-prod-nodes").inputs;
      const name = partition === "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com";
      assert.equal(assumeRolePolicy.Statement[0].Principal.Service, name);
    });

    it("sends metrics to the partition's address", async () => {
      const registrations = await program("prod", { changes: own(region), snapshots });
      const [insights] = all(registrations, "Addon").filter(({ name }) => name === "container-insights");
      const host = `monitoring.${region}.${partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com"}/`;
      assert.ok(String(insights!.inputs.configurationValues).includes(host));
    });
  });
}
