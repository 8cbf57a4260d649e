import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { DeletionProtection, Retention } from "../../../../components";
import type { Secret } from "../../../support/registrations";
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

  describe("with a parameter for the record", () => {
    for (const [retention, outlives] of [
      [Retention.Delete, false],
      [Retention.Retain, true],
      [Retention.Release, true],
    ] as const) {
      it(`${outlives ? "keeps it" : "lets it go"} with the rest under ${retention}`, async () => {
        const configuration = { adoptFileSystemId: "fs-1" };
        const args = { retention, configuration, claim, kubeconfig: "{}", recordParameter: "/shop/kept" };
        const resources = await registered(() => new DeletionProtection("all", args, {}));
        const parameter = one(resources, "ssm/parameter:Parameter");
        const { inputs, retainOnDelete } = parameter;
        // Whose output is the disk.
        assertOrder(resources, [one(resources, "dynamic:Resource")], [parameter]);
        assert.equal(retainOnDelete, outlives);
        const { value, ...others } = inputs;
        assert.deepEqual(others, {
          name: "/shop/kept",
          type: "String",
          description: "What a destroy of the stack keeps, and the configuration that adopts it",
          overwrite: true,
        });
        assert.deepEqual(JSON.parse((value as Secret).value as string), { retention, configuration, claim });
      });
    }
  });
});
