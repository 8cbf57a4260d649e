import { arn, referred, type ResourceType, type ResourceTypes } from "../resourceType";
import { privateIp, publicIp } from "./addresses";
import type { Operation } from "./apiErrors";

const securityGroupRule: ResourceType<Operation> = {
  id: "sgr-{hex}",
  replaces: "securityGroupId",
  computed: { arn: arn("ec2", "security-group-rule/{id}"), securityGroupRuleId: "{id}" },
};

export const resources: ResourceTypes<Operation> = {
  "ec2/vpc": {
    id: "vpc-{hex}",
    replaces: "cidrBlock",
    computed: { arn: arn("ec2", "vpc/{id}"), defaultSecurityGroupId: "sg-{hex}", mainRouteTableId: "rtb-{hex}" },
    calls: { create: ["CreateVpc", "ModifyVpcAttribute"], delete: ["DeleteVpc"] },
  },
  "ec2/subnet": {
    id: "subnet-{hex}",
    replaces: "vpcId availabilityZone availabilityZoneId cidrBlock",
    computed: { arn: arn("ec2", "subnet/{id}"), availabilityZone: "{region}a" },
    calls: { create: ["CreateSubnet"], delete: ["DeleteSubnet"] },
  },
  "ec2/internetGateway": {
    id: "igw-{hex}",
    computed: { arn: arn("ec2", "internet-gateway/{id}") },
    calls: { create: ["CreateInternetGateway", "AttachInternetGateway"], delete: ["DetachInternetGateway"] },
  },
  "ec2/routeTable": {
    id: "rtb-{hex}",
    replaces: "vpcId",
    computed: { arn: arn("ec2", "route-table/{id}") },
    calls: { create: ["CreateRouteTable"], delete: ["DeleteRouteTable"] },
  },
  "ec2/route": {
    id: "r-{routeTableId}{hex}",
    replaces: "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
    untagged: true,
    computed: { state: "active" },
    calls: { create: ["CreateRoute"] },
  },
  "ec2/routeTableAssociation": {
    id: "rtbassoc-{hex}",
    replaces: "subnetId gatewayId",
    untagged: true,
    calls: { create: ["AssociateRouteTable"] },
  },
  "ec2/eip": {
    id: "eipalloc-{hex}",
    replaces: "domain",
    computed: { arn: arn("ec2", "elastic-ip/{id}"), allocationId: "{id}", publicIp },
    calls: { create: ["AllocateAddress"], delete: ["ReleaseAddress"] },
  },
  "ec2/natGateway": {
    id: "nat-{hex}",
    replaces: "allocationId subnetId connectivityType",
    computed: { privateIp, publicIp: (gateway) => referred(gateway, "ec2/eip", "allocationId").publicIp },
    calls: { create: ["CreateNatGateway"] },
  },
  "ec2/vpcEndpoint": {
    id: "vpce-{hex}",
    replaces: "vpcId serviceName vpcEndpointType",
    computed: { arn: arn("ec2", "vpc-endpoint/{id}"), prefixListId: "pl-{hex}", vpcEndpointType: "Gateway" },
    calls: { create: ["CreateVpcEndpoint"] },
  },
  "ec2/flowLog": {
    id: "fl-{hex}",
    replaces: "*",
    computed: { arn: arn("ec2", "vpc-flow-log/{id}") },
    calls: { create: ["CreateFlowLogs"] },
  },
  "ec2/defaultSecurityGroup": {
    id: (group) => referred(group, "ec2/vpc", "vpcId").defaultSecurityGroupId,
    replaces: "vpcId",
    computed: { arn: arn("ec2", "security-group/{id}"), name: "default" },
  },
  "ec2/securityGroup": {
    id: "sg-{hex}",
    replaces: "name namePrefix description vpcId",
    named: "name",
    computed: { arn: arn("ec2", "security-group/{id}"), description: "Managed by Pulumi" },
    calls: { create: ["CreateSecurityGroup"], delete: ["DeleteSecurityGroup"] },
  },
  "vpc/securityGroupIngressRule": { ...securityGroupRule, calls: { create: ["AuthorizeSecurityGroupIngress"] } },
  "vpc/securityGroupEgressRule": { ...securityGroupRule, calls: { create: ["AuthorizeSecurityGroupEgress"] } },
  "ec2/launchTemplate": {
    id: "lt-{hex}",
    replaces: "name namePrefix",
    named: "name",
    computed: { arn: arn("ec2", "launch-template/{id}"), latestVersion: 1, defaultVersion: 1 },
    recomputed: {
      latestVersion: (olds) => Number(olds.latestVersion) + 1,
      defaultVersion: (olds, news) =>
        news.updateDefaultVersion ? Number(olds.latestVersion) + 1 : olds.defaultVersion,
    },
    calls: { create: ["CreateLaunchTemplate"], update: ["CreateLaunchTemplateVersion"] },
  },
};
