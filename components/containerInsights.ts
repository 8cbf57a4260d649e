import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { podIdentityTrust } from "./podIdentityTrust";
import { types } from "./types";

export interface ContainerInsightsArgs {
  clusterName: pulumi.Input<string>;
  /** The add-on's version, `v6.2.0-eksbuild.1` or later: `aws eks describe-addon-versions` lists them. */
  version: pulumi.Input<string>;
}

/**
 * The add-on `amazon-cloudwatch-observability`, which tells CloudWatch how full the disks are that are mounted on nodes:
 * its node exporter sees every file system there. Logs, traces and the older metrics, which it would send besides, are off.
 * Metrics are paid for by the GB. Nodes must be there before.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/container-insights-eks-otel.html
 */
export class ContainerInsights extends pulumi.ComponentResource {
  public readonly addonVersion: pulumi.Output<string>;

  constructor(name: string, args: ContainerInsightsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(types.ContainerInsights, name, {}, opts);
    const { clusterName, version } = args;
    const parent = this;
    const role = new aws.iam.Role(
      name,
      { assumeRolePolicy: podIdentityTrust, description: "The CloudWatch agent's pods" },
      { parent },
    );
    const sending = new aws.iam.RolePolicyAttachment(
      name,
      { role: role.name, policyArn: "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy" },
      { parent },
    );
    const association = new aws.eks.PodIdentityAssociation(
      name,
      { clusterName, namespace: "amazon-cloudwatch", serviceAccount: "cloudwatch-agent", roleArn: role.arn },
      { parent },
    );
    const addon = new aws.eks.Addon(
      name,
      {
        clusterName,
        addonName: "amazon-cloudwatch-observability",
        addonVersion: version,
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
        configurationValues: configuration,
      },
      // A pod has its role from its start only.
      { parent, dependsOn: [sending, association] },
    );
    this.addonVersion = addon.addonVersion;
    this.registerOutputs({ addonVersion: this.addonVersion });
  }
}

/** `aws eks describe-addon-configuration --addon-name amazon-cloudwatch-observability` prints its schema. */
const configuration = pulumi.jsonStringify({
  otelContainerInsights: { enabled: true, logs: { enabled: false } },
  containerInsights: { enabled: false },
  containerLogs: { enabled: false },
  applicationSignals: { enabled: false },
  // Otherwise it would put an agent of its own into every pod that starts.
  manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
});
