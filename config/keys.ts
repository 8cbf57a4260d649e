import { z } from "zod";
import { BackupLock, COMPLIANCE_CONFIRMATION, LONGEST_RETENTION_IN_DAYS } from "../components/backup/backupLock";
import {
  ACCOUNT_ID,
  ADDON_VERSION,
  CLUSTER_NAME,
  DISK_SIZE,
  ec2Id,
  efsId,
  IMAGE,
  INSTANCE_TYPE,
  KMS_KEY_ARN,
  KMS_KEY_ID,
  KUBERNETES_VERSION,
  PARAMETER,
  PRINCIPAL_ARN,
  REGION,
  ROLE_ARN,
  ROLE_NAME,
  VAULT_NAME,
} from "../components/checks/awsForms";
import { IOPS, THROUGHPUT } from "../components/csi/gp3";
import { ThroughputMode, TransitionAfter } from "../components/efs/fileSystemSettings";
import { MountAccess } from "../components/efs/mountAccess";
import { ApiAccess } from "../components/eks/apiAccess";
import { ROLE_RULE_FORMS } from "../components/iam/roleRules";
import { EncryptionKeyOwner } from "../components/kms/encryptionKeyOwner";
import { NatGateways } from "../components/network/natGateways";
import { partitionOf } from "../components/partitions";
import { Retention } from "../components/retention/retention";
import { validateBucketName } from "../components/s3/bucketName";
import { AssetsProvisioning, AssetsStorage } from "../components/workloads/assetsStorage";

/**
 * One key: what its value must be, in the words of the error message; a value that it takes, as a stack's file has it;
 * and the type that says so.
 */
const key = <T extends z.ZodType>(expected: string, example: string, type: T) => ({ expected, example, type });

const text = (expected: string, example: string, form = /./) => key(expected, example, z.string().regex(form));

const count = (from: number, to: number, example: string) =>
  key(
    `a whole number from ${from} to ${to}`,
    example,
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .pipe(z.number().min(from).max(to)),
  );

/** A number whose limits a constraint checks. */
const wholeNumber = (example: string) =>
  key(
    "a whole number",
    example,
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  );

/** Lists and records arrive as JSON. */
const json = <T extends z.ZodType>(expected: string, example: string, type: T) =>
  key(
    expected,
    example,
    z.preprocess((value) => parsed(value), type),
  );

const EXAMPLE_REGION = "eu-west-1";
const EXAMPLE_ROLE = `arn:${partitionOf(EXAMPLE_REGION)}:iam::111122223333:role/deployer`;
const roles = json(
  "a list of ARNs of IAM roles or users",
  `[${EXAMPLE_ROLE}]`,
  z.array(z.string().regex(PRINCIPAL_ARN, "not a role's ARN")),
);

