import {
  AssetsStorage,
  EncryptionKeyOwner,
  gp3Problems,
  LARGEST_DISK_IN_GIB,
  Retention,
  smallestDiskInGib,
} from "../../components";
import { listed, rule, under } from "../rule";

/** The stack whose data is not to be lost by a word in a file. */
const PRODUCTION = "prod";

/** A size as mysqlStorage has it, in GiB. */
const inGib = (size: string) => parseInt(size) * (size.endsWith("Ti") ? 1024 : 1);

export const storageRules = [
  rule({
    id: "delete-in-prod",
    key: "retention",
    title: "In the stack prod, the retention delete is confirmed.",
    reads: ["retention", "confirmDeleteInProd"],
    check: ({ retention, confirmDeleteInProd }, stack) =>
      stack === PRODUCTION &&
      retention === Retention.Delete &&
      confirmDeleteInProd !== PRODUCTION && {
        expected: `retain or release in ${PRODUCTION}`,
        mend: `With delete, a destroy takes the data along. If that is meant: pulumi config set confirmDeleteInProd ${PRODUCTION}`,
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
    id: "mysql-storage",
    key: "mysqlStorage",
    title: "The database's disk is no larger than EBS makes one.",
    reads: ["mysqlStorage"],
    check: ({ mysqlStorage }) =>
      inGib(mysqlStorage) > LARGEST_DISK_IN_GIB && {
        expected: `at most ${LARGEST_DISK_IN_GIB / 1024}Ti`,
        mend: "EBS makes no larger gp3 disk.",
      },
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
    title: "A database's disk is taken up with its zone and its passwords; passwords go with a snapshot as well.",
    reads: ["keptMysqlVolumeId", "keptMysqlZone", "keptMysqlCredentials", "mysqlSnapshotId"],
    check: ({ keptMysqlVolumeId, keptMysqlZone, keptMysqlCredentials, mysqlSnapshotId }) => {
      if (mysqlSnapshotId !== undefined && keptMysqlVolumeId === undefined && keptMysqlZone === undefined) return false;
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
    id: "one-database-disk",
    key: "mysqlSnapshotId",
    title: "The database has one disk: one that was kept, or one that is made from a snapshot.",
    reads: ["mysqlSnapshotId", "keptMysqlVolumeId"],
    check: ({ mysqlSnapshotId, keptMysqlVolumeId }) =>
      mysqlSnapshotId !== undefined &&
      keptMysqlVolumeId !== undefined && {
        expected: "left out with keptMysqlVolumeId",
        mend: "pulumi config rm mysqlSnapshotId; or, to restore the snapshot, rm keptMysqlVolumeId and keptMysqlZone.",
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
