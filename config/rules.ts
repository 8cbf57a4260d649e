import { AssetsStorage, EncryptionKeyOwner, gp3Problems, smallestDiskInGib } from "../components";
import { accessPointPathProblems } from "../components/accessPointPath";
import { apiAccessProblems } from "../components/apiAccess";
import { backupLockProblems, keptVaultProblems } from "../components/backupLock";
import { controlPlaneZonesProblems } from "../components/controlPlaneZones";
import { settingsProblems } from "../components/fileSystemSettings";
import { identityProblems } from "../components/posixIdentity";
import { type Problem, replicasProblems } from "../components/problems";
import { cidrProblems, zonesProblems } from "../components/subnets";
import type { Key, Settings } from "./keys";

/**
 * What values must be in the light of others, and what a component says about them.
 *
 * To add a rule: put it into {@link rules}, beside those about the same thing; add its two cases, accepted and refused
 * with the exact message, to tests/unit/configRules.spec.ts, which fails without them; `npm run docs` puts it into
 * docs/configuration.md. Where a component checks the same thing, the rule calls the component's own check with the
 * key's name for the argument's, so that both say the same.
 */
export interface Rule {
  /** Names the rule in documentation and tests. Never changes. */
  id: string;
  /** The key that is to be mended. */
  key: Key;
  /** What holds where the rule is kept, in a sentence for the documentation. */
  title: string;
  /** The keys that it looks at; it isn't asked where one of them is wrong in itself. */
  reads: readonly Key[];
  /** What is wrong, if anything; `stack` is the stack's name. */
  check: (settings: Settings, stack: string) => Problem[];
}

/** What must hold, or nothing where it does. What is found is the key's value. */
type Finding = { expected: string; mend: string } | false;

/** A rule in its short form: the check gets the keys that it reads, and answers with findings about its key. */
function rule<const Reads extends Key>(definition: {
  id: string;
  key: Key;
  title: string;
  reads: readonly Reads[];
  check: (settings: Pick<Settings, Reads>, stack: string) => Finding | Problem[];
}): Rule {
  const { check, ...rest } = definition;
  return {
    ...rest,
    check: (settings, stack) => {
      const found = check(settings, stack);
      if (Array.isArray(found)) return found;
      return found === false ? [] : [{ argument: rest.key, found: settings[rest.key], ...found }];
    },
  };
}

/** The problems of a component, with the keys in the places of the arguments that they fill. */
function under(names: Record<string, Key>, problems: Problem[]): Problem[] {
  const named = (text: string) =>
    Object.entries(names).reduce((words, [name, key]) => words.replaceAll(new RegExp(`\\b${name}\\b`, "g"), key), text);
  return problems.map(({ argument, expected, found, mend }) => ({
    argument: named(argument),
    expected: named(expected),
    found,
    mend: named(mend),
  }));
}

/** A size as mysqlStorage has it, in GiB. */
const inGib = (size: string) => parseInt(size) * (size.endsWith("Ti") ? 1024 : 1);

const listed = (values: string[]) => values.join(", ");