const EXAMPLE_KEY_ARN = `arn:${partitionOf(EXAMPLE_REGION)}:kms:${EXAMPLE_REGION}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const BUCKET = { test: (name: string) => validateBucketName(name).length === 0 };

const choice = <T extends Record<string, string>>(values: T) =>
  key(`one of ${Object.values(values).join(", ")}`, Object.values(values)[0]!, z.enum(values));

const version = text("an add-on's version", "v1.64.0-eksbuild.1", ADDON_VERSION);

const image = text(
  "an image with a tag other than latest, or with a digest",
  "registry.example.com/shop/web:1.2.3",
  IMAGE,
);

const trueOrFalse = key(
  "true or false",
  "true",
  z.enum(["true", "false"]).transform((value) => value === "true"),
);

/** A text that may be left out. */
const optional = (form: Pick<RegExp, "test">, example: string) =>
  key(
    "of the form shown, or left out",
    example,
    z
      .string()
      .refine((value) => value === "" || form.test(value))
      .transform((value) => value || undefined),
  );

/**
 * Every key of the project. Pulumi.yaml has their types, descriptions and defaults; constraints/ says what a value must
 * be beside the others.
 */
export const keys = {
  accountId: text("an AWS account id: twelve digits, in quotes", '"111122223333"', ACCOUNT_ID),
  name: optional(/^[a-z][a-z0-9-]{0,98}[a-z0-9]$/, "eks-storage-prod"),
  region: text("the name of an AWS region: commercial, GovCloud or China", EXAMPLE_REGION, REGION),
  tags: json("tags by name", '{ team: "web" }', z.record(z.string(), z.string())),
  zones: json(
    "a list of at least two availability zones: EKS requires them",
    "[eu-west-1a, eu-west-1b]",
    z.array(z.string()).min(2),
  ),
  controlPlaneZones: json(
    "a list of at least two of the zones",
    "[eu-west-1a, eu-west-1b]",
    z.array(z.string()).min(2),
  ),
  vpcCidr: text("an IPv4 range", "10.0.0.0/16"),
  natGateways: choice(NatGateways),
  retention: choice(Retention),
  encryptionKey: choice(EncryptionKeyOwner),
  confirmDeleteInProd: optional(/^\S+$/, "prod"),
  kubernetesVersion: text("a Kubernetes minor version in quotes", '"1.35"', KUBERNETES_VERSION),
  apiAccess: choice(ApiAccess),
  apiAccessCidrs: json("a list of IPv4 networks", "[203.0.113.0/24]", z.array(z.cidrv4())),
  runnerInsideVpc: trueOrFalse,
  defaultEbsKeyConfirmation: optional(KMS_KEY_ARN, EXAMPLE_KEY_ARN),
  deployerRoleArn: optional(PRINCIPAL_ARN, EXAMPLE_ROLE),
  assumeRoleArn: optional(ROLE_ARN, EXAMPLE_ROLE),
  rolePermissionsBoundaryArn: optional(
    ROLE_RULE_FORMS.permissionsBoundaryArn,
    `arn:${partitionOf(EXAMPLE_REGION)}:iam::111122223333:policy/boundary`,
  ),
  rolePath: optional(ROLE_RULE_FORMS.path, "/storage/"),
  roleNamePrefix: optional(ROLE_RULE_FORMS.namePrefix, "team-a-"),
  administrators: roles,
  viewers: roles,
  instanceTypes: json(
    "a list of at least one EC2 instance type, none of them Graviton: the nodes' image is for x86",
    "[m7i.large]",
    z.array(z.string().regex(INSTANCE_TYPE)).min(1),
  ),
  nodesPerZone: count(1, 100, "2"),
  vpcCniVersion: version,
  kubeProxyVersion: version,
  corednsVersion: version,
  podIdentityAgentVersion: version,
  efsCsiDriverVersion: version,
  ebsCsiDriverVersion: version,
  s3CsiDriverVersion: version,
  efsThroughputMode: choice(ThroughputMode),
  efsProvisionedThroughputInMibps: key(
    "a whole number, or left out",
    "128",
    z
      .string()
      .regex(/^(\d{1,15})?$/)
      .transform((value) => (value ? Number(value) : undefined)),
  ),
  efsToInfrequentAccess: choice(TransitionAfter),
  efsToArchive: choice(TransitionAfter),
  efsBackOnAccess: trueOrFalse,
  efsMountAccess: choice(MountAccess),
  efsReplicaRegion: optional(REGION, "eu-central-1"),
  snapshotControllerVersion: version,
  ebsIops: count(IOPS.least, IOPS.most, "6000"),
  ebsThroughputInMibps: count(THROUGHPUT.least, THROUGHPUT.most, "250"),
  drainTimeoutInMinutes: count(0, 1440, "10"),
  assetsImage: image,
  assetsReplicas: count(0, 1000, "2"),
  assetsStorage: choice(AssetsStorage),
  assetsProvisioning: choice(AssetsProvisioning),
  assetsPath: text("a directory of the file system", "/assets"),
  assetsUid: wholeNumber("999"),
  assetsGid: wholeNumber("999"),
  catalogImage: image,
  catalogReplicas: count(0, 1000, "2"),
  mysqlImage: image,
  mysqlStorage: text("a size with its unit, Gi or Ti", "20Gi", DISK_SIZE),
  mysqlZone: text("one of the zones", "eu-west-1a"),
  backupSchedule: text("a cron schedule of six fields", "cron(0 2 * * ? *)", /^cron\(\S+( \S+){5}\)$/),
  backupRetentionInDays: count(1, LONGEST_RETENTION_IN_DAYS, "30"),
  backupLock: choice(BackupLock),
  backupComplianceConfirmation: optional(new RegExp(`^${COMPLIANCE_CONFIRMATION}$`), COMPLIANCE_CONFIRMATION),
  alarmTopicArn: optional(/^\S+$/, `arn:${partitionOf(EXAMPLE_REGION)}:sns:${EXAMPLE_REGION}:111122223333:storage`),
  containerInsightsVersion: optional(ADDON_VERSION, "v6.2.0-eksbuild.1"),
  existingVpcId: optional(ec2Id("vpc"), "vpc-0123456789abcdef0"),
  existingPrivateSubnetIds: json(
    "subnet ids by zone",
    "{ eu-west-1a: subnet-0123456789abcdef0 }",
    z.record(z.string(), z.string().regex(ec2Id("subnet"))),
  ),
  existingClusterName: optional(CLUSTER_NAME, "shop"),
  existingFileSystemId: optional(efsId("fs"), "fs-0123456789abcdef0"),
  existingFileSystemSecurityGroupId: optional(ec2Id("sg"), "sg-0123456789abcdef0"),
  existingBucketName: optional(BUCKET, "shop-images"),
  existingKeyArn: optional(KMS_KEY_ARN, EXAMPLE_KEY_ARN),
  adoptBackupVault: optional(VAULT_NAME, "eks-storage-prod"),
  adoptBackupKeyId: optional(KMS_KEY_ID, "1234abcd-12ab-34cd-56ef-1234567890ab"),
  adoptBackupRole: optional(ROLE_NAME, "eks-storage-prod-backup-1a2b3c4"),
  mysqlSnapshotId: optional(ec2Id("snap"), "snap-0123456789abcdef0"),
  adoptEncryptionKeyId: optional(KMS_KEY_ID, "1234abcd-12ab-34cd-56ef-1234567890ab"),
  adoptFileSystemId: optional(efsId("fs"), "fs-0123456789abcdef0"),
  adoptReplicaFileSystemId: optional(efsId("fs"), "fs-0123456789abcdef0"),
  adoptReplicaEncryptionKeyId: optional(KMS_KEY_ID, "1234abcd-12ab-34cd-56ef-1234567890ab"),
  adoptAssetsAccessPointId: optional(efsId("fsap"), "fsap-0123456789abcdef0"),
  adoptBucketName: optional(BUCKET, "eks-storage-prod-assets-111122223333"),
  adoptMysqlVolumeId: optional(ec2Id("vol"), "vol-0123456789abcdef0"),
  adoptMysqlZone: optional(/^[a-z0-9-]+$/, "eu-west-1a"),
  adoptMysqlCredentials: optional(PARAMETER, "/eks-storage-prod/catalog-mysql"),
};

export type Key = keyof typeof keys;

/** The configuration of one stack: parsed, checked, defaulted. */
export type Settings = { [Name in Key]: z.output<(typeof keys)[Name]["type"]> };

/** What a value is in the stack's file: lists and records from their JSON, anything else as it is. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
