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

/** A cluster that writes logs creates their group if there is none: also when the group is deleted before the cluster. */
export function writeClusterLogs({ id, properties }: Resource, account: Account): void {
  const name = `/aws/eks/${id}/cluster`;
  const writes = ((properties.enabledClusterLogTypes ?? []) as string[]).length > 0;
  if (writes && !account.find("cloudwatch/logGroup", name)) account.add("cloudwatch/logGroup", name, { name });
}

/** EKS deletes its security group with the cluster; if that fails it reports nothing. */
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
