import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import * as storage from "../../components/index";
import { accessEntriesOf } from "../../config/accessEntries";
import { LocalStack } from "./localStack";

const ACCOUNT = "111101013333";
const zones = ["eu-west-1a", "eu-west-1b"];
const ENTRIES = accessEntriesOf([`arn:aws:iam::${ACCOUNT}:role/Ops`], [`arn:aws:iam::${ACCOUNT}:role/Audit`]);

/** A cluster whose access entries are made by the component of `@pulumi/eks`, as they were once. */
const formerly: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (type !== "eks:index:Cluster") return undefined;
  const accessEntries = Object.fromEntries(
    Object.entries(ENTRIES).map(([key, { principalArn, access }]) => [
      key,
      {
        principalArn,
        accessPolicies: {
          [key]: {
            policyArn: `arn:aws:eks::aws:cluster-access-policy/${access}`,
            accessScope: { type: "cluster" },
          },
        },
      },
    ]),
  );
  return { props: { ...props, accessEntries }, opts };
};

const program = (isFormer: boolean) => async () => {
  const region = "eu-west-1";
  const provider = new aws.Provider("aws", { region, allowedAccountIds: [ACCOUNT] });
  const onAws = { providers: [provider] };
  const network = new storage.Network("shop", { region, zones, cidrBlock: "10.9.0.0/16" }, onAws);
  new storage.Cluster(
    "shop",
    {
      clusterName: "shop",
      kubernetesVersion: "1.35",
      vpcId: network.vpcId,
      zones,
      controlPlaneZones: zones,
      privateSubnetIds: network.privateSubnetIds,
      apiAccessCidrs: ["198.18.113.0/24"],
      addonVersions: {
        vpcCni: "v1.21.1-eksbuild.1",
        kubeProxy: "v1.35.0-eksbuild.2",
        coredns: "v1.13.1-eksbuild.1",
        podIdentityAgent: "v1.3.10-eksbuild.2",
      },
      accessEntries: isFormer ? {} : ENTRIES,
      retention: storage.Retention.Delete,
    },
    { ...onAws, dependsOn: [network], transformations: isFormer ? [formerly] : [] },
  );
};

describe("access entries that the eks component made in earlier versions", function () {
  this.timeout("5m");
  const dev = new LocalStack("dev");
  const access = () => dev.awsRecords().filter(({ type }) => type.startsWith("aws:eks/access"));

  before(async () => {
    await dev.start();
    dev.program = program(true);
    await dev.up();
  });
  after(() => dev.stop());

  it("become ours as they are: EKS would refuse a second one, and without any people are locked out", async () => {
    const former = access();
    assert.equal(former.length, 4);
    dev.program = program(false);
    for (const steps of [await dev.preview(), await dev.up()]) {
      const ofAccess = Object.entries(steps).filter(([key]) => key.startsWith("aws:eks/access"));
      assert.equal(ofAccess.length, 4);
      assert.deepEqual([...new Set(ofAccess.map(([, step]) => step))], ["same"]);
    }
    assert.deepEqual(access(), former);
  });

  it("then go as everything does", async () => {
    await dev.destroy();
    assert.deepEqual(await dev.leaked(), []);
  });
});
