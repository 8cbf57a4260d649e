import { LARGEST_DISK_IN_GIB, smallestDiskInGib, validateGp3 } from "../../components/csi/gp3";
import { EncryptionKeyOwner } from "../../components/kms/encryptionKeyOwner";
import { Retention } from "../../components/retention/retention";
import { gibOf } from "../../components/volumes/diskChecks";
import { AssetsStorage } from "../../components/workloads/assetsStorage";
import { validateDiskCredentials, validateOneDisk } from "../../components/workloads/databaseDisk";
import { listed, constraint } from "../constraint";

/** The stack whose data is not to be lost by a word in a file. */
const PRODUCTION = "prod";

export const storageConstraints = [
  constraint({
    id: "delete-in-prod",
    key: "retention",
    title: "In the stack prod, the retention delete is confirmed.",
    reads: ["retention", "confirmDeleteInProd"],
    check: ({ retention, confirmDeleteInProd }, { stack }) =>
      stack === PRODUCTION &&
      retention === Retention.Delete &&
      confirmDeleteInProd !== PRODUCTION && {
        expected: `retain or release in ${PRODUCTION}`,
        fix: `With delete, a destroy takes the data along. If that is meant: pulumi config set confirmDeleteInProd ${PRODUCTION}`,
      },
  }),
  constraint({
    id: "ebs-iops",
    key: "ebsIops",
    title: "The database's disk is large enough for its IOPS.",
    reads: ["ebsIops", "mysqlStorage"],
    check: ({ ebsIops, mysqlStorage }) =>
      smallestDiskInGib(ebsIops) > gibOf(mysqlStorage) && {
        expected: `at most 500 for each GiB of mysqlStorage, which is ${mysqlStorage}`,
        fix: "EC2 makes no such disk: choose fewer IOPS or a larger mysqlStorage.",
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
    title: "A new database's disk lies in a zone with nodes.",
    reads: ["mysqlZone", "zones", "adoptMysqlZone"],
    check: ({ mysqlZone, zones, adoptMysqlZone }) =>
      adoptMysqlZone === undefined &&
      !zones.includes(mysqlZone) && {
        expected: `one of the zones, ${listed(zones)}`,
        fix: "A disk can't leave its zone, so without nodes there nobody reaches it.",
      },
  }),
  constraint({
    id: "adopt-encryption-key",
    key: "adoptEncryptionKeyId",
    title: "A key is taken up where data is encrypted with a customer's key.",
    reads: ["adoptEncryptionKeyId", "encryptionKey"],
    check: ({ adoptEncryptionKeyId, encryptionKey }) =>
      adoptEncryptionKeyId !== undefined &&
      encryptionKey === EncryptionKeyOwner.Aws && {
        expected: "left out, or encryptionKey be customer",
        fix: "What was kept can't be read without its key: set encryptionKey to customer.",
      },
  }),
  constraint({
    id: "adopt-bucket",
    key: "adoptBucketName",
    title: "A bucket is taken up where the images are in S3.",
    reads: ["adoptBucketName", "assetsStorage"],
    check: ({ adoptBucketName, assetsStorage }) =>
      adoptBucketName !== undefined &&
      assetsStorage !== AssetsStorage.S3 && {
        expected: "left out, or assetsStorage be s3",
        fix: "The images that were kept are in that bucket: set assetsStorage to s3.",
      },
  }),
  constraint({
    id: "adopt-database",
    key: "adoptMysqlVolumeId",
    title: "A database's disk is taken up with its zone and its passwords; passwords go with a snapshot as well.",
    reads: ["adoptMysqlVolumeId", "adoptMysqlZone", "adoptMysqlCredentials", "mysqlSnapshotId"],
    check: ({
      adoptMysqlVolumeId: volumeId,
      adoptMysqlZone: zone,
      adoptMysqlCredentials: credentials,
      mysqlSnapshotId,
    }) => {
      const fix = "The destroy of the stack that kept the disk printed all three.";
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
    title: "The database has one disk: one that was kept, or one that is made from a snapshot.",
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
    title: "A database's kept disk lies in a zone with nodes.",
    reads: ["adoptMysqlZone", "zones"],
    check: ({ adoptMysqlZone, zones }) =>
      adoptMysqlZone !== undefined &&
      !zones.includes(adoptMysqlZone) && {
        expected: `one of the zones, ${listed(zones)}`,
        fix: "Add the disk's zone to zones, so that a node can reach it.",
      },
  }),
];
