import assert from "node:assert/strict";
import { ContainerInsights } from "../../../../components/index";
import { assertOrder, one, registered } from "../../../support/queries";

const insights = () =>
  new ContainerInsights("insights", { clusterName: "shop", region: "eu-west-1", version: "v6.2.0-eksbuild.1" });

describe("ContainerInsights", () => {
  it("sends what file systems hold, and nothing else that would be paid for or get into other pods", async () => {
    const { inputs } = one(await registered(insights), "Addon");
    assert.deepEqual([inputs.addonName, inputs.addonVersion], ["amazon-cloudwatch-observability", "v6.2.0-eksbuild.1"]);
    const { agent: _, ...others } = JSON.parse(inputs.configurationValues as string);
    assert.deepEqual(others, {
      otelContainerInsights: { enabled: true, logs: { enabled: false } },
      containerInsights: { enabled: false },
      containerLogs: { enabled: false },
      applicationSignals: { enabled: false },
      manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
    });
  });

  it("has its agent ask the kubelet how full volumes are, since its node exporter may not look at them", async () => {
    const { inputs } = one(await registered(insights), "Addon");
    const { receivers, processors, exporters, extensions, service } = JSON.parse(inputs.configurationValues as string)
      .agent.otelConfig;
    const [pipeline, ...others] = Object.values<Record<string, string[]>>(service.pipelines);
    assert.deepEqual(others, []);
    // Every part is there under its own name, and no part of the agent's own is taken away.
    const used = (parts: Record<string, Record<string, any>>, names: string[] = []) => {
      assert.deepEqual(Object.keys(parts), names);
      for (const name of names) assert.match(name, /\/eks-storage$/);
      return Object.values(parts)[0]!;
    };
    const { metric_groups, extra_metadata_labels, endpoint, auth_type } = used(receivers, pipeline!.receivers);
    assert.deepEqual([metric_groups, extra_metadata_labels], [["volume"], ["k8s.volume.type"]]);
    assert.deepEqual([endpoint, auth_type], ["https://${env:HOST_IP}:10250", "serviceAccount"]);
    assert.deepEqual(used(processors, pipeline!.processors).attributes, [
      { key: "k8s.cluster.name", value: "shop", action: "upsert" },
    ]);
    const { metrics_endpoint, auth } = used(exporters, pipeline!.exporters);
    assert.equal(metrics_endpoint, "https://monitoring.eu-west-1.amazonaws.com/v1/metrics");
    assert.deepEqual(used(extensions, service.extensions), { region: "eu-west-1", service: "monitoring" });
    assert.deepEqual([auth.authenticator], service.extensions);
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
