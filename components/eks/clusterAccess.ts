import type * as pulumi from "@pulumi/pulumi";

/** What a principal may do in the cluster; `View` reads everything, Secrets too: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
export const ClusterAccess = { Admin: "AmazonEKSClusterAdminPolicy", View: "AmazonEKSAdminViewPolicy" } as const;
export type ClusterAccess = (typeof ClusterAccess)[keyof typeof ClusterAccess];

/** Somebody who may use the cluster. */
export interface AccessEntryArgs {
  /** ARN of the IAM role or user; never the cluster's creator, which is admin already (EKS answers 409). */
  principalArn: pulumi.Input<string>;
  /** What it may do in all of the cluster. Plain. */
  access: ClusterAccess;
}
