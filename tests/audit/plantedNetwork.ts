import * as ec2 from "@aws-sdk/client-ec2";
import { CreateClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import {
  CreateLoadBalancerCommand as CreateClassic,
  ElasticLoadBalancingClient,
} from "@aws-sdk/client-elastic-load-balancing";
import { CreateLoadBalancerCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Owner } from "../../audit/findings";
import { list, NAME, ofCluster, own, type Planter, tagged, type Tags, theirs } from "./planter";

const { Driver, Other, Stack } = Owner;

async function makeAddress(planter: Planter, tags: Tags) {
  const asked = { Domain: "vpc" as const, ...tagged("elastic-ip", tags) };
  return (await planter.ec2.send(new ec2.AllocateAddressCommand(asked))).AllocationId;
}

/** Networks, addresses, NAT gateways, nodes. */
export async function plantNetworks(planter: Planter) {
  const make = async (CidrBlock: string, tags: Tags) => {
    const made = await planter.ec2.send(new ec2.CreateVpcCommand({ CidrBlock, ...tagged("vpc", tags) }));
    const VpcId = made.Vpc!.VpcId!;
    const { Subnet } = await planter.ec2.send(new ec2.CreateSubnetCommand({ VpcId, CidrBlock }));
    return { vpc: VpcId, subnet: Subnet!.SubnetId! };
  };
  const { vpc, subnet } = await make("10.0.0.0/24", own);
  const { vpc: otherVpc, subnet: otherSubnet } = await make("10.1.0.0/24", theirs);
  planter.expect(Stack, "VPC", vpc);
  await makeAddress(planter, theirs);
  for (const [tags, ofAddress] of [
    [own, own],
    [own, {}],
    [{}, {}],
  ] as [Tags, Tags][]) {
    const AllocationId = await makeAddress(planter, ofAddress);
    const gateway = await planter.ec2.send(
      new ec2.CreateNatGatewayCommand({
        SubnetId: tags === own ? subnet : otherSubnet,
        ...{ AllocationId, ...tagged("natgateway", tags) },
      }),
    );
    if (tags !== own) continue;
    planter.expect(ofAddress === own ? Stack : Other, "address", AllocationId);
    planter.expect(Stack, "NAT gateway", gateway.NatGateway?.NatGatewayId);
    const [part] = gateway.NatGateway?.NatGatewayAddresses ?? [];
    planter.expect(Driver, "network interface", part?.NetworkInterfaceId);
  }
  const { Images } = await planter.ec2.send(new ec2.DescribeImagesCommand({}));
  for (const tags of [{ "eks:cluster-name": NAME }, { "eks:cluster-name": "shop" }, {}] as Tags[]) {
    const { Instances } = await planter.ec2.send(
      new ec2.RunInstancesCommand({
        ...{ ImageId: Images![0]!.ImageId, MinCount: 1, MaxCount: 1, SubnetId: otherSubnet },
        ...tagged("instance", tags),
      }),
    );
    if (tags["eks:cluster-name"] === NAME) planter.expect(Driver, "instance", Instances![0]!.InstanceId);
  }
  return { vpc, subnet, otherVpc, otherSubnet };
}

/** Security groups, network interfaces, and addresses on these. */
export async function plantInterfaces(
  planter: Planter,
  vpc: string,
  subnet: string,
  other: string,
  otherSubnet: string,
  ...fileSystems: string[]
) {
  let count = 0;
  const group = async (VpcId: string, tags: Tags) => {
    const GroupName = `group-${count++}`;
    const made = await planter.ec2.send(
      new ec2.CreateSecurityGroupCommand({
        ...{ VpcId, GroupName, Description: "planted" },
        ...tagged("security-group", tags),
      }),
    );
    return made.GroupId!;
  };
  const ours = await group(other, own);
  planter.expect(Stack, "security group", ours);
  planter.expect(Driver, "security group", await group(vpc, { "aws:eks:cluster-name": NAME }));
  planter.expect(Driver, "security group", await group(other, ofCluster(NAME)));
  planter.expect(Driver, "security group", await group(other, { "elbv2.k8s.aws/cluster": NAME }));
  planter.expect(Other, "security group", await group(vpc, {}));
  await group(other, { [`kubernetes.io/cluster/${NAME}`]: "shared" });
  await group(other, { "aws:eks:cluster-name": `${NAME}-2` });
  const foreign = await group(other, theirs);

  const card = async (SubnetId: string, Description: string, tags: Tags, Groups = [foreign]) => {
    const made = await planter.ec2.send(
      new ec2.CreateNetworkInterfaceCommand({
        ...{ SubnetId, Description, Groups },
        ...tagged("network-interface", tags),
      }),
    );
    return made.NetworkInterface?.NetworkInterfaceId;
  };
  const cni = (name: string): Tags => ({
    "cluster.k8s.amazonaws.com/name": name,
    "node.k8s.amazonaws.com/instance_id": "i-0",
  });
  const expect = (owner: Owner, id: string | undefined) => planter.expect(owner, "network interface", id);
  expect(Driver, await card(otherSubnet, "aws-K8S-i-0", cni(NAME)));
  // Given the stack's tags by its launch template.
  expect(Driver, await card(otherSubnet, "aws-K8S-i-1", own));
  expect(Driver, await card(otherSubnet, `Amazon EKS ${NAME}`, {}));
  expect(Driver, await card(otherSubnet, `EFS mount target for ${fileSystems[0]!} (fsmt-1)`, {}));
  expect(Driver, await card(otherSubnet, "ELB a", {}));
  await card(otherSubnet, "ELB b", {});
  expect(Other, await card(otherSubnet, "somebody's, in the stack's group", {}, [ours]));
  const inTheWay = await card(subnet, "somebody's, in the stack's network", {});
  expect(Other, inTheWay);
  await card(otherSubnet, "aws-K8S-i-2", cni("shop"));
  await card(otherSubnet, `Amazon EKS ${NAME}-2`, {});
  await card(otherSubnet, `EFS mount target for ${fileSystems[1]!} (fsmt-2)`, {});
  const others = await card(otherSubnet, "somebody's", theirs);
  for (const NetworkInterfaceId of [inTheWay, others]) {
    const AllocationId = await makeAddress(planter, {});
    await planter.ec2.send(new ec2.AssociateAddressCommand({ AllocationId, NetworkInterfaceId }));
    if (NetworkInterfaceId === inTheWay) planter.expect(Other, "address", AllocationId);
  }
}

/** Load balancers of both generations. */
export async function plantLoadBalancers(planter: Planter, subnet: string, otherSubnet: string) {
  const classic = new ElasticLoadBalancingClient(planter.settings());
  const Listeners = [{ Protocol: "TCP", LoadBalancerPort: 80, InstancePort: 80 }];
  for (const [LoadBalancerName, cluster] of Object.entries({ a: NAME, b: "shop" })) {
    const tags = list({ ...ofCluster(cluster), "kubernetes.io/service-name": "shop/web" });
    const at = { Subnets: [otherSubnet], Tags: tags };
    await classic.send(new CreateClassic({ LoadBalancerName, Listeners, ...at }));
  }
  planter.expect(Driver, "load balancer", "a");
  const current = new ElasticLoadBalancingV2Client(planter.settings());
  const make = async (Name: string, at: string, tags: Tags) => {
    const asked = { Name, Type: "network" as const, Subnets: [at], Tags: list(tags) };
    return (await current.send(new CreateLoadBalancerCommand(asked))).LoadBalancers![0]!.LoadBalancerArn;
  };
  planter.expect(Driver, "load balancer", await make("c", otherSubnet, { "elbv2.k8s.aws/cluster": NAME }));
  planter.expect(Other, "load balancer", await make("d", subnet, {}));
  await make("e", otherSubnet, { "elbv2.k8s.aws/cluster": "shop" });
}

/** Clusters. */
export async function plantClusters(planter: Planter, ...subnetIds: string[]) {
  const client = new EKSClient(planter.settings());
  const roleArn = "arn:aws:iam::111122223333:role/eks";
  for (const name of [NAME, "shop"]) {
    await client.send(new CreateClusterCommand({ name, roleArn, resourcesVpcConfig: { subnetIds } }));
  }
  planter.expect(Stack, "cluster", NAME);
}
