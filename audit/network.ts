import {
  DescribeAddressesCommand,
  type EC2Client,
  paginateDescribeInstances,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import { type Belonging, detailOf, tagsOf } from "./belonging";
import { type Finding, Owner, type Whose } from "./findings";
import type { Look } from "./look";

/** Of a network of the stack's: whatever else is in it keeps it from being deleted. */
const inOurs = (belonging: Belonging, vpc: string | undefined): Whose | undefined =>
  belonging.isOurs(vpc) ? { owner: Owner.Other, because: `in ${vpc}, without a tag of the stack` } : undefined;

/** Networks and nodes, before what is in them. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html */
export async function networks(client: EC2Client, region: string, look: Look, belonging: Belonging): Promise<void> {
  const vpcs = await look.all(
    { what: "VPCs", right: "ec2:DescribeVpcs", region },
    paginateDescribeVpcs({ client, pageSize: 1000 }, {}),
    (page) => page.Vpcs,
  );
  for (const { VpcId: id = "", Tags, CidrBlock } of vpcs) {
    const tags = tagsOf(Tags);
    const whose = belonging.byTags(id, tags);
    if (whose) belonging.add({ kind: "VPC", id, region, ...whose, detail: detailOf(tags["Name"], CidrBlock) });
  }
  const reservations = await look.all(
    { what: "instances", right: "ec2:DescribeInstances", region },
    paginateDescribeInstances({ client, pageSize: 1000 }, {}),
    (page) => page.Reservations,
  );
  for (const { InstanceId: id = "", Tags, State, InstanceType, VpcId } of reservations.flatMap(
    (it) => it.Instances ?? [],
  )) {
    // It is shown for an hour after.
    if (State?.Name === "terminated") continue;
    const whose = belonging.byTags(id, tagsOf(Tags)) ?? inOurs(belonging, VpcId);
    if (!whose) continue;
    const isGoing = State?.Name === "shutting-down";
    belonging.add({ kind: "instance", id, region, ...whose, detail: detailOf(InstanceType, State?.Name), isGoing });
  }
  const gateways = await look.all(
    { what: "NAT gateways", right: "ec2:DescribeNatGateways", region },
    paginateDescribeNatGateways({ client, pageSize: 1000 }, {}),
    (page) => page.NatGateways,
  );
  for (const { NatGatewayId: id = "", Tags, State, VpcId, NatGatewayAddresses: parts = [] } of gateways) {
    // It is shown for an hour after.
    if (State === "deleted") continue;
    const whose = belonging.byTags(id, tagsOf(Tags)) ?? inOurs(belonging, VpcId);
    if (!whose) continue;
    const detail = detailOf(State, VpcId && `in ${VpcId}`);
    belonging.add({ kind: "NAT gateway", id, region, ...whose, detail, isGoing: State === "deleting" });
    for (const { NetworkInterfaceId = "" } of parts) belonging.partOf.set(NetworkInterfaceId, id);
  }
}

/** What AWS says in the description of an interface that one of its services made: the service, and for what. */
function byDescription(belonging: Belonging, description: string): Whose | undefined {
  const { clusterName } = belonging.scope;
  // https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
  if (clusterName !== undefined && description === `Amazon EKS ${clusterName}`) {
    return { owner: Owner.Driver, because: `described as "${description}"` };
  }
  // https://docs.aws.amazon.com/efs/latest/ug/logging-using-cloudtrail.html has one such description.
  const [, fileSystem] = /^EFS mount target for (fs-[0-9a-f]+)/.exec(description) ?? [];
  if (belonging.isOurs(fileSystem)) return { owner: Owner.Driver, because: `mount target of ${fileSystem}` };
  // A name or an ARN's end, as in "ELB app/…":
  // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ec2/vpc_encryption_control.go
  const [, balancer] = /^ELB (.+)$/.exec(description) ?? [];
  const isNamed = ({ kind, id }: Finding) =>
    kind === "load balancer" && (id === balancer || id.endsWith(`:loadbalancer/${balancer!}`));
  if (balancer && belonging.findings.some(isNamed)) return { owner: Owner.Driver, because: `of ${balancer}` };
  return undefined;
}

/** Interfaces and security groups: they cost nothing, and a network isn't deleted before they are. */
export async function interfaces(client: EC2Client, region: string, look: Look, belonging: Belonging): Promise<void> {
  const groups = await look.all(
    { what: "security groups", right: "ec2:DescribeSecurityGroups", region },
    paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {}),
    (page) => page.SecurityGroups,
  );
  for (const { GroupId: id = "", Tags, GroupName, VpcId } of groups) {
    // It goes with its network, and by no other way.
    if (GroupName === "default") continue;
    const whose = belonging.byTags(id, tagsOf(Tags)) ?? inOurs(belonging, VpcId);
    const detail = detailOf(GroupName, VpcId && `in ${VpcId}`);
    if (whose) belonging.add({ kind: "security group", id, region, ...whose, detail });
  }
  const all = await look.all(
    { what: "network interfaces", right: "ec2:DescribeNetworkInterfaces", region },
    paginateDescribeNetworkInterfaces({ client, pageSize: 1000 }, {}),
    (page) => page.NetworkInterfaces,
  );
  for (const { NetworkInterfaceId: id = "", TagSet, Description = "", Status, VpcId, Groups = [] } of all) {
    const whole = belonging.partOf.get(id);
    const ofGateway: Whose | undefined =
      whole === undefined ? undefined : { owner: Owner.Driver, because: `of ${whole}` };
    const group = Groups.map(({ GroupId }) => GroupId).find((it) => belonging.isOurs(it));
    const inGroup: Whose | undefined = group === undefined ? undefined : { owner: Owner.Other, because: `in ${group}` };
    const whose =
      ofGateway ??
      byDescription(belonging, Description) ??
      byTags(belonging, id, tagsOf(TagSet), Description) ??
      inGroup ??
      inOurs(belonging, VpcId);
    const detail = detailOf(Description, Status, VpcId && `in ${VpcId}`);
    if (whose) belonging.add({ kind: "network interface", id, region, ...whose, detail });
  }
}

/**
 * Elastic IP addresses, after the interfaces. One that is on an interface in the way is as much in the way: its network's
 * internet gateway can't be detached before.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
 */
export async function addresses(client: EC2Client, region: string, look: Look, belonging: Belonging): Promise<void> {
  const answer = await look.one({ what: "addresses", right: "ec2:DescribeAddresses", region }, () =>
    client.send(new DescribeAddressesCommand({})),
  );
  for (const { AllocationId: id = "", Tags, PublicIp, NetworkInterfaceId: on } of answer?.Addresses ?? []) {
    const inTheWay = belonging.isOurs(on)
      ? { owner: Owner.Other, because: `on ${on}, without a tag of the stack` }
      : undefined;
    const whose = belonging.byTags(id, tagsOf(Tags)) ?? inTheWay;
    const use = on ? `on ${on}` : "not in use";
    if (whose) belonging.add({ kind: "address", id, region, ...whose, detail: detailOf(PublicIp, use) });
  }
}

/** The CNI describes what it makes as `aws-K8S-i-…`. https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go */
function byTags(belonging: Belonging, ...[id, tags, description]: [string, Record<string, string>, string]) {
  const whose = belonging.byTags(id, tags);
  return whose && description.startsWith("aws-K8S-") ? { ...whose, owner: Owner.Driver } : whose;
}
