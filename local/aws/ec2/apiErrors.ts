import { Address4 } from "ip-address";
import { type ApiErrors, exists, inUse, isReferredTo } from "../apiErrors";
import { isBeingModified, modificationsToday, MOST_MODIFICATIONS } from "./modifications";
import type { Refusal } from "../refusal";

const REFERENCE = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/";

/** EC2 documents all its errors on one page. */
export const page = () => `${REFERENCE}errors-overview.html`;

/** Of a request that isn't as AWS's model has it. */
export const refusal: Refusal = {
  code: "InvalidParameterValue",
  words: ([{ kind, path, value }]) =>
    kind === "required"
      ? { code: "MissingParameter", explanation: `The request must contain the parameter ${path}` }
      : { explanation: `Value (${String(value)}) for parameter ${path} is invalid.` },
};

const range = (cidr: unknown) => new Address4(String(cidr));
const overlap = (a: Address4, b: Address4) => a.isInSubnet(b) || b.isInSubnet(a);

export const errors = {
  AssociateRouteTable: [
    {
      code: "Resource.AlreadyAssociated",
      message: "the specified association for route table {routeTableId} conflicts with an existing association",
      when: exists("ec2/routeTableAssociation", "subnetId", "gatewayId"),
    },
  ],
  AuthorizeSecurityGroupIngress: [
    {
      code: "InvalidPermission.Duplicate",
      message: "the specified rule already exists",
      when: exists(
        "vpc/securityGroupIngressRule",
        ...["securityGroupId", "ipProtocol", "fromPort", "toPort"],
        ...["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"],
      ),
    },
  ],
  CreateLaunchTemplate: [
    {
      code: "InvalidLaunchTemplateName.AlreadyExistsException",
      message: "Launch template name {name} already in use.",
      when: exists("ec2/launchTemplate", "name"),
    },
  ],
  CreateNatGateway: [
    {
      code: "Gateway.NotAttached",
      message: "The network of subnet {subnetId} has no Internet gateway attached",
      page: `${REFERENCE}API_NatGateway.html`,
      when: ({ properties }, account) => {
        const vpc = account.find("ec2/subnet", properties.subnetId)?.properties.vpcId;
        return account.where("ec2/internetGateway", "vpcId", vpc).length === 0;
      },
    },
    {
      code: "Resource.AlreadyAssociated",
      message: "Elastic IP address [{allocationId}] is already associated",
      when: exists("ec2/natGateway", "allocationId"),
    },
  ],
  CreateRoute: [
    {
      code: "RouteAlreadyExists",
      message: "The route identified by {destinationCidrBlock} already exists.",
      when: exists(
        "ec2/route",
        ...["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
      ),
    },
  ],
  CreateSecurityGroup: [
    {
      code: "InvalidGroup.Duplicate",
      message: "The security group '{name}' already exists for VPC '{vpcId}'",
      when: exists("ec2/securityGroup", "vpcId", "name"),
    },
  ],
  CreateSubnet: [
    {
      code: "InvalidSubnet.Range",
      message: "The CIDR '{cidrBlock}' is invalid: it is not within its VPC's.",
      when: ({ properties }, account) => {
        const vpc = account.find("ec2/vpc", properties.vpcId);
        return vpc !== undefined && !range(properties.cidrBlock).isInSubnet(range(vpc.properties.cidrBlock));
      },
    },
    {
      code: "InvalidSubnet.Conflict",
      message: "The CIDR '{cidrBlock}' conflicts with another subnet",
      when: ({ properties }, account) =>
        account
          .where("ec2/subnet", "vpcId", properties.vpcId)
          .some((other) => overlap(range(properties.cidrBlock), range(other.properties.cidrBlock))),
    },
  ],
  CreateTags: [
    {
      code: "InvalidID",
      message: "The ID '{id}' is not valid",
      when: ({ id }, { records }) => !records.some((record) => record.id === id),
    },
  ],
  DeleteRouteTable: [
    {
      code: "DependencyViolation",
      message: "The routeTable '{id}' has dependencies and cannot be deleted.",
      when: isReferredTo("ec2/routeTableAssociation", "routeTableId"),
    },
  ],
  DeleteSecurityGroup: [
    ...inUse({ code: "DependencyViolation", message: "resource {id} has a dependent object" }, [
      ["efs/mountTarget", "securityGroups"],
      ["eks/cluster", "vpcConfig.securityGroupIds"],
      ["ec2/vpcEndpoint", "securityGroupIds"],
      ["ec2/networkInterface", "groups"],
    ]),
    {
      code: "DependencyViolation",
      message: "resource {id} has a dependent object: a rule of another group names it",
      when: ({ id }, account) =>
        ["vpc/securityGroupIngressRule", "vpc/securityGroupEgressRule"]
          .flatMap((type) => account.where(type, "referencedSecurityGroupId", id))
          .some((rule) => rule.properties.securityGroupId !== id),
    },
  ],
  DeleteSubnet: inUse(
    { code: "DependencyViolation", message: "The subnet '{id}' has dependencies and cannot be deleted." },
    [
      ["efs/mountTarget", "subnetId"],
      ["ec2/natGateway", "subnetId"],
      ["eks/nodeGroup", "subnetIds"],
      ["eks/cluster", "vpcConfig.subnetIds"],
      ["ec2/vpcEndpoint", "subnetIds"],
      ["ec2/networkInterface", "subnetId"],
    ],
  ),
  DeleteVpc: inUse({ code: "DependencyViolation", message: "The vpc '{id}' has dependencies and cannot be deleted." }, [
    ["ec2/subnet", "vpcId"],
    ["ec2/securityGroup", "vpcId"],
    ["ec2/internetGateway", "vpcId"],
    ["ec2/routeTable", "vpcId"],
    ["ec2/vpcEndpoint", "vpcId"],
  ]),
  DescribeSnapshots: [
    {
      code: "InvalidSnapshot.NotFound",
      message: "The snapshot '{id}' does not exist.",
      when: ({ id }, account) => !account.find("ebs/snapshot", id),
    },
  ],
  DetachInternetGateway: [
    {
      code: "DependencyViolation",
      message:
        "Network {vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
      when: ({ properties }, account) =>
        account
          .where("ec2/subnet", "vpcId", properties.vpcId)
          .some((subnet) => account.where("ec2/natGateway", "subnetId", subnet.id).length > 0),
    },
  ],
  /** What the driver asks for when a claim grows. */
  ModifyVolume: [
    {
      // https://github.com/kubernetes/kubernetes/issues/69434
      code: "IncorrectModificationState",
      message: "Volume {id} cannot be modified in modification state OPTIMIZING",
      page: `${REFERENCE}API_ModifyVolume.html`,
      when: ({ id }, account) => isBeingModified(account.find("ebs/volume", id)),
    },
    {
      // The words of before 2026-01, less the six hours: https://github.com/kubernetes/kubernetes/issues/131397
      code: "VolumeModificationRateExceeded",
      message: "You've reached the maximum modification rate per volume limit.",
      page: `${REFERENCE}API_ModifyVolume.html`,
      when: ({ id }, account) => modificationsToday(account.find("ebs/volume", id)) >= MOST_MODIFICATIONS,
    },
  ],
  ReleaseAddress: [
    {
      code: "InvalidIPAddress.InUse",
      message: "Address {id} is in use.",
      when: isReferredTo("ec2/natGateway", "allocationId"),
    },
  ],
} satisfies ApiErrors;

export type Operation = keyof typeof errors;
