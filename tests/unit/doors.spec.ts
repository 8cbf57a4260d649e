import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components/index";
import { RECORDS } from "../../components/checks/argumentForms";
import { type Key, keys } from "../../config/keys";
import { checkConfiguration } from "../../config/check";
import { type Argument, argumentsOfComponents } from "../support/doors";
import { configurationOf, defaults } from "../support/program";

/** A value that is right, and one that must be refused at every door. */
type Check = [right: unknown, wrong: unknown];

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
const checks: Record<string, Check> = {
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
const free: Record<string, string> = {
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
function rowOf<T>(table: Record<string, T>, { component, path: of }: Argument): [string, T] | undefined {
  const names = [component, ...of.split(".").filter((it) => it !== "*")];
  for (const from of names.keys()) {
    for (let to = names.length; to > from; to -= 1) {
      const name = names.slice(from, to).join(".");
      if (name in table && (to === names.length || name in free)) return [name, table[name]!];
    }
  }
  return undefined;
}

const all = argumentsOfComponents();
const isFree = (it: Argument) => it.type === "boolean" || rowOf(free, it) !== undefined;
const checked = all.filter((it) => rowOf(checks, it) && !isFree(it));

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
function argumentsWith(argument: Argument, value: unknown): object {
  const { component, path: of, optional } = argument;
  const needed = all.filter((it) => it.component === component && it.optional.every((part) => optional.includes(part)));
  const right = needed.reduce((args, it) => {
    const [, [first] = [undefined]] = rowOf(checks, it) ?? [];
    return set(args, it.path.split("."), first ?? (it.type === "boolean" ? true : "x"), "") as Record<string, unknown>;
  }, {});
  return set(right, of.split("."), value) as object;
}

/** What some arguments are checked beside, or go with. */
const beside: Record<string, object> = {
  "Backups.complianceGraceInDays": { lock: "compliance", complianceConfirmation: "irrevocable", retention: "retain" },
  "Backups.adoptKeyId": { adopt: true },
  "Backups.adoptRole": { adopt: true, adoptKeyId: KEY_ID },
  "CsiDriver.bucketArns.*": { kind: "s3" },
};

/** What a constructor says of one argument. */
function saidOf(argument: Argument, value: unknown): string[] {
  const { component, path: of } = argument;
  const Component = (components as unknown as Record<string, new (name: string, args: object) => unknown>)[component]!;
  const [first] = of.split(".");
  try {
    // An argument that no component has, with another mistake: nothing is ever made.
    new Component("door", {
      ...argumentsWith(argument, value),
      ...beside[`${component}.${of}`],
      other: "111122223333",
    });
  } catch (error) {
    assert.ok(pulumi.RunError.isInstance(error), (error as Error).stack);
    return error.message.split("\n").filter((line) => new RegExp(`^  - ${first!}\\b`).test(line));
  }
  return assert.fail("the constructor doesn't begin with assertArguments");
}

describe("the doors: every argument of every component", () => {
  it("is found by its type", () => {
    const classes = Object.keys(components).filter((it) => /^class /.test(String(Object(components)[it])));
    assert.deepEqual([...new Set(all.map(({ component }) => component))].sort(), classes.sort());
  });

  it("is checked, or needs no check for a reason", () => {
    const forgotten = all.filter((it) => !isFree(it) && !rowOf(checks, it));
    assert.deepEqual(
      forgotten.map(({ component, path: of, type }) => `${component}.${of}: ${type}`),
      [],
      "a new argument needs a row in this file's table, and a form in components/checks/argumentForms.ts",
    );
  });

  it("is in no row of the tables that nothing uses", () => {
    const used = all.flatMap((it) => [rowOf(checks, it)?.[0], rowOf(free, it)?.[0]]);
    const rows = [...Object.keys(checks), ...Object.keys(free)].filter((it) => it !== "boolean");
    assert.deepEqual(
      rows.filter((it) => !used.includes(it)),
      [],
    );
  });

  it("has keys of the user's own where it is a record", () => {
    const records = all.flatMap(({ path: of }) => (/^(\w+)\.\*/.exec(of) ? [of.split(".*")[0]!] : []));
    const lists = ["zones", "controlPlaneZones", "instanceTypes", "apiAccessCidrs", "addonNames"];
    assert.deepEqual([...new Set(records)].filter((it) => !lists.includes(it)).sort(), [...RECORDS].sort());
  });

  for (const argument of checked) {
    const [, [, wrong]] = rowOf(checks, argument)!;
    it(`${argument.component}.${argument.path} is refused as ${inspect(wrong)}`, () => {
      const [, [right]] = rowOf(checks, argument)!;
      const refused = saidOf(argument, wrong);
      assert.ok(
        refused.some((line) => line.includes(inspect(wrong)) || line.includes(String(wrong))),
        `said of it: ${refused.join() || "nothing"}`,
      );
      if (right !== undefined) assert.deepEqual(saidOf(argument, right), [], "the right value is taken");
    });
  }
});

/** What each key of the configuration gives to a component, or why it needs no check but its own. */
const keysOf: Partial<Record<Key, string>> = {
  accountId: "accountId",
  region: "region",
  zones: "zones",
  controlPlaneZones: "controlPlaneZones",
  vpcCidr: "cidrBlock",
  natGateways: "natGateways",
  retention: "retention",
  kubernetesVersion: "kubernetesVersion",
  apiAccess: "apiAccess",
  apiAccessCidrs: "apiAccessCidrs",
  defaultEbsKeyConfirmation: "defaultEbsKeyConfirmation",
  assumeRoleArn: "assumeRoleArn",
  rolePermissionsBoundaryArn: "roles.permissionsBoundaryArn",
  rolePath: "roles.path",
  roleNamePrefix: "roles.namePrefix",
  administrators: "principalArn",
  viewers: "principalArn",
  deployerRoleArn: "principalArn",
  instanceTypes: "instanceTypes",
  nodesPerZone: "nodesPerZone",
  vpcCniVersion: "vpcCni",
  kubeProxyVersion: "kubeProxy",
  corednsVersion: "coredns",
  podIdentityAgentVersion: "podIdentityAgent",
  efsCsiDriverVersion: "version",
  ebsCsiDriverVersion: "version",
  s3CsiDriverVersion: "version",
  snapshotControllerVersion: "version",
  containerInsightsVersion: "version",
  efsThroughputMode: "throughputMode",
  efsProvisionedThroughputInMibps: "provisionedThroughputInMibps",
  efsToInfrequentAccess: "toInfrequentAccess",
  efsToArchive: "toArchive",
  efsMountAccess: "mountAccess",
  efsReplicaRegion: "region",
  ebsIops: "iops",
  ebsThroughputInMibps: "throughputInMibps",
  drainTimeoutInMinutes: "drainTimeoutInMinutes",
  assetsImage: "image",
  assetsReplicas: "replicas",
  assetsPath: "efs.path",
  assetsUid: "uid",
  assetsGid: "gid",
  catalogImage: "image",
  catalogReplicas: "replicas",
  mysqlImage: "mysqlImage",
  mysqlStorage: "storage",
  mysqlZone: "databaseZone",
  backupSchedule: "schedule",
  backupRetentionInDays: "retentionInDays",
  backupLock: "lock",
  backupComplianceConfirmation: "complianceConfirmation",
  alarmTopicArn: "topicArn",
  existingVpcId: "vpcId",
  existingPrivateSubnetIds: "subnetIds",
  existingClusterName: "clusterName",
  existingFileSystemId: "fileSystemId",
  existingFileSystemSecurityGroupId: "securityGroupId",
  existingBucketName: "bucketName",
  existingKeyArn: "kmsKeyArn",
  adoptBackupVault: "vaultName",
  adoptBackupKeyId: "adoptKeyId",
  adoptBackupRole: "adoptRole",
  mysqlSnapshotId: "snapshotId",
  adoptEncryptionKeyId: "EncryptionKey.adoptId",
  adoptFileSystemId: "FileSystem.adoptId",
  adoptReplicaFileSystemId: "FileSystemReplica.adoptId",
  adoptReplicaEncryptionKeyId: "EncryptionKey.adoptId",
  adoptAssetsAccessPointId: "accessPoints.adoptId",
  adoptBucketName: "bucketName",
  adoptMysqlVolumeId: "volumeId",
  adoptMysqlZone: "adoptDisk.zone",
  adoptMysqlCredentials: "credentialsParameter",
};

/** Keys that give no component's argument, or one that needs no check; their own specs refuse what is wrong. */
const freeKeys: Partial<Record<Key, string>> = {
  name: "What names are derived from: stackName.spec.ts.",
  tags: free["tags"]!,
  encryptionKey: "Whether there is a key.",
  confirmDeleteInProd: "A word.",
  runnerInsideVpc: free["boolean"]!,
  efsBackOnAccess: free["boolean"]!,
  assetsStorage: "Which component there is.",
  assetsProvisioning: "Which component there is.",
};

describe("the doors: every key of the configuration", () => {
  it("gives a checked argument, or needs no check for a reason", () => {
    assert.deepEqual([...Object.keys(keysOf), ...Object.keys(freeKeys)].sort(), Object.keys(keys).sort());
  });

  for (const [name, argument] of Object.entries(keysOf)) {
    it(`${name} is refused by its name, as ${argument} is`, () => {
      const [, wrong] = checks[argument]!;
      const value = /^\[/.test(keys[name as Key].example) ? [wrong, "eu-west-1a"] : wrong;
      const given = name === "existingPrivateSubnetIds" ? { "eu-west-1a": wrong } : value;
      const { violations } = checkConfiguration({
        ...{ project: "eks-storage", stack: "dev", defaults },
        values: configurationOf("dev", { [name]: given }),
      });
      const said = violations.filter((it) => it.argument === `eks-storage:${name}`);
      assert.ok(
        said.some(({ actual }) => inspect(actual).includes(String(wrong))),
        `said: ${inspect(violations.map((it) => it.argument))}`,
      );
    });
  }
});
