import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as components from "../../components/index";
import { RECORDS } from "../../components/checks/argumentForms";
import { type Key, keys } from "../../config/keys";
import { checkConfiguration } from "../../config/check";
import type { Argument } from "../support/doors";
import { all, argumentsWith, beside, checked, checks, free, isFree, refusalOf, rowOf } from "../support/rightArguments";
import { configurationOf, defaults } from "../support/program";

/** What a constructor says of one argument. */
function saidOf(argument: Argument, value: unknown): string[] {
  const { component, path: of } = argument;
  const [first] = of.split(".");
  const said = refusalOf(component, { ...argumentsWith(argument, value), ...beside[`${component}.${of}`] });
  return said.split("\n").filter((line) => new RegExp(`^  - ${first!}\\b`).test(line));
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
      "a new argument needs a row in tests/support/rightArguments.ts, and a form in components/checks/argumentForms.ts",
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
