import { BackupLock } from "../backup/backupLock";
import { CsiDriverKind } from "../csi/csiDriverKind";
import { ReclaimPolicy } from "../csi/reclaimPolicy";
import { PerformanceMode, ThroughputMode, TransitionAfter } from "../efs/fileSystemSettings";
import { MountAccess } from "../efs/mountAccess";
import { ApiAccess } from "../eks/apiAccess";
import { ClusterAccess } from "../eks/clusterAccess";
import { NatGateways } from "../network/natGateways";
import { Retention } from "../retention/retention";
import { AccessMode } from "../volumes/accessModes";
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
} from "./awsForms";
import { validateExamples } from "./examples";
import type { Violation } from "./violations";

/** What a value must be by itself, beside what a component's own checks say of it. */
export interface Form {
  expected: string;
  test: (value: unknown) => boolean;
  fix: string;
}

const text = (expected: string, form: RegExp, fix = "AWS refuses others."): Form => ({
  expected,
  test: (value) => typeof value === "string" && form.test(value),
  fix,
});

const whole = (from: number, to: number): Form => ({
  expected: `a whole number from ${from} to ${to}`,
  test: (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
  fix: "AWS refuses others.",
});

const oneOf = (values: Record<string, unknown> | readonly unknown[], fix = "There are no others."): Form => ({
  expected: `one of ${Object.values(values).join(", ")}`,
  test: (value) => Object.values(values).includes(value),
  fix,
});

const version = text(
  "an add-on's version, such as v1.64.0-eksbuild.1",
  ADDON_VERSION,
  "aws eks describe-addon-versions lists them.",
);
const key = text(
  "the ARN of a KMS key",
  KMS_KEY_ARN,
  "aws kms describe-key --key-id alias/NAME prints it; an alias or an id alone isn't enough.",
);
const keyId = text("the id of a KMS key of one region", KMS_KEY_ID, "aws kms list-keys lists them.");
const fileSystemId = text("an EFS file system's id, fs-…", efsId("fs"), "aws efs describe-file-systems lists them.");
const accessPointId = text("an access point's id, fsap-…", efsId("fsap"), "aws efs describe-access-points lists them.");
const securityGroupId = text(
  "a security group's id, sg-…",
  ec2Id("sg"),
  "aws ec2 describe-security-groups lists them.",
);
const subnetId = text("a subnet's id, subnet-…", ec2Id("subnet"), "aws ec2 describe-subnets lists them.");
const zone = text(
  "an availability zone by name, such as eu-west-1a",
  /^[a-z]{2}(-[a-z]+)+-\d[a-h]$/,
  "No zone ids, Local or Wavelength Zones: aws ec2 describe-availability-zones lists them.",
);
const label = text(
  "a name as Kubernetes takes it: at most 63 lower-case letters, digits and dashes",
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
);
const className = text(
  "a name as Kubernetes takes it: lower-case letters, digits, dashes and dots",
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
);
const cluster = text("an EKS cluster's name", CLUSTER_NAME, "aws eks list-clusters lists them.");
const vault = text(
  "2 to 50 letters, digits, dashes and underscores",
  VAULT_NAME,
  "AWS Backup takes no other names for a vault.",
);
const tagValue = text(
  "1 to 256 letters, digits, spaces and _ . : / = + - @",
  /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u,
  "AWS takes no others as a tag's value.",
);
const image = text(
  "an image with a tag other than latest, or with a digest",
  IMAGE,
  "What runs must not change under its name.",
);
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const logRetention = oneOf(
  [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
  "CloudWatch keeps logs for no other number of days.",
);

/**
 * What arguments must be, by name: one name means one thing in every component, so that what is refused of one is refused of
 * all. Where one name has several meanings, what it is in comes before it: `roles.path`, or the component: `Bucket.adopt`.
 */
export const argumentForms: Record<string, Form> = {
  accountId: text(
    "an AWS account id: twelve digits",
    ACCOUNT_ID,
    "aws sts get-caller-identity --query Account --output text prints yours.",
  ),
  partition: text("an AWS partition, such as aws", /^aws(-[a-z]+)*$/, "It is the second part of every ARN."),
  region: text(
    "the name of a commercial, GovCloud or China region, such as eu-west-1",
    REGION,
    "aws account list-regions lists yours.",
  ),
  vpcId: text("a VPC's id, vpc-…", ec2Id("vpc"), "aws ec2 describe-vpcs lists them."),
  ...{ subnetIds: subnetId, privateSubnetIds: subnetId, securityGroupId, clients: securityGroupId },
  ...{ zones: zone, controlPlaneZones: zone, databaseZone: zone, "adoptDisk.zone": zone },
  ...{ fileSystemId, "fileSystem.id": fileSystemId, sourceFileSystemId: fileSystemId, adoptSourceId: fileSystemId },
  ...{ "FileSystem.adoptId": fileSystemId, "FileSystemReplica.adoptId": fileSystemId },
  "fileSystem.arn": text(
    "the ARN of an EFS file system",
    /^arn:aws[a-z-]*:elasticfilesystem:[a-z0-9-]+:\d{12}:file-system\/fs-[0-9a-f]{8,40}$/,
  ),
  ...{ accessPointId, "accessPoints.adoptId": accessPointId },
  // https://docs.aws.amazon.com/efs/latest/ug/API_CreationInfo.html
  permissions: text(
    "permissions in octal, such as 0750",
    /^[0-7]{3,4}$/,
    "In YAML write them in the program, in quotes: otherwise, and as a configuration's value, they are read as a number.",
  ),
  ...{ kmsKeyId: key, kmsKeyArn: key, keyArn: key, defaultEbsKeyConfirmation: key },
  ...{ "EncryptionKey.adoptId": keyId, adoptKeyId: keyId },
  ...{ vaultName: vault, backupVaultName: vault, tagValue, backupTagValue: tagValue },
  adoptRole: text("a role's name, without its path", ROLE_NAME, "aws iam list-roles lists them."),
  assumeRoleArn: text("the ARN of an IAM role", ROLE_ARN, "aws iam list-roles lists them."),
  principalArn: text("the ARN of an IAM role or user", PRINCIPAL_ARN, "aws iam list-roles lists them."),
  bucketArns: text(
    "the ARN of a bucket",
    /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    "It is the partition's arn:…:s3::: and the bucket's name.",
  ),
  noncurrentVersionsInDays: whole(1, 2147483647),
  snapshotId: text("an EBS snapshot's id, snap-…", ec2Id("snap"), "aws ec2 describe-snapshots lists them."),
  volumeId: text("an EBS volume's id, vol-…", ec2Id("vol"), "aws ec2 describe-volumes lists them."),
  storage: text("a size with its unit, Gi or Ti", DISK_SIZE, "Such as 20Gi."),
  ...{
    clusterName: cluster,
    version,
    vpcCni: version,
    kubeProxy: version,
    coredns: version,
    podIdentityAgent: version,
    addonNames: label,
  },
  kubernetesVersion: text(
    "a Kubernetes minor version, such as 1.35",
    KUBERNETES_VERSION,
    "EKS chooses the patch. In YAML it stands in quotes: 1.30 without them is the number 1.3.",
  ),
  instanceTypes: text(
    "an EC2 instance type, not of Graviton: the nodes' image is for x86",
    INSTANCE_TYPE,
    "aws ec2 describe-instance-types lists them.",
  ),
  nodesPerZone: whole(1, 100),
  volumeAttachLimit: whole(1, 128),
  ...{ "load.pods": whole(0, 100_000), "load.memoryInMib": whole(0, 1e9), "load.largestPodInMib": whole(0, 1e9) },
  // https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
  nodeDiskSizeInGib: whole(1, 65536),
  ...{ logRetentionInDays: logRetention, flowLogRetentionInDays: logRetention },
  drainTimeoutInMinutes: whole(0, 1440),
  ...{ className, storageClassName: className, claimName: label, namespace: label, "claim.name": className },
  ...{ image, mysqlImage: image },
  ...{
    credentialsParameter: text("the name of an SSM parameter, such as /shop-prod/catalog-mysql", PARAMETER),
    recordParameter: text("a name that begins with /, such as /shop-prod/kept", PARAMETER),
  },
  ...{
    retention: oneOf(Retention),
    lock: oneOf(BackupLock),
    kind: oneOf(CsiDriverKind),
    mountAccess: oneOf(MountAccess),
  },
  ...{ reclaimPolicy: oneOf(ReclaimPolicy), deletionPolicy: oneOf(ReclaimPolicy), accessMode: oneOf(AccessMode) },
  ...{ throughputMode: oneOf(ThroughputMode), performanceMode: oneOf(PerformanceMode) },
  ...{ toInfrequentAccess: oneOf(TransitionAfter), toArchive: oneOf(TransitionAfter) },
  ...{ apiAccess: oneOf(ApiAccess), access: oneOf(ClusterAccess), natGateways: oneOf(NatGateways) },
};

/** Arguments whose keys a user chooses. */
export const RECORDS = [
  ...["accessEntries", "accessPoints", "bucketArns", "clients", "privateSubnetIds", "subnetIds"],
  ...["adopted", "argumentNames", "configuration", "tags"],
];

/** Words of the user's own, and what other components say: an example in them is no mistake. */
const VERBATIM = ["adopted", "argumentNames", "configuration", "kubeconfig", "tags"];

/** The form of an argument, by as many of its last names as it takes; keys of records are no names. */
export function formOf(component: string, names: string[]): Form | undefined {
  const all = [component, ...names.filter((_, index) => !RECORDS.includes(names[index - 1]!))];
  const suffixes = all.map((_, from) => all.slice(from).join("."));
  return suffixes.map((it) => argumentForms[it]).find((form) => form !== undefined);
}

/**
 * What is wrong with a component's arguments by themselves: their forms, and examples that were left in place. What isn't
 * known yet isn't looked at.
 *
 * @param args Arguments, or one of them, or what is in one.
 * @param names Where it is.
 */
export function validateForms(component: string, args: unknown, names: string[] = []): Violation[] {
  if (isPlain(args)) {
    return Object.entries(args).flatMap(([name, value]) => validateForms(component, value, [...names, name]));
  }
  const values = [args].flat().filter((value) => ["string", "number", "boolean"].includes(typeof value));
  const argument = names.join(".");
  const form = formOf(component, names);
  if (form && !values.every((value) => form.test(value))) {
    return [{ argument, expected: form.expected, actual: args, fix: form.fix }];
  }
  return VERBATIM.includes(names[0]!) ? [] : validateExamples({ [argument]: Array.isArray(args) ? values : args });
}

/** Neither an output nor a promise. */
const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
