import { LARGEST_DISK_IN_GIB, smallestDiskInGib, validateGp3 } from "../../components/csi/gp3";
import { validateDriverVersion } from "../../components/eks/addonVersions";
import { EncryptionKeyOwner } from "../../components/kms/encryptionKeyOwner";
import { Retention } from "../../components/retention/retention";
import { gibOf } from "../../components/volumes/diskChecks";
import { AssetsStorage } from "../../components/workloads/assetsStorage";
import { validateDiskCredentials, validateOneDisk } from "../../components/workloads/databaseDisk";
import { listed, constraint } from "./constraint";

/** The stack whose data needs more than one word in a file to be deleted. */
const PRODUCTION = "prod";

export const storageConstraints = [
  constraint({
    id: "delete-in-prod",
    key: "retention",
    title: "In the stack prod, retention delete is confirmed.",
    reads: ["retention", "confirmDeleteInProd"],
    check: ({ retention, confirmDeleteInProd }, { stack }) =>
      stack === PRODUCTION &&
      retention === Retention.Delete &&
      confirmDeleteInProd !== PRODUCTION && {
        expected: `retain or release in ${PRODUCTION}`,
        fix: `With delete, a destroy deletes the data. To allow that: pulumi config set confirmDeleteInProd ${PRODUCTION}`,
      },
  }),
  constraint({
    id: "driver-versions",
    key: "ebsCsiDriverVersion",
    title: "The EBS and S3 drivers know EKS Pod Identity: from v1.26.0 and v2.0.0 on.",
    reads: ["ebsCsiDriverVersion", "s3CsiDriverVersion"],
    check: ({ ebsCsiDriverVersion, s3CsiDriverVersion }) => [
      ...validateDriverVersion("ebs", ebsCsiDriverVersion, "ebsCsiDriverVersion"),
      ...validateDriverVersion("s3", s3CsiDriverVersion, "s3CsiDriverVersion"),
    ],
  }),
  constraint({
    id: "ebs-iops",
    key: "ebsIops",
    title: "The database's disk is large enough for its IOPS.",
    reads: ["ebsIops", "mysqlStorage"],
    check: ({ ebsIops, mysqlStorage }) =>
      smallestDiskInGib(ebsIops) > gibOf(mysqlStorage) && {
        expected: `at most 500 for each GiB of mysqlStorage, which is ${mysqlStorage}`,
        fix: "EBS makes no such disk: choose fewer IOPS or a larger mysqlStorage.",
      },
  }),
  constraint({
    id: "ebs-throughput",
    key: "ebsThroughputInMibps",
    title: "Disks have enough IOPS for their throughput.",
    reads: ["ebsIops", "ebsThroughputInMibps"],
    check: ({ ebsIops, ebsThroughputInMibps }) =>
      validateGp3(
        { iops: ebsIops, throughputInMibps: ebsThroughputInMibps },
        { iops: "ebsIops", throughputInMibps: "ebsThroughputInMibps" },
      ),
  }),
  constraint({
    id: "mysql-storage",
    key: "mysqlStorage",
    title: "The database's disk is no larger than EBS makes one.",
    reads: ["mysqlStorage"],
    check: ({ mysqlStorage }) =>
      gibOf(mysqlStorage) > LARGEST_DISK_IN_GIB && {
        expected: `at most ${LARGEST_DISK_IN_GIB / 1024}Ti`,
        fix: "EBS makes no larger gp3 disk.",
      },
  }),
  constraint({
    id: "mysql-zone",
    key: "mysqlZone",
    title: "A new database disk is in a zone with nodes.",
    reads: ["mysqlZone", "zones", "adoptMysqlZone"],
    check: ({ mysqlZone, zones, adoptMysqlZone }) =>
      adoptMysqlZone === undefined &&
      !zones.includes(mysqlZone) && {
        expected: `one of the zones, ${listed(zones)}`,
        fix: "A disk can't leave its zone, and only nodes of that zone can attach it.",
      },
  }),
  constraint({
    id: "adopt-encryption-key",
    key: "adoptEncryptionKeyId",
    title: "A key is adopted with encryptionKey customer.",
    reads: ["adoptEncryptionKeyId", "encryptionKey"],
    check: ({ adoptEncryptionKeyId, encryptionKey }) =>
      adoptEncryptionKeyId !== undefined &&
      encryptionKey === EncryptionKeyOwner.Aws && {
        expected: "left out unless encryptionKey is customer",
        fix: "What it encrypted can't be read without it: set encryptionKey to customer.",
      },
  }),
  constraint({
    id: "adopt-bucket",
    key: "adoptBucketName",
    title: "A bucket is adopted with assetsStorage s3.",
    reads: ["adoptBucketName", "assetsStorage"],
    check: ({ adoptBucketName, assetsStorage }) =>
      adoptBucketName !== undefined &&
      assetsStorage !== AssetsStorage.S3 && {
        expected: "left out unless assetsStorage is s3",
        fix: "The kept images are in that bucket: set assetsStorage to s3.",
      },
  }),
  constraint({
    id: "adopt-database",
    key: "adoptMysqlVolumeId",
    title: "A database disk is adopted with its zone and passwords; passwords alone may go with a snapshot.",
    reads: ["adoptMysqlVolumeId", "adoptMysqlZone", "adoptMysqlCredentials", "mysqlSnapshotId"],
    check: ({
      adoptMysqlVolumeId: volumeId,
      adoptMysqlZone: zone,
      adoptMysqlCredentials: credentials,
      mysqlSnapshotId,
    }) => {
      const fix = "The destroy that kept the disk printed all three.";
      if (volumeId === undefined) {
        const isMissing = zone !== undefined || (credentials !== undefined && mysqlSnapshotId === undefined);
        return isMissing && { expected: "set with adoptMysqlZone and adoptMysqlCredentials", fix };
      }
      const noZone = { argument: "adoptMysqlZone", expected: "set with adoptMysqlVolumeId", actual: zone, fix };
      return [
        ...(zone === undefined ? [noZone] : []),
        ...validateDiskCredentials(volumeId, credentials, {
          adoptDisk: "adoptMysqlVolumeId",
          adoptCredentials: "adoptMysqlCredentials",
        }),
      ];
    },
  }),
  constraint({
    id: "one-database-disk",
    key: "mysqlSnapshotId",
    title: "The database has one disk: an adopted one, or one made from a snapshot.",
    reads: ["mysqlSnapshotId", "adoptMysqlVolumeId"],
    check: ({ mysqlSnapshotId, adoptMysqlVolumeId }) =>
      validateOneDisk(adoptMysqlVolumeId, mysqlSnapshotId, {
        adoptDisk: "adoptMysqlVolumeId",
        snapshotId: "mysqlSnapshotId",
      }),
  }),
  constraint({
    id: "adopt-database-zone",
    key: "adoptMysqlZone",
    title: "An adopted database disk is in a zone with nodes.",
    reads: ["adoptMysqlZone", "zones"],
    check: ({ adoptMysqlZone, zones }) =>
      adoptMysqlZone !== undefined &&
      !zones.includes(adoptMysqlZone) && {
        expected: `one of the zones, ${listed(zones)}`,
        fix: "Add the disk's zone to zones, so that nodes there can attach it.",
      },
  }),
];
