import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assertArguments } from "../checks/assertValid";
import { NatGateways } from "./natGateways";
import { planSubnets, validateSubnetPlan } from "./subnets";
import { serviceRole } from "../iam/role";
import { type RoleRulesArgs, validateRoleRules } from "../iam/roleRules";
import { typeTokens } from "../typeTokens";

export interface NetworkArgs {
  /** The VPC's IPv4 range, such as `10.0.0.0/16`. Plain: subnets are cut from it. */
  cidrBlock: string;
  /** Availability zones by name, such as `eu-west-1a`. Plain: each gets a public and a private subnet. */
  zones: string[];
  /** The region's name, such as `eu-west-1`, for the S3 gateway endpoint. */
  region: pulumi.Input<string>;
  /** How many NAT gateways there are. With `perZone` no zone depends on another. Plain. Default: `single`, which costs least. */
  natGateways?: NatGateways;
  /** How long flow logs are kept, in days: one of the values that CloudWatch allows. Default: 30. */
  flowLogRetentionInDays?: pulumi.Input<number>;
  /** What the account asks of IAM roles: a permissions boundary, a path, how names begin. Plain. Default: nothing. */
  roles?: RoleRulesArgs;
}

/**
 * A VPC with one public and one private subnet a zone, NAT, an S3 gateway endpoint (S3 traffic stays off the NAT) and
 * flow logs. Its default security group lets nothing through.
 *
 * Use it where a program has no VPC yet; {@link ExistingNetwork} takes one that is there.
 *
 * @throws pulumi.RunError for a range that isn't IPv4 from /16 to /22, written by its first address, and for zones that aren't
 *   each named once, all of one region.
 */
export class Network extends pulumi.ComponentResource {
  /** The VPC's id. */
  public readonly vpcId: pulumi.Output<string>;
  /** The public subnets' ids by zone. */
  public readonly publicSubnetIds: pulumi.Output<Record<string, string>>;
  /** The private subnets' ids by zone. */
  public readonly privateSubnetIds: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    assertArguments("Network", name, args, () => [
      ...validateSubnetPlan(args.cidrBlock, args.zones),
      ...validateRoleRules(args.roles),
    ]);
    super(typeTokens.Network, name, {}, opts);
    const parent = this;
    const plan = planSubnets(args.cidrBlock, args.zones);
    const tags = (role: string) => ({ Name: `${name}-${role}` });

    // Mounting EFS by name needs both DNS settings: https://docs.aws.amazon.com/efs/latest/ug/mount-fs-auto-mount-onreboot.html
    const vpc = new aws.ec2.Vpc(
      name,
      { cidrBlock: args.cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
      { parent },
    );
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.id, tags: tags("default") }, { parent });
    flowLogs(name, vpc.id, args, parent);

    const gateway = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: tags("internet") },
      { parent },
    );
    const publicRoutes = new aws.ec2.RouteTable(`${name}-public`, { vpcId: vpc.id, tags: tags("public") }, { parent });
    const toInternet = new aws.ec2.Route(
      `${name}-public-internet`,
      { routeTableId: publicRoutes.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
      { parent },
    );

    const perZone = args.natGateways === NatGateways.PerZone;
    const publicSubnetIds: Record<string, pulumi.Output<string>> = {};
    const privateSubnetIds: Record<string, pulumi.Output<string>> = {};
    const routeTableIds: pulumi.Output<string>[] = [];
    let nat: aws.ec2.NatGateway | undefined;

    for (const zone of args.zones) {
      const subnet = (kind: "public" | "private", role: string) =>
        new aws.ec2.Subnet(
          `${name}-${kind}-${zone}`,
          {
            vpcId: vpc.id,
            availabilityZone: zone,
            cidrBlock: plan[zone]![kind],
            // The load balancer controller finds its subnets by this tag.
            tags: { ...tags(`${kind}-${zone}`), [`kubernetes.io/role/${role}`]: "1" },
          },
          { parent },
        );
      const publicSubnet = subnet("public", "elb");
      const privateSubnet = subnet("private", "internal-elb");
      publicSubnetIds[zone] = publicSubnet.id;
      privateSubnetIds[zone] = privateSubnet.id;

      new aws.ec2.RouteTableAssociation(
        `${name}-public-${zone}`,
        { subnetId: publicSubnet.id, routeTableId: publicRoutes.id },
        { parent },
      );
      if (perZone || !nat) {
        // Named by its zone: in another one it is another gateway, since an address belongs to one gateway at a time.
        const key = `${name}-nat-${zone}`;
        const address = new aws.ec2.Eip(key, { domain: "vpc", tags: { Name: key } }, { parent, dependsOn: [gateway] });
        nat = new aws.ec2.NatGateway(
          key,
          { allocationId: address.id, subnetId: publicSubnet.id, tags: { Name: key } },
          { parent, dependsOn: [toInternet] },
        );
      }
      const privateRoutes = new aws.ec2.RouteTable(
        `${name}-private-${zone}`,
        { vpcId: vpc.id, tags: tags(`private-${zone}`) },
        { parent },
      );
      routeTableIds.push(privateRoutes.id);
      new aws.ec2.Route(
        `${name}-private-${zone}-nat`,
        { routeTableId: privateRoutes.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
        { parent },
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-private-${zone}`,
        { subnetId: privateSubnet.id, routeTableId: privateRoutes.id },
        { parent },
      );
    }

    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: pulumi.interpolate`com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds,
        tags: tags("s3"),
      },
      { parent },
    );

    this.vpcId = vpc.id;
    this.publicSubnetIds = pulumi.output(publicSubnetIds);
    this.privateSubnetIds = pulumi.output(privateSubnetIds);
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
    });
  }
}

function flowLogs(
  name: string,
  vpcId: pulumi.Output<string>,
  { flowLogRetentionInDays: retentionInDays = 30, roles }: NetworkArgs,
  parent: pulumi.Resource,
): void {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    { namePrefix: `/aws/vpc/${name}/`, retentionInDays },
    { parent },
  );
  const role = serviceRole(
    `${name}-flow-logs`,
    { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "vpc-flow-logs.amazonaws.com" }) },
    roles,
    { parent },
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-flow-logs`,
    {
      role: role.name,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            Resource: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
          },
        ],
      }),
    },
    { parent },
  );
  new aws.ec2.FlowLog(
    `${name}-flow-logs`,
    { vpcId, trafficType: "ALL", logDestination: logGroup.arn, iamRoleArn: role.arn },
    { parent, dependsOn: [policy] },
  );
}
