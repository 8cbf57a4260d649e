import assert from "node:assert/strict";
import { NatGateways, Network, type NetworkArgs } from "../../../../components/index";
import { idOf } from "../../../support/mockIds";
import { all, assertOrder, one, refused, registered } from "../../../support/queries";
import { unknown } from "../../../support/registrations";

const args: NetworkArgs = {
  cidrBlock: "10.0.0.0/16",
  zones: ["eu-west-1a", "eu-west-1b"],
  region: "eu-west-1",
};
const network = (changes: Partial<NetworkArgs> = {}) => new Network("net", { ...args, ...changes });
const subnet = (name: string) => idOf("ec2/subnet", name);
const table = (name: string) => idOf("ec2/routeTable", name);
const nat = (name: string) => idOf("ec2/natGateway", name);

describe("Network", () => {
  it("by default: two subnets a zone, one NAT gateway, the S3 endpoint, flow logs", async () => {
    const resources = await registered(() => network());

    const vpc = one(resources, "Vpc").inputs;
    assert.equal(vpc.cidrBlock, "10.0.0.0/16");
    assert.ok(vpc.enableDnsSupport && vpc.enableDnsHostnames, "EFS is mounted by a DNS name");
    assert.deepEqual(
      all(resources, "Subnet").map(({ name, inputs }) => [
        name,
        inputs.availabilityZone,
        Object.keys(inputs.tags as object).filter((tag) => tag.startsWith("kubernetes.io/role/")),
      ]),
      [
        ["net-public-eu-west-1a", "eu-west-1a", ["kubernetes.io/role/elb"]],
        ["net-private-eu-west-1a", "eu-west-1a", ["kubernetes.io/role/internal-elb"]],
        ["net-public-eu-west-1b", "eu-west-1b", ["kubernetes.io/role/elb"]],
        ["net-private-eu-west-1b", "eu-west-1b", ["kubernetes.io/role/internal-elb"]],
      ],
    );
    assert.equal(one(resources, "NatGateway").inputs.subnetId, subnet("net-public-eu-west-1a"));
    assert.deepEqual(one(resources, "VpcEndpoint").inputs.routeTableIds, [
      table("net-private-eu-west-1a"),
      table("net-private-eu-west-1b"),
    ]);
    assert.equal(one(resources, "VpcEndpoint").inputs.serviceName, "com.amazonaws.eu-west-1.s3");
    assert.equal(one(resources, "FlowLog").inputs.trafficType, "ALL");
    assert.equal(one(resources, "LogGroup").inputs.retentionInDays, 30);
  });

  it("sends private traffic out through the NAT gateway, and public traffic through the internet gateway", async () => {
    const resources = await registered(() => network());
    const routes = all(resources, "Route").map(({ inputs }) => [
      inputs.routeTableId,
      inputs.destinationCidrBlock,
      inputs.natGatewayId ?? inputs.gatewayId,
    ]);
    assert.deepEqual(
      new Set(routes.map(String)),
      new Set([
        [table("net-private-eu-west-1a"), "0.0.0.0/0", nat("net-nat-eu-west-1a")].join(),
        [table("net-private-eu-west-1b"), "0.0.0.0/0", nat("net-nat-eu-west-1a")].join(),
        [table("net-public"), "0.0.0.0/0", idOf("ec2/internetGateway", "net-internet")].join(),
      ]),
    );
    const tables = all(resources, "RouteTableAssociation").map(({ inputs }) => [inputs.subnetId, inputs.routeTableId]);
    assert.deepEqual(Object.fromEntries(tables), {
      [subnet("net-private-eu-west-1a")]: table("net-private-eu-west-1a"),
      [subnet("net-private-eu-west-1b")]: table("net-private-eu-west-1b"),
      [subnet("net-public-eu-west-1a")]: table("net-public"),
      [subnet("net-public-eu-west-1b")]: table("net-public"),
    });
  });

  it("has a default security group that lets nothing through", async () => {
    const { inputs } = one(await registered(() => network()), "DefaultSecurityGroup");
    assert.deepEqual([inputs.ingress ?? [], inputs.egress ?? []], [[], []]);
  });

  it("has a NAT gateway a zone on request, each for its own zone's nodes", async () => {
    const resources = await registered(() =>
      network({ natGateways: NatGateways.PerZone, flowLogRetentionInDays: 365 }),
    );
    assert.deepEqual(
      all(resources, "NatGateway").map(({ inputs }) => inputs.subnetId),
      [subnet("net-public-eu-west-1a"), subnet("net-public-eu-west-1b")],
    );
    for (const zone of args.zones) {
      assert.equal(one(resources, "Route", `net-private-${zone}-nat`).inputs.natGatewayId, nat(`net-nat-${zone}`));
    }
    assert.equal(one(resources, "LogGroup").inputs.retentionInDays, 365);
  });

  it("makes NAT gateways once the internet can be reached, and flow logs once they may be written", async () => {
    const resources = await registered(() => network());
    assertOrder(resources, [one(resources, "Route", "net-public-internet")], all(resources, "NatGateway"));
    assertOrder(resources, all(resources, "RolePolicy"), all(resources, "FlowLog"));
  });

  it("shows every subnet at a first preview, under the names that are then made", async () => {
    const urns = async (preview: boolean) => (await registered(() => network(), { preview })).map(({ urn }) => urn);
    assert.deepEqual(new Set(await urns(true)), new Set(await urns(false)));
  });

  it("keeps every other subnet as it is when a zone comes or goes", async () => {
    const subnets = async (zones: string[]) =>
      all(await registered(() => network({ zones })), "Subnet").map(
        ({ urn, inputs }) => [urn, inputs.cidrBlock] as const,
      );
    const three = new Map(await subnets(["eu-west-1c", "eu-west-1a", "eu-west-1b"]));
    for (const [urn, cidrBlock] of await subnets(args.zones)) assert.equal(three.get(urn), cidrBlock);
  });

  it("ends with its ids by zone", async () => {
    const resources = await registered(() => network());
    assert.deepEqual(one(resources, "eks-storage:index:Network").outputs, {
      vpcId: idOf("ec2/vpc", "net"),
      publicSubnetIds: { "eu-west-1a": subnet("net-public-eu-west-1a"), "eu-west-1b": subnet("net-public-eu-west-1b") },
      privateSubnetIds: {
        "eu-west-1a": subnet("net-private-eu-west-1a"),
        "eu-west-1b": subnet("net-private-eu-west-1b"),
      },
    });
    const previewed = one(await registered(() => network(), { preview: true }), "eks-storage:index:Network");
    assert.equal(previewed.outputs?.["vpcId"], unknown);
  });

  it("refuses a range and zones that it can't cut subnets for, both at once, before anything is made", async () => {
    assert.equal(
      await refused(() => network({ cidrBlock: "10.0.0.0/24", zones: ["eu-west-1a", "euw1-az2"] })),
      `Network "net" has 2 arguments that can't work:
  - cidrBlock must be a range from /16 to /22; it is '10.0.0.0/24'.
    Each zone gets an eighth of the VPC: in a smaller one that is too little for its pods and a load balancer.
  - zones must be availability zones by name, such as eu-west-1a; it is [ 'eu-west-1a', 'euw1-az2' ].
    Not accepted: euw1-az2. A name is the region's and a letter from a to h; no zone ids, Local or Wavelength Zones.`,
    );
  });
});
