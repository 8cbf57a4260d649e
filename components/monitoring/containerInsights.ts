import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { addon } from "../eks/addon";
import { podIdentityTrust } from "../eks/podIdentityTrust";
import { assertArguments } from "../checks/assertValid";
import { known } from "../checks/known";
import { serviceRole } from "../iam/role";
import { type RoleRulesArgs, validateRoleRules } from "../iam/roleRules";
import { validateInsightsVersion } from "../eks/addonVersions";
import { dnsSuffixOf, partitionOf } from "../partitions";
import { typeTokens } from "../typeTokens";

export interface ContainerInsightsArgs {
  /** The cluster's name in AWS. It must have nodes with the Pod Identity agent. */
  clusterName: pulumi.Input<string>;
  /** The cluster's region. The metrics go to CloudWatch there. */
  region: pulumi.Input<string>;
  /** The add-on's version, `v6.2.0-eksbuild.1` or later: `aws eks describe-addon-versions` lists them. */
  version: pulumi.Input<string>;
  /** What the account asks of IAM roles: a permissions boundary, a path, how names begin. Plain. Default: nothing. */
  roles?: RoleRulesArgs;
}

/**
 * The EKS add-on `amazon-cloudwatch-observability`, with a role for its agent. It reports to CloudWatch how full disks are,
 * for the alarms of {@link Alarms}: its node exporter sees the root disks of nodes, and its agent asks the kubelet about the
 * volumes of pods.
 *
 * Only these metrics are on (Container Insights for OpenTelemetry). They are charged by the GB. Logs, traces and the older
 * metrics are off. The component must depend on the cluster's nodes: without them the add-on doesn't become active, and
 * the update fails. EKS refuses it on a cluster that has this add-on already.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/container-insights-eks-otel.html
 *
 * Use one in each cluster whose disks `Alarms` watches.
 *
 * @throws pulumi.RunError for an older version, and for rules of roles that IAM doesn't accept.
 */
export class ContainerInsights extends pulumi.ComponentResource {
  /** The add-on's version, once it is installed. */
  public readonly addonVersion: pulumi.Output<string>;

  constructor(name: string, args: ContainerInsightsArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("ContainerInsights", name, args, () => [
      ...validateInsightsVersion(known(args.version)),
      ...validateRoleRules(args.roles),
    ]);
    super(typeTokens.ContainerInsights, name, {}, opts);
    const { clusterName, region, version } = args;
    const parent = this;
    const role = serviceRole(
      name,
      { assumeRolePolicy: podIdentityTrust, description: "The CloudWatch agent's pods" },
      args.roles,
      { parent },
    );
    const partition = pulumi.output(region).apply(partitionOf);
    const sending = new aws.iam.RolePolicyAttachment(
      name,
      { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/CloudWatchAgentServerPolicy` },
      { parent },
    );
    const association = new aws.eks.PodIdentityAssociation(
      name,
      { clusterName, namespace: "amazon-cloudwatch", serviceAccount: "cloudwatch-agent", roleArn: role.arn },
      { parent },
    );
    const insights = addon(
      name,
      {
        clusterName,
        addonName: "amazon-cloudwatch-observability",
        version,
        configurationValues: configuration(clusterName, region),
      },
      // A pod gets its role only when it starts.
      { parent, dependsOn: [sending, association] },
    );
    this.addonVersion = insights.addonVersion;
    this.registerOutputs({ addonVersion: this.addonVersion });
  }
}

/** `aws eks describe-addon-configuration --addon-name amazon-cloudwatch-observability` prints its schema. */
const configuration = (clusterName: pulumi.Input<string>, region: pulumi.Input<string>) =>
  pulumi.jsonStringify({
    otelContainerInsights: { enabled: true, logs: { enabled: false } },
    containerInsights: { enabled: false },
    containerLogs: { enabled: false },
    applicationSignals: { enabled: false },
    // Otherwise it would add an agent to every pod that starts.
    manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
    agent: { otelConfig: volumes(clusterName, region) },
  });

/**
 * A pipeline for the volumes, beside the agent's own pipelines: its parts have names that those don't use. The node exporter
 * can't see volumes, since only root may read `/var/lib/kubelet/pods`. The agent's service account may ask the kubelet.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/metrics-otel-send.html
 */
function volumes(clusterName: pulumi.Input<string>, region: pulumi.Input<string>) {
  const name = "eks-storage";
  const [receiver, processor, exporter, extension] = ["kubeletstats", "resource", "otlphttp", "sigv4auth"].map(
    (kind) => `${kind}/${name}`,
  ) as [string, string, string, string];
  return {
    receivers: {
      [receiver]: {
        auth_type: "serviceAccount",
        collection_interval: "60s",
        endpoint: "https://${env:HOST_IP}:10250",
        // A kubelet's certificate is not the cluster's; the agent's own receiver asks it the same way.
        insecure_skip_verify: true,
        metric_groups: ["volume"],
        // This label brings the name of the claim with it.
        extra_metadata_labels: ["k8s.volume.type"],
      },
    },
    processors: {
      [processor]: { attributes: [{ key: "k8s.cluster.name", value: clusterName, action: "upsert" }] },
    },
    exporters: {
      [exporter]: {
        metrics_endpoint: pulumi.interpolate`https://monitoring.${region}.${pulumi.output(region).apply(dnsSuffixOf)}/v1/metrics`,
        auth: { authenticator: extension },
      },
    },
    extensions: { [extension]: { region, service: "monitoring" } },
    service: {
      extensions: [extension],
      pipelines: { [`metrics/${name}`]: { receivers: [receiver], processors: [processor], exporters: [exporter] } },
    },
  };
}
