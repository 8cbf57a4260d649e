import { type AccessEntryArgs, ClusterAccess } from "../components/eks/clusterAccess";

/** Access entries for roles by what they may do, each under its ARN's account and name. */
export function accessEntriesOf(administrators: string[], viewers: string[]): Record<string, AccessEntryArgs> {
  const entries = (arns: string[], access: ClusterAccess) =>
    arns.map((principalArn) => [principalArn.replace("arn:aws:iam::", ""), { principalArn, access }] as const);
  return Object.fromEntries([...entries(viewers, ClusterAccess.View), ...entries(administrators, ClusterAccess.Admin)]);
}
