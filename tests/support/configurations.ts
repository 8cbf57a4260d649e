import { EXISTING_VPC } from "./mockState";

const VPC = {
  existingVpcId: EXISTING_VPC,
  existingPrivateSubnetIds: {
    "eu-west-1a": "subnet-0a1000000000000aa",
    "eu-west-1b": "subnet-0b2000000000000bb",
    "eu-west-1c": "subnet-0c3000000000000cc",
  },
};
const FILE_SYSTEM = "fs-0f1000000000000aa";
const GROUP = "sg-0d1000000000000aa";
const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_ARN = `arn:aws:kms:eu-west-1:111101013333:key/${KEY_ID}`;
const TOPIC = "arn:aws:sns:eu-west-1:111101013333:storage";
const INSIGHTS = "v6.2.0-eksbuild.1";
const EVERYTHING = {
  alarmTopicArn: TOPIC,
  containerInsightsVersion: INSIGHTS,
  encryptionKey: "customer",
  efsReplicaRegion: "eu-central-1",
};

export interface ConfigurationCase {
  /** What its record is called. */
  name: string;
  stack: "dev" | "staging" | "prod";
  /** Keys that are set otherwise than in the stack's file. */
  changes: Record<string, unknown>;
}

/** Configurations that, between them, make every choice that a stack's file has. */
export const configurationCases: ConfigurationCase[] = [
  { name: "dev", stack: "dev", changes: {} },
  { name: "staging", stack: "staging", changes: {} },
  { name: "prod", stack: "prod", changes: {} },
  { name: "release", stack: "prod", changes: { retention: "release" } },
  { name: "everythingOnS3", stack: "prod", changes: { ...EVERYTHING, assetsStorage: "s3" } },
  {
    name: "everythingOnEfs",
    stack: "prod",
    changes: { ...EVERYTHING, efsMountAccess: "roles", efsToArchive: "AFTER_90_DAYS" },
  },
  { name: "dynamic", stack: "dev", changes: { assetsProvisioning: "dynamic", efsMountAccess: "roles" } },
  { name: "dynamicWithKey", stack: "dev", changes: { assetsProvisioning: "dynamic", encryptionKey: "customer" } },
  { name: "existingVpc", stack: "dev", changes: VPC },
  {
    name: "existingCluster",
    stack: "dev",
    changes: { ...VPC, existingClusterName: "shop", containerInsightsVersion: INSIGHTS, alarmTopicArn: TOPIC },
  },
  {
    name: "existingFileSystem",
    stack: "dev",
    changes: {
      ...VPC,
      existingFileSystemId: FILE_SYSTEM,
      existingFileSystemSecurityGroupId: GROUP,
      alarmTopicArn: TOPIC,
    },
  },
  {
    name: "existingFileSystemWithoutMountTargets",
    stack: "dev",
    changes: { existingFileSystemId: FILE_SYSTEM, assetsProvisioning: "dynamic" },
  },
  { name: "existingBucket", stack: "dev", changes: { assetsStorage: "s3", existingBucketName: "shop-images" } },
  { name: "existingKey", stack: "dev", changes: { encryptionKey: "customer", existingKeyArn: KEY_ARN } },
  {
    name: "existingEverything",
    stack: "prod",
    changes: {
      ...VPC,
      existingClusterName: "shop",
      existingFileSystemId: FILE_SYSTEM,
      existingFileSystemSecurityGroupId: GROUP,
      assetsStorage: "s3",
      existingBucketName: "shop-images",
      encryptionKey: "customer",
      existingKeyArn: KEY_ARN,
    },
  },
  {
    name: "adopted",
    stack: "prod",
    changes: {
      encryptionKey: "customer",
      efsReplicaRegion: "eu-central-1",
      adoptEncryptionKeyId: KEY_ID,
      adoptFileSystemId: FILE_SYSTEM,
      adoptReplicaFileSystemId: "fs-0f2000000000000bb",
      adoptReplicaEncryptionKeyId: KEY_ID,
      adoptAssetsAccessPointId: "fsap-0f1000000000000aa",
      adoptMysqlVolumeId: "vol-0f1000000000000aa",
      adoptMysqlZone: "eu-west-1a",
      adoptMysqlCredentials: "/old/passwords",
      adoptBackupVault: "old-vault",
      adoptBackupKeyId: KEY_ID,
      adoptBackupRole: "old-role",
    },
  },
  { name: "adoptedBucket", stack: "prod", changes: { assetsStorage: "s3", adoptBucketName: "old-bucket" } },
  { name: "snapshot", stack: "dev", changes: { mysqlSnapshotId: "snap-0f1000000000000aa" } },
  {
    name: "privateApi",
    stack: "prod",
    changes: {
      natGateways: "single",
      apiAccess: "private",
      runnerInsideVpc: true,
      administrators: ["arn:aws:iam::777701019999:role/a"],
      viewers: ["arn:aws:iam::777701019999:role/b"],
    },
  },
];
