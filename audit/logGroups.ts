import { type CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import { type Belonging, detailOf, size } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";

/** Log groups, by their names. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export async function logGroups(
  client: CloudWatchLogsClient,
  region: string,
  look: Look,
  belonging: Belonging,
): Promise<void> {
  const { name, clusterName } = belonging.scope;
  const prefixes = [
    `/aws/vpc/${name}/`,
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-reference-performance-logs-EKS.html
    ...(clusterName === undefined ? [] : [`/aws/eks/${clusterName}/`, `/aws/containerinsights/${clusterName}/`]),
  ];
  for (const prefix of prefixes) {
    const groups = await look.all(
      { what: `log groups ${prefix}`, right: "logs:DescribeLogGroups", region },
      paginateDescribeLogGroups({ client, pageSize: 50 }, { logGroupNamePrefix: prefix }),
      (page) => page.logGroups,
    );
    for (const { logGroupName: id = "", storedBytes, retentionInDays } of groups) {
      const isEks = id === `/aws/eks/${clusterName ?? ""}/cluster`;
      // The program's has a retention. EKS makes it anew, without one, where it logs on after a destroy.
      const owner =
        isEks && retentionInDays !== undefined
          ? Owner.Kept
          : prefix.startsWith("/aws/vpc/")
            ? Owner.Stack
            : Owner.Driver;
      const because = owner === Owner.Kept ? "the program always keeps what the control plane logged" : "its name";
      const until = retentionInDays === undefined ? "never expires" : `expires after ${retentionInDays} days`;
      belonging.add({ kind: "log group", id, region, owner, because, detail: detailOf(size(storedBytes), until) });
    }
  }
}