export const rules: Rule[] = [
  rule({
    id: "zones",
    key: "zones",
    title: "Zones are named once each, by their names in one region.",
    reads: ["zones"],
    check: ({ zones }) => zonesProblems("zones", zones),
  }),
  rule({
    id: "zones-in-region",
    key: "zones",
    title: "Zones lie in the region.",
    reads: ["zones", "region"],
    check: ({ zones, region }) => {
      const elsewhere = zones.filter((zone) => !zone.startsWith(region));
      return (
        elsewhere.length > 0 &&
        zonesProblems("zones", zones).length === 0 && {
          expected: `in the region ${region}: ${listed(elsewhere)} lie elsewhere`,
          mend: "Name the region's own zones, or set region.",
        }
      );
    },
  }),
  rule({
    id: "control-plane-zones",
    key: "controlPlaneZones",
    title: "The control plane reaches into at least two of the zones.",
    reads: ["controlPlaneZones", "zones"],
    check: ({ controlPlaneZones, zones }) => controlPlaneZonesProblems("controlPlaneZones", controlPlaneZones, zones),
  }),
  rule({
    id: "vpc-range",
    key: "vpcCidr",
    title: "The VPC's range is one that AWS takes, and large enough for a zone's share of it.",
    reads: ["vpcCidr"],
    check: ({ vpcCidr }) => cidrProblems("vpcCidr", vpcCidr),
  }),
  rule({
    id: "api-networks",
    key: "apiAccessCidrs",
    title: "A public API is open to named networks.",
    reads: ["apiAccess", "apiAccessCidrs"],
    check: ({ apiAccess, apiAccessCidrs }) => apiAccessProblems("apiAccessCidrs", apiAccess, apiAccessCidrs),
  }),
  rule({
    id: "assets-path",
    key: "assetsPath",
    title: "The assets' directory is one that an access point can have.",
    reads: ["assetsPath"],
    check: ({ assetsPath }) => accessPointPathProblems("assetsPath", assetsPath),
  }),
  rule({
    id: "assets-identity",
    key: "assetsUid",
    title: "The assets' files belong to a user and a group, never to root.",
    reads: ["assetsUid", "assetsGid"],
    check: ({ assetsUid, assetsGid }) =>
      under(
        { "assets.uid": "assetsUid", "assets.gid": "assetsGid" },
        identityProblems("assets", { uid: assetsUid, gid: assetsGid }),
      ),
  }),
  rule({
    id: "assets-replicas",
    key: "assetsReplicas",
    title: "The assets run in at least one pod.",
    reads: ["assetsReplicas"],
    check: ({ assetsReplicas }) => replicasProblems("assetsReplicas", assetsReplicas),
  }),
  rule({
    id: "catalog-replicas",
    key: "catalogReplicas",
    title: "The catalog runs in at least one pod.",
    reads: ["catalogReplicas"],
    check: ({ catalogReplicas }) => replicasProblems("catalogReplicas", catalogReplicas),
  }),
  rule({
    id: "mysql-zone",
    key: "mysqlZone",
    title: "A new database's disk lies in a zone with nodes.",
    reads: ["mysqlZone", "zones", "keptMysqlZone"],
    check: ({ mysqlZone, zones, keptMysqlZone }) =>
      keptMysqlZone === undefined &&
      !zones.includes(mysqlZone) && {
        expected: `one of the zones, ${listed(zones)}`,
        mend: "A disk can't leave its zone, so without nodes there nobody reaches it.",
      },
  }),
  rule({
    id: "ebs-iops",
    key: "ebsIops",
    title: "The database's disk is large enough for its IOPS.",
    reads: ["ebsIops", "mysqlStorage"],
    check: ({ ebsIops, mysqlStorage }) =>
      smallestDiskInGib(ebsIops) > inGib(mysqlStorage) && {
        expected: `at most 500 for each GiB of mysqlStorage, which is ${mysqlStorage}`,
        mend: "EC2 makes no such disk: choose fewer IOPS or a larger mysqlStorage.",
      },
  }),
  rule({
    id: "ebs-throughput",
    key: "ebsThroughputInMibps",
    title: "Disks have enough IOPS for their throughput.",
    reads: ["ebsIops", "ebsThroughputInMibps"],
    check: ({ ebsIops, ebsThroughputInMibps }) =>
      under(
        { iops: "ebsIops", throughputInMibps: "ebsThroughputInMibps" },
        gp3Problems({ iops: ebsIops, throughputInMibps: ebsThroughputInMibps }),
      ),
  }),
  rule({
    id: "backup-lock",
    key: "backupLock",
    title: "A lock that nobody can undo is asked for with a word, and never where a destroy has to empty the vault.",
    reads: ["backupRetentionInDays", "backupLock", "backupComplianceConfirmation", "retention", "keptBackupVault"],
    check: (settings) =>
      under(
        { lock: "backupLock", complianceConfirmation: "backupComplianceConfirmation" },
        backupLockProblems({
          retentionInDays: settings.backupRetentionInDays,
          lock: settings.backupLock,
          complianceConfirmation: settings.backupComplianceConfirmation,
          retention: settings.retention,
          takeUp: settings.keptBackupVault !== undefined,
        }),
      ),
  }),
  rule({
    id: "kept-backup-vault",
    key: "keptBackupKeyId",
    title: "A backup vault is taken up with its key.",
    reads: ["keptBackupVault", "keptBackupKeyId"],
    check: ({ keptBackupVault, keptBackupKeyId }) =>
      under(
        { keptKeyId: "keptBackupKeyId", takeUp: "keptBackupVault" },
        keptVaultProblems(keptBackupVault !== undefined, keptBackupKeyId),
      ),
  }),
  rule({
    id: "efs-throughput",
    key: "efsProvisionedThroughputInMibps",
    title: "Throughput is given with provisioned throughput only, and Archive is for elastic file systems.",
    reads: ["efsThroughputMode", "efsProvisionedThroughputInMibps", "efsToInfrequentAccess", "efsToArchive"],
    check: (settings) =>
      under(
        {
          provisionedThroughputInMibps: "efsProvisionedThroughputInMibps",
          "lifecycle.toArchive": "efsToArchive",
        },
        settingsProblems({
          throughputMode: settings.efsThroughputMode,
          provisionedThroughputInMibps: settings.efsProvisionedThroughputInMibps,
          lifecycle: { toInfrequentAccess: settings.efsToInfrequentAccess, toArchive: settings.efsToArchive },
        }),
      ),
  }),
  rule({
    id: "efs-replica-region",
    key: "efsReplicaRegion",
    title: "The replica is in another region.",
    reads: ["efsReplicaRegion", "region"],
    check: ({ efsReplicaRegion, region }) =>
      efsReplicaRegion === region && {
        expected: `another region than ${region}`,
        mend: "What takes the region away takes a copy in it away, too. Leave it out for no copy.",
      },
  }),
  rule({
    id: "kept-replica",
    key: "keptReplicaFileSystemId",
    title: "A replica is taken up with its source, and where there is one.",
    reads: ["keptReplicaFileSystemId", "keptFileSystemId", "efsReplicaRegion"],
    check: ({ keptReplicaFileSystemId, keptFileSystemId, efsReplicaRegion }) =>
      keptReplicaFileSystemId !== undefined &&
      (keptFileSystemId === undefined || efsReplicaRegion === undefined) && {
        expected: "given together with keptFileSystemId and efsReplicaRegion",
        mend: "To take up the replica alone, name it as keptFileSystemId in a stack of its region.",
      },
  }),
  rule({
    id: "kept-replica-key",
    key: "keptReplicaEncryptionKeyId",
    title: "A replica's key is taken up where there is a replica with a customer's key.",
    reads: ["keptReplicaEncryptionKeyId", "encryptionKey", "efsReplicaRegion"],
    check: ({ keptReplicaEncryptionKeyId, encryptionKey, efsReplicaRegion }) =>
      keptReplicaEncryptionKeyId !== undefined &&
      (encryptionKey === EncryptionKeyOwner.Aws || efsReplicaRegion === undefined) && {
        expected: "left out, or given with encryptionKey customer and efsReplicaRegion",
        mend: "It is the key of the copy in the other region.",
      },
  }),
  rule({
    id: "kept-encryption-key",
    key: "keptEncryptionKeyId",
    title: "A key is taken up where data is encrypted with a customer's key.",
    reads: ["keptEncryptionKeyId", "encryptionKey"],
    check: ({ keptEncryptionKeyId, encryptionKey }) =>
      keptEncryptionKeyId !== undefined &&
      encryptionKey === EncryptionKeyOwner.Aws && {
        expected: "left out, or encryptionKey be customer",
        mend: "What was kept can't be read without its key: set encryptionKey to customer.",
      },
  }),
  rule({
    id: "kept-access-point",
    key: "keptFileSystemId",
    title: "An access point is taken up with its file system.",
    reads: ["keptFileSystemId", "keptAssetsAccessPointId"],
    check: ({ keptFileSystemId, keptAssetsAccessPointId }) =>
      keptAssetsAccessPointId !== undefined &&
      keptFileSystemId === undefined && {
        expected: "given with keptAssetsAccessPointId",
        mend: "An access point belongs to its file system: the destroy printed both.",
      },
  }),
  rule({
    id: "kept-bucket",
    key: "keptBucketName",
    title: "A bucket is taken up where the images are in S3.",
    reads: ["keptBucketName", "assetsStorage"],
    check: ({ keptBucketName, assetsStorage }) =>
      keptBucketName !== undefined &&
      assetsStorage !== AssetsStorage.S3 && {
        expected: "left out, or assetsStorage be s3",
        mend: "The images that were kept are in that bucket: set assetsStorage to s3.",
      },
  }),
  rule({
    id: "kept-database",
    key: "keptMysqlVolumeId",
    title: "A database's disk is taken up with its zone and its passwords.",
    reads: ["keptMysqlVolumeId", "keptMysqlZone", "keptMysqlCredentials"],
    check: ({ keptMysqlVolumeId, keptMysqlZone, keptMysqlCredentials }) => {
      const given = [keptMysqlVolumeId, keptMysqlZone, keptMysqlCredentials].filter((value) => value !== undefined);
      return (
        (given.length === 1 || given.length === 2) && {
          expected: "given together with keptMysqlZone and keptMysqlCredentials",
          mend: "A disk knows its own passwords only: the destroy printed all three.",
        }
      );
    },
  }),
  rule({
    id: "kept-database-zone",
    key: "keptMysqlZone",
    title: "A database's kept disk lies in a zone with nodes.",
    reads: ["keptMysqlZone", "zones"],
    check: ({ keptMysqlZone, zones }) =>
      keptMysqlZone !== undefined &&
      !zones.includes(keptMysqlZone) && {
        expected: `one of the zones, ${listed(zones)}`,
        mend: "Add the disk's zone to zones, so that a node can reach it.",
      },
  }),
];
