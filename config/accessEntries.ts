import { type AccessEntryArgs, ClusterAccess } from "../components/eks/clusterAccess";

/** The access entries of administrators and viewers, by their ARNs without `arn:PARTITION:iam::`. */
export function accessEntriesOf(administrators: string[], viewers: string[]): Record<string, AccessEntryArgs> {
  const entries = (arns: string[], access: ClusterAccess) =>
    arns.map((principalArn) => [principalArn.replace(/^arn:[^:]*:iam::/, ""), { principalArn, access }] as const);
  return Object.fromEntries([...entries(viewers, ClusterAccess.View), ...entries(administrators, ClusterAccess.Admin)]);
}
