import { valueAt } from "../../plugins/properties";
import type { Account } from "../account";
import { fails } from "../apiErrors";
import { errors as ec2Errors } from "../ec2/apiErrors";
import { type AwsRecord, hex } from "../records";
import { errors } from "./apiErrors";

// What EKS creates and leaves behind by itself.

type Resource = Pick<AwsRecord, "id" | "properties">;

/** A new cluster's own security group, and its logs. */
export function createClusterResources(cluster: Resource, account: Account): void {
  const { id, properties } = cluster;
  account.add("ec2/securityGroup", String(valueAt(properties, "vpcConfig.clusterSecurityGroupId")), {
    name: `eks-cluster-sg-${id}`,
    vpcId: valueAt(properties, "vpcConfig.vpcId"),
    ownedBy: id,
  });
  writeClusterLogs(cluster, account);
}

/** A cluster that writes logs makes the group for them, if there is none, and none of its logs expire then. */
export function writeClusterLogs(
  { id, properties: { enabledClusterLogTypes, region } }: Resource,
  account: Account,
): void {
  const name = `/aws/eks/${id}/cluster`;
  const writes = ((enabledClusterLogTypes ?? []) as string[]).length > 0;
  if (!writes) return;
  const group = account.find("cloudwatch/logGroup", name) ?? addLogGroup(name, region, account);
  group.isWritten = true;
}

/**
 * A control plane's log group that is deleted is made again, without expiry: while the cluster is there by what it goes on
 * writing, and after it by what EKS's service-linked role delivers late.
 * https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2486, …/issues/2763
 */
export function writeLateLogs({ id, properties, isWritten }: AwsRecord, account: Account): void {
  if (isWritten) addLogGroup(id, properties.region, account);
  account.all("eks/cluster").forEach((cluster) => writeClusterLogs(cluster, account));
}

/** As DescribeLogGroups shows a group that nobody gave an expiry: the provider reads that as 0. */
const addLogGroup = (name: string, region: unknown, account: Account): AwsRecord =>
  account.add("cloudwatch/logGroup", name, {
    name,
    region,
    arn: `arn:aws:logs:${String(region)}:${account.id}:log-group:${name}`,
    retentionInDays: 0,
  });

/** EKS deletes its security group with the cluster, and says nothing when that can't be done. */
export function deleteClusterSecurityGroup({ id }: Resource, account: Account): void {
  const [group] = account.where("ec2/securityGroup", "ownedBy", id);
  if (group && !fails(ec2Errors.DeleteSecurityGroup, { ...group, olds: {} }, account)) account.remove(group);
}

/**
 * Healthy nodes end with their network interfaces. If the VPC CNI, its permissions or its route to EC2 were deleted first,
 * the interfaces of their pods stay, and block the deletion of the subnets and of the cluster's security group.
 * https://github.com/pulumi/pulumi-eks/issues/779
 */
export function leaveInterfaces(nodeGroup: AwsRecord, account: Account): void {
  const isUnwell = fails(errors.DescribeNodegroup, { ...nodeGroup, olds: {} }, account);
  if (nodeGroup.status !== "ACTIVE" || !isUnwell) return;
  const cluster = account.find("eks/cluster", nodeGroup.properties.clusterName);
  const groups = [valueAt(cluster?.properties, "vpcConfig.clusterSecurityGroupId")];
  for (const subnetId of nodeGroup.properties.subnetIds as string[]) {
    account.add("ec2/networkInterface", `eni-${hex()}`, { subnetId, groups });
  }
}
