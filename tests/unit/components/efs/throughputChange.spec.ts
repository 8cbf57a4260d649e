import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { FileSystem, Retention, type ThroughputMode } from "../../../../components/index";
import { run } from "../../../support/registrations";
import { throughputChangeOf } from "../../../../components/efs/throughputChange";

const provisioned = (provisionedThroughputInMibps: number) => {
  return { throughputMode: "provisioned", provisionedThroughputInMibps };
};
const elastic = { throughputMode: "elastic" };
const once =
  "EFS changes the mode, or lowers the throughput, once in 24 hours: it refuses this within a day of the last such change, " +
  "and until tomorrow the way back.";

/** What a preview of a file system says that has been elastic. */
async function said(throughputMode: ThroughputMode, preview: boolean): Promise<string[]> {
  const messages: string[] = [];
  const { info } = pulumi.log;
  pulumi.log.info = (message) => Promise.resolve(void messages.push(message));
  const urn = "urn:pulumi:test::eks-storage::eks-storage:index:FileSystem$aws:efs/fileSystem:FileSystem::shop";
  const program = () =>
    new FileSystem("shop", {
      ...{ vpcId: "vpc-11111111", zones: ["eu-west-1a"], subnetIds: { "eu-west-1a": "subnet-11111111" } },
      ...{ accessPoints: {}, retention: Retention.Delete, throughputMode },
    });
  try {
    const { error } = await run(program, { preview, state: { [urn]: { outputs: elastic } } });
    assert.equal(error, undefined, error?.stack);
  } finally {
    pulumi.log.info = info;
  }
  return messages;
}

describe("a change of a file system's throughput", () => {
  it("is told of EFS's limit: another mode, or less than was provisioned", () => {
    assert.equal(
      throughputChangeOf("shop", elastic, provisioned(10)),
      `The file system shop changes its throughput from elastic to provisioned. ${once}`,
    );
    assert.equal(
      throughputChangeOf("shop", provisioned(10), provisioned(5)),
      `The file system shop has its provisioned throughput lowered from 10 to 5 MiB/s. ${once}`,
    );
  });

  it("is told at a preview of the stack's own file system, and only there", async () => {
    assert.match(
      (await said("bursting", true)).join(),
      /^The file system shop changes its throughput from elastic to bu/,
    );
    assert.deepEqual([await said("bursting", false), await said("elastic", true)], [[], []]);
  });

  it("is none where more is provisioned, or nothing changes", () => {
    assert.equal(throughputChangeOf("shop", provisioned(10), provisioned(11)), undefined);
    for (const mode of [elastic, provisioned(5)]) assert.equal(throughputChangeOf("shop", mode, mode), undefined);
  });
});
