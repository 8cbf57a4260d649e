import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components/index";
import { RECORDS } from "../../components/checks/argumentForms";
import { type Argument, argumentsOfComponents } from "./doors";

/** A value that is right, and one that must be refused at every door. */
export type Check = [right: unknown, wrong: unknown];

const KEY = "arn:aws:kms:eu-west-1:111101013333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const version: Check = ["v1.64.0-eksbuild.1", "1.64"];
const image: Check = ["registry.example.com/web:1.2.3", "registry.example.com/web:latest"];
const zone: Check = ["eu-west-1a", "euw1-az1"];
const fileSystemId: Check = ["fs-11111111", "fs-1"];
const securityGroupId: Check = ["sg-11111111", "default"];
const subnetId: Check = ["subnet-11111111", "vpc-11111111"];
const posixId: Check = [999, 0];
const path: Check = ["/assets", "/"];
const kubernetesName: Check = ["shop", "Shop!"];
const days: Check = [30, 31];
const key: Check = [KEY, "alias/shop"];
const vault: Check = ["shop-prod", "a vault"];

/**
 * What is checked of an argument, by its name in any component. Where a name has several meanings, what it is in comes
 * before it. Each is refused at every door: the constructor of each component that has the argument, and the key of the
 * configuration that gives it.
 */
export const checks: Record<string, Check> = {
  accountId: ["111101013333", "111122223333"],
  partition: ["aws", "amazon"],
  region: ["eu-west-1", "Ireland"],
  vpcId: ["vpc-11111111", "vpc-1"],
  ...{ subnetIds: subnetId, privateSubnetIds: subnetId, securityGroupId, clients: securityGroupId },
  ...{ zones: zone, controlPlaneZones: zone, databaseZone: zone, "adoptDisk.zone": zone },
  cidrBlock: ["10.0.0.0/16", "10.0.0.0/8"],
  natGateways: ["single", "none"],
  ...{ fileSystemId, "fileSystem.id": fileSystemId, sourceFileSystemId: fileSystemId, adoptSourceId: fileSystemId },
  ...{ "FileSystem.adoptId": fileSystemId, "FileSystemReplica.adoptId": fileSystemId },
  "fileSystem.arn": ["arn:aws:elasticfilesystem:eu-west-1:111101013333:file-system/fs-11111111", "fs-11111111"],
  ...{ accessPointId: ["fsap-11111111", "fs-11111111"], "accessPoints.adoptId": ["fsap-11111111", "fs-11111111"] },
  ...{ "accessPoints.path": path, "efs.path": path, basePath: path },
  permissions: ["0750", "rwxr-x---"],
  ...{ uid: posixId, gid: posixId },
  ...{ mountAccess: ["network", "everybody"], performanceMode: ["generalPurpose", "fast"] },
  ...{ throughputMode: ["elastic", "fast"], provisionedThroughputInMibps: [undefined, 0] },
  ...{ toInfrequentAccess: ["AFTER_30_DAYS", "AFTER_31_DAYS"], toArchive: ["NEVER", "AFTER_31_DAYS"] },
  ...{ kmsKeyId: key, kmsKeyArn: key, keyArn: key, defaultEbsKeyConfirmation: key },
  ...{
    "EncryptionKey.adoptId": [KEY_ID, "alias/shop"],
    adoptKeyId: [KEY_ID, "alias/shop"],
    alias: ["shop", "aws/ebs"],
  },
  ...{ vaultName: vault, backupVaultName: vault, tagValue: ["shop", ""], backupTagValue: ["shop", ""] },
  schedule: ["cron(0 2 * * ? *)", "0 2 * * *"],
  retentionInDays: [30, 0],
  ...{ lock: ["governance", "strict"], complianceConfirmation: [undefined, "yes"] },
  complianceGraceInDays: [undefined, 1],
  adoptRole: ["backup", "arn:aws:iam::111101013333:role/backup"],
  ...{ "roles.permissionsBoundaryArn": ["arn:aws:iam::aws:policy/PowerUserAccess", "PowerUserAccess"] },
  ...{ "roles.path": ["/storage/", "storage"], "roles.namePrefix": ["team-a-", "team a"] },
  assumeRoleArn: ["arn:aws:iam::111101013333:role/a", "arn:aws:iam::111101013333:user/a"],
  principalArn: ["arn:aws:iam::111101013333:role/a", "arn:aws:iam::111101013333:group/a"],
  access: ["AmazonEKSAdminViewPolicy", "admin"],
  ...{ retention: ["delete", "keep"], reclaimPolicy: ["Retain", "retain"], deletionPolicy: ["Retain", "retain"] },
  ...{ bucketName: ["shop-images", "shop.images"], "s3.prefix": ["images/", "/images"] },
  bucketArns: ["arn:aws:s3:::shop-images", "shop-images"],
  noncurrentVersionsInDays: [30, 0],
  ...{ snapshotId: ["snap-11111111", "vol-11111111"], volumeId: ["vol-11111111", "snap-11111111"] },
  ...{ storage: ["20Gi", "20GB"], iops: [3000, 100], throughputInMibps: [125, 1] },
  ...{ kind: ["ebs", "fsx"], clusterName: ["shop", "a shop"], kubernetesVersion: ["1.35", "1.35.1"] },
  "ContainerInsights.version": ["v6.2.0-eksbuild.1", "1.64"],
  ...{ version, vpcCni: version, kubeProxy: version, coredns: version, podIdentityAgent: version },
  addonNames: ["aws-efs-csi-driver", "EFS"],
  ...{ apiAccess: ["private", "open"], apiAccessCidrs: ["198.18.0.0/24", "10.0.0.0/8"] },
  ...{ instanceTypes: ["m7i.large", "m7g.large"], nodesPerZone: [1, 0], nodeDiskSizeInGib: [50, 0] },
  ...{ volumeAttachLimit: [25, 0], "load.pods": [1, -1], "load.memoryInMib": [1, -1], "load.largestPodInMib": [1, -1] },
  ...{ logRetentionInDays: days, flowLogRetentionInDays: days, drainTimeoutInMinutes: [10, -1] },
  topicArn: ["arn:aws:sns:eu-west-1:111101013333:storage", "arn:aws:sns:eu-west-1:111101013333:storage.fifo"],
  ...{
    className: kubernetesName,
    storageClassName: kubernetesName,
    claimName: kubernetesName,
    namespace: kubernetesName,
  },
  ...{ "claim.name": kubernetesName, accessMode: ["ReadWriteMany", "ReadOnly"], replicas: [2, 0] },
  ...{ image, mysqlImage: image },
  ...{ credentialsParameter: ["/shop/mysql", "shop mysql"], recordParameter: ["/shop/kept", "shop/kept"] },
};

