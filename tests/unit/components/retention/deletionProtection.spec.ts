import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { DeletionProtection, Retention } from "../../../../components";
import { assertOrder, one, registered } from "../../../support/queries";

const claim = { namespace: "shop", name: "data-0", volumeKey: "keptVolumeId", zoneKey: "keptZone" };

describe("DeletionProtection", () => {
  for (const [retention, refuses] of [
    [Retention.Delete, false],
    [Retention.Retain, true],
    [Retention.Release, false],
  ] as const) {
    it(`${refuses ? "refuses" : "allows"} deletion under ${retention}`, async () => {
      const args = { retention, configuration: {}, claim, kubeconfig: "{}" };
      const resources = await registered(() => new DeletionProtection("all", args, {}));
      assert.equal(one(resources, "DeletionProtection").protect, refuses);
      assert.equal(one(resources, "dynamic:Resource").inputs.retention, retention);
    });
  }

  it("goes before everything that it depends on, and so does its notice", async () => {
    const resources = await registered(() => {
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
      const args = { retention: Retention.Retain, configuration: {}, claim, kubeconfig: "{}" };
      new DeletionProtection("all", args, { dependsOn: [vpc] });
    });
    assertOrder(
      resources,
      [one(resources, "Vpc")],
      [one(resources, "DeletionProtection"), one(resources, "dynamic:Resource")],
    );
  });
});
