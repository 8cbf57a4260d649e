import { Cloud } from "../account";
import { at } from "../../plugins/aws/resource";
import { type AwsRecord, hex, token } from "../records";
import { refusal } from "../apiErrors";

// What EKS makes, and leaves, without anybody asking for it.

const status = "ACTIVE";

/** A new cluster's own security group, and its logs. */
export function besideCluster({ id, properties }: Pick<AwsRecord, "id" | "properties">, records: AwsRecord[]): void {
  const group = String(at(properties, "vpcConfig.clusterSecurityGroupId"));
  const vpcId = at(properties, "vpcConfig.vpcId");
  const name = `eks-cluster-sg-${id}`;
  records.push({ type: token("ec2/securityGroup"), id: group, status, properties: { name, vpcId, ownedBy: id } });
  writeLogs({ id, properties }, records);
}

/** A cluster that writes logs makes the group for them, if there is none: again when it was deleted before the cluster. */
export function writeLogs({ id, properties }: Pick<AwsRecord, "id" | "properties">, records: AwsRecord[]): void {
  const name = `/aws/eks/${id}/cluster`;
  const writes = ((properties.enabledClusterLogTypes ?? []) as string[]).length > 0;
  if (writes && !records.some((record) => record.type === token("cloudwatch/logGroup") && record.id === name)) {
    records.push({ type: token("cloudwatch/logGroup"), id: name, status, properties: { name } });
  }
}

/** EKS deletes its security group with the cluster, and says nothing when that can't be done. */
export function dropClusterGroup(clusterName: string, records: AwsRecord[], account: string): void {
  const index = records.findIndex((record) => record.properties.ownedBy === clusterName);
  const group = records[index];
  if (group && !refusal("delete", "ec2/securityGroup", { ...group, olds: {} }, new Cloud(records, account))) {
    records.splice(index, 1);
  }
}

/**
 * Nodes that run well end with their interfaces. Where the VPC CNI, its permissions or its way to EC2 went first, nobody
 * deletes those of their pods, which then hold the subnets and the cluster's security group.
 * https://github.com/pulumi/pulumi-eks/issues/779
 */
export function leaveInterfaces(group: AwsRecord, records: AwsRecord[], account: string): void {
  const cloud = new Cloud(records, account);
  if (group.status !== "ACTIVE" || !refusal("settle", "eks/nodeGroup", { ...group, olds: {} }, cloud)) return;
  const groups = [at(cloud.clusterOf(group), "vpcConfig.clusterSecurityGroupId")];
  for (const subnetId of group.properties.subnetIds as string[]) {
    const id = `eni-${hex(17)}`;
    records.push({ type: token("ec2/networkInterface"), id, status, properties: { subnetId, groups } });
  }
}