/** Arguments that are right whatever they are, and why. */
export const free: Record<string, string> = {
  boolean: "It is one or the other.",
  argumentNames: "Words for messages.",
  tags: "AWS's rules for tags are each service's own.",
  fileSystemName: "Any words: they are hashed, and part of a resource's name in Pulumi.",
  kubeconfig: "A cluster's output; what is wrong with it the cluster's API says.",
  makes: "Names that are looked for, and that other components check.",
  configuration: "What people are told.",
  adopted: "What people are told.",
  "claim.volumeKey": "What people are told.",
  "claim.zoneKey": "What people are told.",
  "claim.credentialsKey": "What people are told.",
};

/** What of a table holds for an argument: by as many of its last names as are in it. */
export function rowOf<T>(table: Record<string, T>, { component, path: of }: Argument): [string, T] | undefined {
  const names = [component, ...of.split(".").filter((it) => it !== "*")];
  for (const from of names.keys()) {
    for (let to = names.length; to > from; to -= 1) {
      const name = names.slice(from, to).join(".");
      if (name in table && (to === names.length || name in free)) return [name, table[name]!];
    }
  }
  return undefined;
}

export const all = argumentsOfComponents();
export const isFree = (it: Argument) => it.type === "boolean" || rowOf(free, it) !== undefined;
export const checked = all.filter((it) => rowOf(checks, it) && !isFree(it));

/** Sets a value by its path; a record gets the key `a`, or a zone's name. */
function set(args: Record<string, any>, names: string[], value: unknown, before = ""): unknown {
  const [name, ...rest] = names as [string, ...string[]];
  if (name !== "*") return { ...args, [name]: rest.length ? set(args[name] ?? {}, rest, value, name) : value };
  const isList = !RECORDS.includes(before);
  if (isList) return before === "controlPlaneZones" || before === "zones" ? ["eu-west-1b", value] : [value];
  const at = before.endsWith("ubnetIds") ? ["eu-west-1a", "eu-west-1b"] : ["a"];
  return Object.fromEntries(at.map((it) => [it, rest.length ? set(args[it] ?? {}, rest, value, it) : value]));
}

/** A component's arguments with one of them as given, and beside it only those that must be there. */
export function argumentsWith(argument: Argument, value: unknown): object {
  const { component, path: of, optional } = argument;
  const needed = all.filter((it) => it.component === component && it.optional.every((part) => optional.includes(part)));
  const right = needed.reduce((args, it) => {
    const [, [first] = [undefined]] = rowOf(checks, it) ?? [];
    return set(args, it.path.split("."), first ?? (it.type === "boolean" ? true : "x"), "") as Record<string, unknown>;
  }, {});
  return set(right, of.split("."), value) as object;
}

/** What some arguments are checked beside, or go with. */
export const beside: Record<string, object> = {
  "Backups.complianceGraceInDays": { lock: "compliance", complianceConfirmation: "irrevocable", retention: "retain" },
  "Backups.adoptKeyId": { adopt: true },
  "Backups.adoptRole": { adopt: true, adoptKeyId: KEY_ID },
  "CsiDriver.bucketArns.*": { kind: "s3" },
};

type Component = new (name: unknown, args: object, opts?: pulumi.ComponentResourceOptions) => pulumi.ComponentResource;

/** A component by the name of its class. */
export const componentOf = (name: string) => (components as unknown as Record<string, Component>)[name]!;

/**
 * What a constructor says of arguments. There is another mistake beside them, an example in an argument that no component has:
 * nothing is ever made.
 */
export function refusalOf(component: string, args: object, name: unknown = "door"): string {
  try {
    new (componentOf(component))(name, { ...args, other: "111122223333" });
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), (error as Error).stack);
    return error.message;
  }
  return assert.fail("the constructor doesn't begin with assertArguments");
}
