import { arn, referred, type ResourceType, type ResourceTypes } from "../service";

const octet = () => Math.floor(Math.random() * 254) + 1;
const publicIp = () => `54.${octet()}.${octet()}.${octet()}`;
export const privateIp = () => `10.0.${octet()}.${octet()}`;
const inVpc = "vpcId:ec2/vpc";

const rule: ResourceType = {
  id: "sgr-{hex}",
  replaces: "securityGroupId",
  unique: "securityGroupId ipProtocol fromPort toPort cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId",
  refersTo: "securityGroupId:ec2/securityGroup referencedSecurityGroupId:ec2/securityGroup",
  computed: { arn: arn("ec2", "security-group-rule/{id}"), securityGroupRuleId: "{id}" },
};

export const network: ResourceTypes = {
  "ec2/vpc": {
    id: "vpc-{hex}",
    replaces: "cidrBlock",
    computed: { arn: arn("ec2", "vpc/{id}"), defaultSecurityGroupId: "sg-{hex}", mainRouteTableId: "rtb-{hex}" },
  },
  "ec2/subnet": {
    id: "subnet-{hex}",
    replaces: "vpcId availabilityZone availabilityZoneId cidrBlock",
    refersTo: inVpc,
    computed: { arn: arn("ec2", "subnet/{id}"), availabilityZone: "{region}a" },
  },
  "ec2/internetGateway": { id: "igw-{hex}", refersTo: inVpc, computed: { arn: arn("ec2", "internet-gateway/{id}") } },
  "ec2/routeTable": {
    id: "rtb-{hex}",
    replaces: "vpcId",
    refersTo: inVpc,
    computed: { arn: arn("ec2", "route-table/{id}") },
  },
  "ec2/route": {
    id: "r-{routeTableId}{hex}",
    replaces: "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
    unique: "routeTableId destinationCidrBlock destinationIpv6CidrBlock destinationPrefixListId",
    untagged: true,
    refersTo: "routeTableId:ec2/routeTable gatewayId:ec2/internetGateway natGatewayId:ec2/natGateway",
    computed: { state: "active" },
  },
  "ec2/routeTableAssociation": {
    id: "rtbassoc-{hex}",
    replaces: "subnetId gatewayId",
    unique: "subnetId gatewayId",
    untagged: true,
    refersTo: "routeTableId:ec2/routeTable subnetId:ec2/subnet",
  },
  "ec2/eip": {
    id: "eipalloc-{hex}",
    replaces: "domain",
    computed: { arn: arn("ec2", "elastic-ip/{id}"), allocationId: "{id}", publicIp },
  },
  "ec2/natGateway": {
    id: "nat-{hex}",
    replaces: "allocationId subnetId connectivityType",
    unique: "allocationId",
    refersTo: "allocationId:ec2/eip subnetId:ec2/subnet",
    computed: { privateIp, publicIp: (made) => referred(made, "ec2/eip", "allocationId").publicIp },
  },
  "ec2/vpcEndpoint": {
    id: "vpce-{hex}",
    replaces: "vpcId serviceName vpcEndpointType",
    refersTo: `${inVpc} subnetIds:ec2/subnet securityGroupIds:ec2/securityGroup routeTableIds:ec2/routeTable`,
    computed: { arn: arn("ec2", "vpc-endpoint/{id}"), prefixListId: "pl-{hex}", vpcEndpointType: "Gateway" },
  },
  "ec2/flowLog": { id: "fl-{hex}", replaces: "*", refersTo: inVpc, computed: { arn: arn("ec2", "vpc-flow-log/{id}") } },
  "ec2/defaultSecurityGroup": {
    id: (made) => referred(made, "ec2/vpc", "vpcId").defaultSecurityGroupId,
    replaces: "vpcId",
    refersTo: inVpc,
    computed: { arn: arn("ec2", "security-group/{id}"), name: "default" },
  },
  "ec2/securityGroup": {
    id: "sg-{hex}",
    replaces: "name namePrefix description vpcId",
    named: "name",
    unique: "vpcId name",
    refersTo: inVpc,
    computed: { arn: arn("ec2", "security-group/{id}"), description: "Managed by Pulumi" },
  },
  "vpc/securityGroupIngressRule": rule,
  "vpc/securityGroupEgressRule": rule,
  // Nodes leave it behind: beside.ts.
  "ec2/networkInterface": {
    id: "eni-{hex}",
    replaces: "subnetId",
    refersTo: "subnetId:ec2/subnet groups:ec2/securityGroup",
  },
  "ec2/launchTemplate": {
    id: "lt-{hex}",
    replaces: "name namePrefix",
    named: "name",
    unique: "name",
    computed: { arn: arn("ec2", "launch-template/{id}"), latestVersion: 1, defaultVersion: 1 },
    recomputed: {
      latestVersion: (olds) => Number(olds.latestVersion) + 1,
      defaultVersion: (olds, news) =>
        news.updateDefaultVersion ? Number(olds.latestVersion) + 1 : olds.defaultVersion,
    },
  },
};
