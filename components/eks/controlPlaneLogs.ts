import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { lookUp } from "../checks/lookups";
import { orEnd } from "../retention/refusals";

/**
 * The log group of a cluster's control plane, with an expiry, before the cluster: EKS would make it without one.
 *
 * It outlives the stack, since EKS's service-linked role delivers logs for minutes after a cluster's deletion: into this
 * group, where they expire, or else into one that it makes again under the same name, in which nothing ever expires and on
 * which the next `up` would fail. No policy keeps the service from that, and no dependency is long enough.
 * https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2486, https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2763
 *
 * A group that is there already is taken over, whoever made it: it gets this expiry and these tags, and keeps its logs.
 */
export function controlPlaneLogs(
  name: string,
  args: { clusterName: string; retentionInDays: pulumi.Input<number> },
  parent: pulumi.Resource,
): aws.cloudwatch.LogGroup {
  const logGroupName = `/aws/eks/${args.clusterName}/cluster`;
  return new aws.cloudwatch.LogGroup(
    name,
    { name: logGroupName, retentionInDays: args.retentionInDays },
    { parent, retainOnDelete: true, transforms: [importedIfThere(logGroupName, parent)] },
  );
}

/**
 * Imports a log group that AWS has. Without effect on one that is in the stack's state: a log group's id is its name, and
 * the engine imports nothing that it knows under that id. What differs is updated in the same `up`.
 */
function importedIfThere(logGroupName: string, parent: pulumi.Resource): pulumi.ResourceTransform {
  // Asked here: a transform runs where the SDK doesn't know which program it belongs to, and can't ask.
  const asked = aws.cloudwatch.getLogGroups({ logGroupNamePrefix: logGroupName }, { parent });
  const found: Promise<Partial<aws.cloudwatch.GetLogGroupsResult>> = orEnd(
    lookUp(`The log group ${logGroupName}`, "logs:DescribeLogGroups", asked),
  );
  return async ({ props, opts }) => {
    // At a preview whose provider isn't configured yet nobody can be asked.
    const { logGroupNames = [] } = await found;
    return logGroupNames.includes(logGroupName) ? { props, opts: { ...opts, import: logGroupName } } : undefined;
  };
}
