/** What the AWS provider asks of AWS for a type of resource, by IAM's names of the actions. */
export interface Calls {
  /** Below https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ */
  source: string;
  /** When it is made, changed and deleted; with what the services then ask of whoever calls. */
  changes: string[];
  /** When it is refreshed, and after a change. */
  reads: string[];
}

/** Actions of one service: `ec2` and `CreateVpc DescribeVpcs`. */
const of = (service: string, names: string): string[] =>
  names
    .split(" ")
    .filter(Boolean)
    .map((name) => (name.includes(":") ? name : `${service}:${name}`));

const calls = (service: string, file: string, changes: string, reads: string): Calls => ({
  source: file,
  changes: of(service, changes),
  reads: of(service, reads),
});

const TAGGED = "CreateTags DeleteTags";
/** https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html, for whoever makes what a customer's key encrypts. */
const USES_KEY = "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKeyWithoutPlaintext";
const bucketSetting = (file: string, changes: string, reads: string) => calls("s3", `s3/${file}.go`, changes, reads);

/** By type, for all that the program registers and what @pulumi/eks makes for it. */
export const providerCalls: Record<string, Calls> = {
  "aws:backup/plan:Plan": calls(
    "backup",
    "backup/plan.go",
    "CreateBackupPlan DeleteBackupPlan TagResource UntagResource UpdateBackupPlan",
    "GetBackupPlan ListTags",
  ),
  "aws:backup/selection:Selection": calls(
    "backup",
    "backup/selection.go",
    "CreateBackupSelection DeleteBackupSelection iam:PassRole",
    "GetBackupSelection",
  ),
  // https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html has those beside the vault's own.
  "aws:backup/vault:Vault": calls(
    "backup",
    "backup/vault.go",
    "CreateBackupVault DeleteBackupVault DeleteRecoveryPoint TagResource UntagResource backup-storage:MountCapsule " +
      "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKey kms:RetireGrant",
    "DescribeBackupVault ListRecoveryPointsByBackupVault ListTags",
  ),
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": calls(
    "backup",
    "backup/vault_lock_configuration.go",
    "DeleteBackupVaultLockConfiguration PutBackupVaultLockConfiguration",
    "DescribeBackupVault",
  ),
  "aws:cloudwatch/logGroup:LogGroup": calls(
    "logs",
    "logs/group.go",
    "CreateLogGroup DeleteLogGroup DeleteRetentionPolicy PutRetentionPolicy TagResource UntagResource",
    "DescribeLogGroups ListTagsForResource",
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": calls(
    "cloudwatch",
    "cloudwatch/metric_alarm.go",
    "DeleteAlarms PutMetricAlarm TagResource UntagResource",
    "DescribeAlarms ListTagsForResource",
  ),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": calls(
    "ec2",
    "ec2/vpc_default_security_group.go",
    `RevokeSecurityGroupEgress RevokeSecurityGroupIngress ${TAGGED}`,
    "DescribeSecurityGroups",
  ),
  "aws:ec2/eip:Eip": calls(
    "ec2",
    "ec2/ec2_eip.go",
    `AllocateAddress DisassociateAddress ReleaseAddress ${TAGGED}`,
    "DescribeAddresses DescribeAddressesAttribute",
  ),
  "aws:ec2/flowLog:FlowLog": calls(
    "ec2",
    "ec2/vpc_flow_log.go",
    `CreateFlowLogs DeleteFlowLogs iam:PassRole ${TAGGED}`,
    "DescribeFlowLogs",
  ),
  "aws:ec2/internetGateway:InternetGateway": calls(
    "ec2",
    "ec2/vpc_internet_gateway.go",
    `AttachInternetGateway CreateInternetGateway DeleteInternetGateway DetachInternetGateway ${TAGGED}`,
    "DescribeInternetGateways",
  ),
  "aws:ec2/launchTemplate:LaunchTemplate": calls(
    "ec2",
    "ec2/ec2_launch_template.go",
    `CreateLaunchTemplate CreateLaunchTemplateVersion DeleteLaunchTemplate ModifyLaunchTemplate ${TAGGED}`,
    "DescribeLaunchTemplateVersions DescribeLaunchTemplates",
  ),
  "aws:ec2/natGateway:NatGateway": calls(
    "ec2",
    "ec2/vpc_nat_gateway.go",
    `CreateNatGateway DeleteNatGateway ${TAGGED}`,
    "DescribeNatGateways",
  ),
  "aws:ec2/route:Route": calls(
    "ec2",
    "ec2/vpc_route.go",
    "CreateRoute DeleteRoute ReplaceRoute",
    "DescribeRouteTables",
  ),
  "aws:ec2/routeTable:RouteTable": calls(
    "ec2",
    "ec2/vpc_route_table.go",
    `CreateRouteTable DeleteRouteTable DisassociateRouteTable ${TAGGED}`,
    "DescribeRouteTables",
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": calls(
    "ec2",
    "ec2/vpc_route_table_association.go",
    "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation",
    "DescribeRouteTables",
  ),
  "aws:ec2/securityGroup:SecurityGroup": calls(
    "ec2",
    "ec2/vpc_security_group.go",
    `AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup DeleteSecurityGroup ` +
      `RevokeSecurityGroupEgress RevokeSecurityGroupIngress ${TAGGED}`,
    "DescribeNetworkInterfaces DescribeSecurityGroups",
  ),
  // A subnet's network interfaces that a node's CNI left are deleted with it.
  "aws:ec2/subnet:Subnet": calls(
    "ec2",
    "ec2/vpc_subnet.go",
    `CreateSubnet DeleteNetworkInterface DeleteSubnet DetachNetworkInterface ${TAGGED}`,
    "DescribeNetworkInterfaces DescribeSubnets",
  ),
  "aws:ec2/vpc:Vpc": calls(
    "ec2",
    "ec2/vpc_.go",
    `CreateVpc DeleteVpc ModifyVpcAttribute ${TAGGED}`,
    "DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups DescribeVpcAttribute DescribeVpcs",
  ),
  "aws:ec2/vpcEndpoint:VpcEndpoint": calls(
    "ec2",
    "ec2/vpc_endpoint.go",
    `CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint ${TAGGED}`,
    "DescribePrefixLists DescribeVpcEndpoints",
  ),
  "aws:efs/accessPoint:AccessPoint": calls(
    "elasticfilesystem",
    "efs/access_point.go",
    "CreateAccessPoint DeleteAccessPoint TagResource UntagResource",
    "DescribeAccessPoints",
  ),
  "aws:efs/backupPolicy:BackupPolicy": calls(
    "elasticfilesystem",
    "efs/backup_policy.go",
    "PutBackupPolicy",
    "DescribeBackupPolicy",
  ),
  "aws:efs/fileSystem:FileSystem": calls(
    "elasticfilesystem",
    "efs/file_system.go",
    `CreateFileSystem DeleteFileSystem PutLifecycleConfiguration TagResource UntagResource UpdateFileSystem ${USES_KEY}`,
    "DescribeFileSystems DescribeLifecycleConfiguration",
  ),
  "aws:efs/fileSystemPolicy:FileSystemPolicy": calls(
    "elasticfilesystem",
    "efs/file_system_policy.go",
    "DeleteFileSystemPolicy PutFileSystemPolicy",
    "DescribeFileSystemPolicy",
  ),
  // https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html and its siblings have those of EC2.
  "aws:efs/mountTarget:MountTarget": calls(
    "elasticfilesystem",
    "efs/mount_target.go",
    "CreateMountTarget DeleteMountTarget ModifyMountTargetSecurityGroups ec2:CreateNetworkInterface " +
      "ec2:DeleteNetworkInterface ec2:ModifyNetworkInterfaceAttribute iam:CreateServiceLinkedRole",
    "DescribeMountTargetSecurityGroups DescribeMountTargets ec2:DescribeNetworkInterfaces ec2:DescribeSubnets",
  ),
  // The AWS CLI turns the copy's protection off: components/efs/overwriteProtection.ts
  "aws:efs/replicationConfiguration:ReplicationConfiguration": calls(
    "elasticfilesystem",
    "efs/replication_configuration.go",
    `CreateReplicationConfiguration DeleteReplicationConfiguration UpdateFileSystemProtection iam:CreateServiceLinkedRole`,
    "DescribeFileSystems DescribeReplicationConfigurations",
  ),
  "aws:eks/accessEntry:AccessEntry": calls(
    "eks",
    "eks/access_entry.go",
    "CreateAccessEntry DeleteAccessEntry TagResource UntagResource UpdateAccessEntry",
    "DescribeAccessEntry",
  ),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": calls(
    "eks",
    "eks/access_policy_association.go",
    "AssociateAccessPolicy DisassociateAccessPolicy",
    "ListAssociatedAccessPolicies",
  ),
  "aws:eks/addon:Addon": calls(
    "eks",
    "eks/addon.go",
    "CreateAddon DeleteAddon TagResource UntagResource UpdateAddon",
    "DescribeAddon DescribeUpdate",
  ),
  "aws:eks/cluster:Cluster": calls(
    "eks",
    "eks/cluster.go",
    "CreateCluster DeleteCluster TagResource UntagResource UpdateClusterConfig UpdateClusterVersion iam:PassRole " +
      "iam:CreateServiceLinkedRole kms:CreateGrant kms:DescribeKey",
    "DescribeCluster DescribeUpdate",
  ),
  // https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html: whoever has a
  // group be made from a launch template must be allowed to start instances with it.
  "aws:eks/nodeGroup:NodeGroup": calls(
    "eks",
    "eks/node_group.go",
    "CreateNodegroup DeleteNodegroup TagResource UntagResource UpdateNodegroupConfig UpdateNodegroupVersion " +
      "iam:CreateServiceLinkedRole iam:PassRole ec2:CreateTags ec2:RunInstances",
    "DescribeNodegroup DescribeUpdate ec2:DescribeLaunchTemplateVersions ec2:DescribeSubnets iam:GetRole",
  ),
  // https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": calls(
    "eks",
    "eks/pod_identity_association.go",
    "CreatePodIdentityAssociation DeletePodIdentityAssociation TagResource UntagResource UpdatePodIdentityAssociation " +
      "iam:PassRole",
    "DescribePodIdentityAssociation iam:GetRole",
  ),
  "aws:iam/role:Role": calls(
    "iam",
    "iam/role.go",
    "CreateRole DeleteRole PutRolePermissionsBoundary TagRole UntagRole UpdateAssumeRolePolicy UpdateRole " +
      "UpdateRoleDescription",
    "GetRole ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies",
  ),
  "aws:iam/rolePolicy:RolePolicy": calls(
    "iam",
    "iam/role_policy.go",
    "DeleteRolePolicy PutRolePolicy",
    "GetRolePolicy",
  ),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": calls(
    "iam",
    "iam/role_policy_attachment.go",
    "AttachRolePolicy DetachRolePolicy",
    "ListAttachedRolePolicies",
  ),
  "aws:kms/alias:Alias": calls("kms", "kms/alias.go", "CreateAlias DeleteAlias UpdateAlias", "ListAliases"),
  "aws:kms/key:Key": calls(
    "kms",
    "kms/key.go",
    "CreateKey DisableKeyRotation EnableKeyRotation PutKeyPolicy ScheduleKeyDeletion TagResource UntagResource " +
      "UpdateKeyDescription",
    "DescribeKey GetKeyPolicy GetKeyRotationStatus ListResourceTags",
  ),
  // Tags are read and changed by S3 Control's actions: the provider's changelog, 6.23.0. What isn't set is read as well.
  "aws:s3/bucket:Bucket": bucketSetting(
    "bucket",
    "CreateBucket DeleteBucket DeleteObject DeleteObjectVersion TagResource UntagResource",
    "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation GetBucketLogging " +
      "GetBucketObjectLockConfiguration GetBucketPolicy GetBucketRequestPayment GetBucketVersioning GetBucketWebsite " +
      "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration ListBucket ListBucketVersions " +
      "ListTagsForResource",
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketSetting(
    "bucket_lifecycle_configuration",
    "PutLifecycleConfiguration",
    "GetLifecycleConfiguration",
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": bucketSetting(
    "bucket_ownership_controls",
    "PutBucketOwnershipControls",
    "GetBucketOwnershipControls",
  ),
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting(
    "bucket_policy",
    "DeleteBucketPolicy PutBucketPolicy",
    "GetBucketPolicy",
  ),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting(
    "bucket_public_access_block",
    "PutBucketPublicAccessBlock",
    "GetBucketPublicAccessBlock",
  ),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketSetting(
    "bucket_server_side_encryption_configuration",
    "PutEncryptionConfiguration",
    "GetEncryptionConfiguration",
  ),
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting(
    "bucket_versioning",
    "PutBucketVersioning",
    "GetBucketVersioning",
  ),
  // A SecureString, under AWS's own key or the customer's: https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
  "aws:ssm/parameter:Parameter": calls(
    "ssm",
    "ssm/parameter.go",
    "AddTagsToResource DeleteParameter PutParameter RemoveTagsFromResource kms:Encrypt",
    "DescribeParameters GetParameter ListTagsForResource kms:Decrypt",
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": calls(
    "ec2",
    "ec2/vpc_security_group_ingress_rule.go",
    `AuthorizeSecurityGroupIngress ModifySecurityGroupRules RevokeSecurityGroupIngress ${TAGGED}`,
    "DescribeSecurityGroupRules",
  ),
};

