import assert from "node:assert/strict";
import { ContainerInsights } from "../../../components";
import { assertOrder, one, registered } from "../../support/queries";

const insights = () => new ContainerInsights("insights", { clusterName: "shop", version: "v6.2.0-eksbuild.1" });

describe("ContainerInsights", () => {
  it("sends what file systems hold, and nothing else that would be paid for or get into other pods", async () => {
    const { inputs } = one(await registered(insights), "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["amazon-cloudwatch-observability", "v6.2.0-eksbuild.1"]);
    assert.deepEqual(JSON.parse(inputs.configurationValues as string), {
      otelContainerInsights: { enabled: true, logs: { enabled: false } },
      containerInsights: { enabled: false },
      containerLogs: { enabled: false },
      applicationSignals: { enabled: false },
      manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
    });
  });

  it("has its agent's role before its pods start", async () => {
    const resources = await registered(insights);
    const [attachment, association] = [
      one(resources, "RolePolicyAttachment"),
      one(resources, "PodIdentityAssociation"),
    ];
    assert.equal(attachment.inputs.policyArn, "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy");
    const { namespace, serviceAccount } = association.inputs;
    assert.deepEqual([namespace, serviceAccount], ["amazon-cloudwatch", "cloudwatch-agent"]);
    assertOrder(resources, [attachment, association], [one(resources, "Addon")]);
  });

  it("ends with the add-on's version", async () => {
    const resources = await registered(insights);
    assert.deepEqual(one(resources, "eks-storage:index:ContainerInsights").outputs, {
      addonVersion: "v6.2.0-eksbuild.1",
    });
  });
});
