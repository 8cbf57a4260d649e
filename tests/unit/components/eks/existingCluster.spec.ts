import assert from "node:assert/strict";
import { ExistingCluster } from "../../../../components/index";
import { EXISTING_VPC } from "../../../support/mockState";
import { run } from "../../../support/registrations";

/** What a preview is refused with, by who reads it, where the cluster has the drivers already. */
async function refusal(argumentNames?: Record<string, string>): Promise<string> {
  const addonNames = ["aws-efs-csi-driver", "aws-ebs-csi-driver"];
  const { error } = await run(
    () =>
      new ExistingCluster("cluster", {
        ...{ clusterName: "shop", region: "eu-west-1", vpcId: EXISTING_VPC, addonNames, argumentNames },
      }),
    {
      preview: true,
      config: { "eks-storage:existingClusterName": "shop" },
      adoptable: { "aws:eks/getAddon:getAddon": { arn: "arn:aws:eks:eu-west-1:111101013333:addon/shop/a/1" } },
    },
  );
  return error?.message ?? "";
}

describe("an add-on that somebody else has installed", () => {
  const head = "The configuration doesn't fit what exists already:\n";
  const expected = "a cluster without the add-on aws-efs-csi-driver, aws-ebs-csi-driver; it is 'shop'.\n";

  it("is to be used as it is, or else handed over, by who writes the program", async () => {
    assert.equal(
      await refusal(),
      `${head}  - clusterName of ExistingCluster "cluster" must be ${expected}` +
        "    Use it as it is: leave out the component that makes it, such as CsiDriver, and its name in addonNames " +
        '(docs/components.md, "On a cluster that has the driver"). Or hand it over to the stack, which deletes it at a ' +
        "destroy: aws eks delete-addon, if nobody else needs it.",
    );
  });

  it("can only be handed over by who configures it", async () => {
    assert.equal(
      await refusal({ clusterName: "existingClusterName" }),
      `${head}  - existingClusterName must be ${expected}` +
        "    The stack makes it, and a destroy would delete it: aws eks delete-addon, if nobody else needs it.",
    );
  });
});