/** What the program looks up, by the functions of the AWS provider that it calls. */
export const functionCalls: Record<string, string[]> = {
  "backup/getVault": of("backup", "DescribeBackupVault ListTags"),
  "cloudwatch/getLogGroups": of("logs", "DescribeLogGroups"),
  "ebs/getDefaultKmsKey": of("ec2", "GetEbsDefaultKmsKeyId"),
  "ebs/getEbsVolumes": of("ec2", "DescribeVolumes"),
  "ebs/getSnapshot": of("ec2", "DescribeSnapshots"),
  "ebs/getSnapshotIds": of("ec2", "DescribeSnapshots"),
  "ebs/getVolume": of("ec2", "DescribeVolumes"),
  "ec2/getInstanceType": of("ec2", "DescribeInstanceTypes"),
  "ec2/getInstanceTypeOfferings": of("ec2", "DescribeInstanceTypeOfferings"),
  "ec2/getNetworkInterface": of("ec2", "DescribeNetworkInterfaces"),
  "ec2/getNetworkInterfaces": of("ec2", "DescribeNetworkInterfaces"),
  "ec2/getRouteTable": of("ec2", "DescribeRouteTables"),
  "ec2/getSecurityGroup": of("ec2", "DescribeSecurityGroups"),
  "ec2/getSubnet": of("ec2", "DescribeSubnets"),
  "ec2/getVpc": of("ec2", "DescribeRouteTables DescribeVpcAttribute DescribeVpcs"),
  "efs/getAccessPoint": of("elasticfilesystem", "DescribeAccessPoints"),
  "efs/getFileSystem": of("elasticfilesystem", "DescribeFileSystems DescribeLifecycleConfiguration"),
  "eks/getAddon": of("eks", "DescribeAddon"),
  "eks/getCluster": of("eks", "DescribeCluster"),
  "iam/getRole": of("iam", "GetRole"),
  "index/getAvailabilityZones": of("ec2", "DescribeAvailabilityZones"),
  // It needs no right: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
  "index/getCallerIdentity": [],
  // The provider knows it by its region.
  "index/getPartition": [],
  "kms/getKey": of("kms", "DescribeKey"),
  "s3/getBucket": of("s3", "GetBucketLocation ListBucket"),
  "ssm/getParameter": of("ssm", "GetParameter kms:Decrypt"),
  "ssm/getParametersByPath": of("ssm", "GetParametersByPath kms:Decrypt"),
};
