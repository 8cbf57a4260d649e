import { ec2 } from "../../../aws/ec2";
import type { AwsRecord } from "../../../aws/records";
import type { Properties } from "../../../plugins/properties";
import { type Case, record, testApiErrors } from "../../support/apiErrorCases";
import {
  daysAgo,
  clusterIn,
  internetGateway,
  mountTarget,
  natGateway,
  nodeGroup,
  securityGroup,
  subnet,
} from "../../support/awsResources";

const vpc = record("ec2/vpc", "vpc-11111111", { cidrBlock: "10.0.0.0/16" });
const subnetOf = (id: string, cidrBlock: string) =>
  record("ec2/subnet", id, { vpcId: "vpc-11111111", cidrBlock, availabilityZone: "a" });
const endpoint = (properties: Properties) => record("ec2/vpcEndpoint", "vpce-1", properties);
const left = record("ec2/networkInterface", "eni-1", { subnetId: "subnet-11111111", groups: ["sg-11111111"] });
const ingressRule = record("vpc/securityGroupIngressRule", "rule-1", { securityGroupId: "sg-11111111" });
const tags = { tags: { a: "b" } };

/** Created twice: each beside what it refers to. */
const twice: [operation: string, AwsRecord, existing: AwsRecord[], RegExp][] = [
  ["AuthorizeSecurityGroupIngress", ingressRule, [securityGroup], /^InvalidPermission.Duplicate/],
  [
    "CreateNatGateway",
    natGateway,
    [subnet, internetGateway],
    /^Resource.AlreadyAssociated: Elastic IP address \[eipalloc-1\]/,
  ],
  [
    "CreateRoute",
    record("ec2/route", "r", { routeTableId: "rtb-1", destinationCidrBlock: "0.0.0.0/0" }),
    [],
    /^RouteAlreadyExists/,
  ],
  [
    "AssociateRouteTable",
    record("ec2/routeTableAssociation", "x", { routeTableId: "rtb-1", subnetId: "subnet-11111111" }),
    [],
    /^Resource.AlreadyAssociated: the specified association for route table rtb-1/,
  ],
  [
    "CreateSecurityGroup",
    securityGroup,
    [],
    /^InvalidGroup.Duplicate: The security group 'one' already exists for VPC 'vpc-11111111'/,
  ],
  [
    "CreateLaunchTemplate",
    record("ec2/launchTemplate", "lt-1", { name: "n" }),
    [],
    /^InvalidLaunchTemplateName.AlreadyExistsException/,
  ],
];

/** A disk that was changed so many days ago: from then to then. */
const disk = (...modified: [startTime: number, endTime: number][]) => ({
  ...record("ebs/volume", "vol-11111111"),
  modifications: modified.map(([start, end]) => ({ startTime: daysAgo(start), endTime: daysAgo(end) })),
});

