import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, type ClusterArgs, EncryptionKey, Retention } from "../../../../components/index";
import { clusterArgs } from "../../../support/clusterArgs";
import { all } from "../../../support/queries";
import { run, type RunOptions } from "../../../support/registrations";

/** As in an account whose letters aren't in the order of the ids. */
const zoneIds = { "us-east-1a": "use1-az6", "us-east-1b": "use1-az3", "us-east-1c": "use1-az1" };

function cluster(
  zones: string[],
  argumentNames?: Record<string, string>,
  instanceTypes?: ClusterArgs["instanceTypes"],
) {
  return new Cluster("eks", clusterArgs({ zones, instanceTypes, argumentNames }));
}

const KEY = "aws:kms/getKey:getKey";
const ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones";

async function accepted(zones: string[], options?: RunOptions): Promise<string[]> {
  const { error, invokes, registrations } = await run(() => cluster(zones), options);
  assert.equal(error, undefined, error?.stack);
  assert.equal(all(registrations, "eks:index:Cluster").length, 1);
  return invokes.filter((token) => token === ZONES);
}

describe("the zones of a control plane", () => {
  for (const [region, id] of [
    ["us-east-1", "use1-az3"],
    ["us-west-1", "usw1-az2"],
    ["ca-central-1", "cac1-az3"],
  ] as const) {
    it(`of ${region} are refused where one of them is ${id}, by its name in the account`, async () => {
      const zones = ["a", "b", "c"].map((letter) => region + letter);
      const ids = { [zones[0]!]: "x-az1", [zones[1]!]: id, [zones[2]!]: "x-az9" };
      const { error, registrations } = await run(() => cluster(zones), { preview: true, zoneIds: ids });
      assert.equal(
        error?.message,
        `The configuration doesn't fit what exists already:
  - controlPlaneZones of Cluster "eks" must be zones in which EKS makes clusters, so not ${zones[1]}: it is ${id} in this account; it is [ '${zones[0]}', '${zones[1]}' ].
    Choose from ${zones[0]}, ${zones[2]}. Each account has its own letters for a region's zones: aws ec2 describe-availability-zones shows them.`,
      );
      assert.deepEqual(all(registrations, "eks:index:Cluster"), [], "refused before it is made");
    });
  }

  it("are called as they are configured", async () => {
    const names = { controlPlaneZones: "zones of the shop" };
    const { error } = await run(() => cluster(["us-east-1a", "us-east-1b"], names), { zoneIds });
    assert.match(error!.message, /\n {2}- zones of the shop must be zones in which EKS makes clusters/);
  });

  it("are refused with whatever else doesn't fit", async () => {
    const kept = {
      alias: "shop",
      accountId: "111101013333",
      retention: Retention.Delete,
      adoptId: "1234abcd-12ab-34cd-56ef-1234567890ab",
    };
    const program = () => {
      cluster(["us-east-1a", "us-east-1b"]);
      new EncryptionKey("shop", kept);
    };
    const { error } = await run(program, { zoneIds, adoptable: { [KEY]: { keyState: "Disabled" } } });
    assert.match(error!.message, /, so not us-east-1b:/);
    assert.match(error!.message, /adoptId of EncryptionKey "shop" must be a key that is Enabled/);
  });

  it("are accepted where none of them is, and nodes may be anywhere", async () => {
    assert.deepEqual(await accepted(["us-east-1a", "us-east-1c", "us-east-1b"], { zoneIds }), [ZONES]);
  });

  it("of other regions aren't looked up", async () => {
    for (const region of ["eu-west-1", "us-east-2", "cn-north-1"])
      assert.deepEqual(await accepted([`${region}a`, `${region}b`]), [], region);
  });

  it("aren't looked up once there is a cluster: EKS can't change them", async () => {
    const urn =
      "urn:pulumi:test::eks-storage::eks-storage:index:Cluster$eks:index:Cluster$aws:eks/cluster:Cluster::eks";
    const living = (name: string) => ({ zoneIds, state: { [urn]: { outputs: { name } } } });
    assert.deepEqual(await accepted(["us-east-1a", "us-east-1b"], living("shop")), []);
    // Another cluster of the stack has zones of its own.
    const { error } = await run(() => cluster(["us-east-1a", "us-east-1b"]), living("another"));
    assert.match(error!.message, /, so not us-east-1b: it is use1-az3 in this account/);
  });

  it("are AWS's to refuse where nobody answers", async () => {
    await accepted(["us-east-1a", "us-east-1b"], { zoneIds: {} });
  });

  it("must be known: the right to ask for them is named", async () => {
    const { error } = await run(() => cluster(["us-east-1a", "us-east-1b"]), { failing: [ZONES] });
    const right = "Whoever deploys or previews must be allowed ec2:DescribeAvailabilityZones";
    assert.match(error!.message, new RegExp(`^The ids of the account's zones can't be looked up\\. ${right}\\.`));
  });
});

describe("the zones of nodes", () => {
  const zones = ["us-east-1a", "us-east-1c", "us-east-1b"];
  const offerings = { "m7i.large": ["us-east-1a", "us-east-1c"], "m4.large": zones };
  const refusal = async (instanceTypes?: ClusterArgs["instanceTypes"], options: RunOptions = {}) => {
    const { error } = await run(() => cluster(zones, undefined, instanceTypes), { zoneIds, offerings, ...options });
    return error?.message;
  };

  it("are refused where one has none of the instance types, the default too, by name", async () => {
    for (const types of [undefined, ["m7i.large"]])
      assert.equal(
        await refusal(types, { preview: true }),
        `The configuration doesn't fit what exists already:
  - zones of Cluster "eks" must be zones that have m7i.large, so not us-east-1b; it is [ 'us-east-1a', 'us-east-1c', 'us-east-1b' ].
    Choose other zones, or other instance types: aws ec2 describe-instance-type-offerings --location-type availability-zone lists them.`,
      );
  });

  it("are accepted where each has one of the types", async () => {
    assert.equal(await refusal(["m7i.large", "m4.large"]), undefined);
  });

  it("are asked for only where there are no nodes yet", async () => {
    const cluster = "urn:pulumi:test::eks-storage::eks-storage:index:Cluster";
    const state = { [`${cluster}$aws:eks/nodeGroup:NodeGroup::eks-us-east-1b`]: {} };
    assert.equal(await refusal(undefined, { state }), undefined);
  });

  it("are accepted where not every type is known yet", async () => {
    for (const types of [pulumi.output(["m7i.large"]), ["m7i.large", pulumi.output("m4.large")]])
      assert.equal(await refusal(types), undefined);
  });

  it("are AWS's to refuse where nobody answers", async () => {
    assert.equal(await refusal(undefined, { offerings: undefined }), undefined);
  });

  it("must be known: the right to ask for them is named", async () => {
    const failing = ["aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings"];
    const right = "Whoever deploys or previews must be allowed ec2:DescribeInstanceTypeOfferings";
    assert.match((await refusal(undefined, { failing }))!, new RegExp(right));
  });
});
