import { type Change, Operation } from "./changes";
import { isPlaceholder, type Value, valueAt } from "./values";

/** A word of a shell's: https://www.gnu.org/software/bash/manual/bash.html#Single-Quotes */
export const quoted = (text: string): string =>
  /^[\w./:@%+,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const textAt = ({ old, new: after }: Change, path: string): string | undefined => {
  const texts = [old?.outputs, old?.inputs, after?.outputs, after?.inputs].map((it) => valueAt(it, path));
  return texts.find((it: Value | undefined): it is string => typeof it === "string" && it !== "");
};

/** Types that CloudTrail knows by another property than their id: https://docs.aws.amazon.com/service-authorization/ */
const NAMED_BY: Record<string, string> = {
  "aws:eks/addon:Addon": "addonName",
  "aws:eks/nodeGroup:NodeGroup": "nodeGroupName",
  "aws:kms/key:Key": "arn",
  "aws:backup/plan:Plan": "arn",
};

/**
 * A command that asks who changed or deleted a resource; none where nobody keeps that.
 *
 * @param cluster the name of the stack's cluster; a placeholder by default.
 */
export function whoDidIt(change: Change, cluster = "CLUSTER"): string | undefined {
  if (change.provider === "aws") return asksCloudTrail(change);
  if (change.provider === "kubernetes") return asksCluster(change, cluster);
  return undefined;
}

/**
 * CloudTrail keeps changes for 90 days, and has them after some minutes:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html
 */
function asksCloudTrail(change: Change): string | undefined {
  const path = Object.hasOwn(NAMED_BY, change.type) ? NAMED_BY[change.type]! : "";
  const name = textAt(change, path) ?? change.id;
  if (name === undefined) return undefined;
  const region = textAt(change, "region");
  return [
    "aws cloudtrail lookup-events",
    ...(region === undefined ? [] : [`--region ${quoted(region)}`]),
    `--lookup-attributes ${quoted(`AttributeKey=ResourceName,AttributeValue=${name}`)}`,
    "--query 'Events[].[EventTime,Username,EventName]' --output table",
  ].join(" ");
}

/** Of an object that exists, the API server notes who wrote which field; of one that is gone, the audit log has its end. */
function asksCluster(change: Change, cluster: string): string {
  const kind = change.type.split(":").at(-1)!;
  const name = textAt(change, "metadata.name") ?? change.name;
  const namespace = textAt(change, "metadata.namespace");
  if (change.op !== Operation.Delete) {
    const scope = namespace === undefined ? "" : ` --namespace ${quoted(namespace)}`;
    return `kubectl get ${quoted(kind.toLowerCase())} ${quoted(name)}${scope} --output yaml --show-managed-fields`;
  }
  const fields = [
    '($.verb = "delete")',
    `($.objectRef.name = ${JSON.stringify(name)})`,
    ...(namespace === undefined ? [] : [`($.objectRef.namespace = ${JSON.stringify(namespace)})`]),
  ];
  // https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
  return (
    `aws logs filter-log-events --log-group-name ${quoted(`/aws/eks/${cluster}/cluster`)} ` +
    `--log-stream-name-prefix kube-apiserver-audit --filter-pattern ${quoted(`{ ${fields.join(" && ")} }`)}`
  );
}

/** The name of the cluster among a stack's resources; `undefined` where it has none, or several. */
export function clusterOf(changes: Change[]): string | undefined {
  const clusters = changes
    .filter(({ type }) => type === "aws:eks/cluster:Cluster")
    .map((it) => textAt(it, "name") ?? it.id);
  return clusters.length === 1 && !isPlaceholder(clusters[0]) ? clusters[0] : undefined;
}