testApiErrors("EC2", ec2, [
  ...twice.map(([operation, request, existing, refused]): Case => {
    return {
      operation,
      request,
      existing: [...existing, { ...request, id: "other" }],
      refused,
      accepted: { existing },
    };
  }),
  {
    operation: "CreateSubnet",
    request: subnetOf("subnet-22222222", "10.0.8.0/22"),
    existing: [vpc, subnetOf("subnet-11111111", "10.0.0.0/20")],
    refused: /^InvalidSubnet.Conflict: The CIDR '10.0.8.0\/22' conflicts with another subnet/,
    accepted: { existing: [vpc, subnetOf("subnet-11111111", "10.0.0.0/21")] },
  },
  {
    operation: "CreateSubnet",
    request: subnetOf("subnet-22222222", "10.1.0.0/22"),
    existing: [vpc],
    refused: /^InvalidSubnet.Range: The CIDR '10.1.0.0\/22' is invalid/,
    accepted: { request: subnetOf("subnet-22222222", "10.0.0.0/22") },
  },
  {
    operation: "CreateNatGateway",
    request: natGateway,
    existing: [subnet],
    refused: /^Gateway.NotAttached: The network of subnet subnet-11111111 has no Internet gateway attached/,
    accepted: { existing: [subnet, internetGateway] },
  },
  {
    operation: "CreateTags",
    request: record("ebs/snapshot", "snap-11111111", tags),
    refused: /^InvalidID: The ID 'snap-11111111' is not valid/,
    accepted: { existing: [record("ebs/snapshot", "snap-11111111")] },
  },
  ...[
    subnet,
    securityGroup,
    internetGateway,
    record("ec2/routeTable", "rtb-1", { vpcId: "vpc-11111111" }),
    endpoint({ vpcId: "vpc-11111111" }),
  ].map((user): Case => {
    const refused = /^DependencyViolation: The vpc 'vpc-11111111' has dependencies/;
    return { operation: "DeleteVpc", request: vpc, existing: [user], refused };
  }),
  // Each of them has a network interface in the subnet.
  ...[
    mountTarget,
    natGateway,
    { ...nodeGroup, properties: { subnetIds: ["subnet-11111111"] } },
    clusterIn({ subnetIds: ["subnet-11111111"] }),
    endpoint({ subnetIds: ["subnet-11111111"] }),
    left,
  ].map((user): Case => {
    const refused = /^DependencyViolation: The subnet 'subnet-11111111'/;
    return { operation: "DeleteSubnet", request: subnet, existing: [user], refused };
  }),
  {
    operation: "DeleteRouteTable",
    request: record("ec2/routeTable", "rtb-1"),
    existing: [record("ec2/routeTableAssociation", "x", { routeTableId: "rtb-1" })],
    refused: /^DependencyViolation: The routeTable 'rtb-1'/,
  },
  ...[
    mountTarget,
    clusterIn({ securityGroupIds: ["sg-11111111"] }),
    left,
    endpoint({ securityGroupIds: ["sg-11111111"] }),
  ].map((user): Case => {
    const refused = /^DependencyViolation: resource sg-11111111 has a dependent/;
    return { operation: "DeleteSecurityGroup", request: securityGroup, existing: [user], refused };
  }),
  ...["vpc/securityGroupIngressRule", "vpc/securityGroupEgressRule"].map((type): Case => {
    return {
      operation: "DeleteSecurityGroup",
      request: securityGroup,
      existing: [record(type, "r", { securityGroupId: "sg-22222222", referencedSecurityGroupId: "sg-11111111" })],
      refused: /a rule of another group names it/,
      accepted: {
        existing: [record(type, "r", { securityGroupId: "sg-11111111", referencedSecurityGroupId: "sg-11111111" })],
      },
    };
  }),
  {
    operation: "DescribeSnapshots",
    request: record("ebs/snapshot", "snap-11111111"),
    refused: /^InvalidSnapshot.NotFound: The snapshot 'snap-11111111' does not exist/,
    accepted: { existing: [record("ebs/snapshot", "snap-11111111")] },
  },
  {
    operation: "DetachInternetGateway",
    request: internetGateway,
    existing: [natGateway, subnet],
    refused: /^DependencyViolation: Network vpc-11111111 has some mapped public address/,
  },
  {
    operation: "ModifyVolume",
    request: disk(),
    existing: [disk([0, -1])],
    refused: /^IncorrectModificationState: Volume vol-11111111 cannot be modified in modification state OPTIMIZING/,
    accepted: { existing: [disk([0, 0])] },
  },
  {
    operation: "ModifyVolume",
    request: disk(),
    existing: [disk([0.9, 0.9], [0.5, 0.4], [0.2, 0.1], [0.1, 0])],
    refused: /^VolumeModificationRateExceeded: You've reached the maximum modification rate per volume limit/,
    // Any 24 hours, not a day by its date.
    accepted: { existing: [disk([1.1, 1], [0.5, 0.4], [0.2, 0.1], [0.1, 0])] },
  },
  {
    operation: "ReleaseAddress",
    request: record("ec2/eip", "eipalloc-1"),
    existing: [natGateway],
    refused: /^InvalidIPAddress.InUse/,
  },
]);
