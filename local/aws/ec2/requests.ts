import { type Members, NOT_SENT } from "../requests";

/** Where the AWS provider puts inputs: https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service/ec2 */
const tagsAll = "TagSpecifications[].Tags";

const securityGroupRule: Members = {
  securityGroupId: "GroupId",
  ipProtocol: "IpPermissions[].IpProtocol",
  fromPort: "IpPermissions[].FromPort",
  toPort: "IpPermissions[].ToPort",
  cidrIpv4: "IpPermissions[].IpRanges[].CidrIp",
  cidrIpv6: "IpPermissions[].Ipv6Ranges[].CidrIpv6",
  prefixListId: "IpPermissions[].PrefixListIds[].PrefixListId",
  referencedSecurityGroupId: "IpPermissions[].UserIdGroupPairs[].GroupId",
  // Of whichever of the four there is; all have the same shape.
  description: "IpPermissions[].UserIdGroupPairs[].Description",
  tagsAll,
};

export const members: Record<string, Members> = {
  "ec2/vpc": {
    id: "VpcId",
    enableDnsHostnames: "EnableDnsHostnames.Value",
    enableDnsSupport: "EnableDnsSupport.Value",
    tagsAll,
  },
  "ec2/subnet": { tagsAll },
  "ec2/internetGateway": { id: "InternetGatewayId", tagsAll },
  "ec2/routeTable": { tagsAll },
  "ec2/eip": { tagsAll },
  "ec2/natGateway": { tagsAll },
  "ec2/vpcEndpoint": { policy: "PolicyDocument", tagsAll },
  "ec2/flowLog": {
    vpcId: ["ResourceIds[]", "ResourceType=VPC"],
    subnetId: ["ResourceIds[]", "ResourceType=Subnet"],
    iamRoleArn: "DeliverLogsPermissionArn",
    tagsAll,
  },
  // AWS has made it: the provider takes its rules away.
  "ec2/defaultSecurityGroup": { vpcId: NOT_SENT, tagsAll: NOT_SENT },
  "ec2/securityGroup": { name: "GroupName", revokeRulesOnDelete: NOT_SENT, tagsAll },
  "vpc/securityGroupIngressRule": securityGroupRule,
  "vpc/securityGroupEgressRule": securityGroupRule,
  "ec2/launchTemplate": {
    id: "LaunchTemplateId",
    name: "LaunchTemplateName",
    blockDeviceMappings: "LaunchTemplateData.BlockDeviceMappings",
    imageId: "LaunchTemplateData.ImageId",
    instanceType: "LaunchTemplateData.InstanceType",
    metadataOptions: "LaunchTemplateData.MetadataOptions",
    tagSpecifications: "LaunchTemplateData.TagSpecifications",
    userData: "LaunchTemplateData.UserData",
    vpcSecurityGroupIds: "LaunchTemplateData.SecurityGroupIds",
    updateDefaultVersion: NOT_SENT,
    tagsAll,
  },
};
