import { validateFileSystemSettings } from "../../components/efs/fileSystemSettings";
import { EncryptionKeyOwner } from "../../components/kms/encryptionKeyOwner";
import { partitionOf } from "../../components/partitions";
import { AssetsProvisioning, AssetsStorage } from "../../components/workloads/assetsStorage";
import { constraint } from "./constraint";

export const fileSystemConstraints = [
  constraint({
    id: "assets-provisioning",
    key: "assetsProvisioning",
    title: "The assets' volume is provisioned dynamically on EFS only.",
    reads: ["assetsProvisioning", "assetsStorage"],
    check: ({ assetsProvisioning, assetsStorage }) =>
      assetsStorage === AssetsStorage.S3 &&
      assetsProvisioning === AssetsProvisioning.Dynamic && {
        expected: "static with assetsStorage s3",
        fix: "The S3 driver has no dynamic provisioning: set assetsProvisioning to static, or assetsStorage to efs.",
      },
  }),
  constraint({
    id: "efs-throughput",
    key: "efsProvisionedThroughputInMibps",
    title: "A number of MiB/s is set with provisioned throughput only, and Archive with elastic throughput only.",
    reads: ["efsThroughputMode", "efsProvisionedThroughputInMibps", "efsToInfrequentAccess", "efsToArchive"],
    check: (settings) =>
      validateFileSystemSettings(
        {
          throughputMode: settings.efsThroughputMode,
          provisionedThroughputInMibps: settings.efsProvisionedThroughputInMibps,
          lifecycle: { toInfrequentAccess: settings.efsToInfrequentAccess, toArchive: settings.efsToArchive },
        },
        { provisionedThroughputInMibps: "efsProvisionedThroughputInMibps", toArchive: "efsToArchive" },
      ),
  }),
  constraint({
    id: "efs-replica-region",
    key: "efsReplicaRegion",
    title: "The replica is in another region of the same partition: `aws`, `aws-us-gov` or `aws-cn`.",
    reads: ["efsReplicaRegion", "region"],
    check: ({ efsReplicaRegion, region }) => {
      if (efsReplicaRegion === undefined) return false;
      if (efsReplicaRegion === region) {
        const fix = "A replica in the same region would be lost with it. For no replica, leave this out.";
        return { expected: `a region other than ${region}`, fix };
      }
      // https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html
      return (
        partitionOf(efsReplicaRegion) !== partitionOf(region) && {
          expected: `a region of the partition ${partitionOf(region)}, as ${region}`,
          fix: "An account is in one partition, and EFS replicates within it.",
        }
      );
    },
  }),
  constraint({
    id: "adopt-replica",
    key: "adoptReplicaFileSystemId",
    title: "A replica is adopted with its source, where efsReplicaRegion is set.",
    reads: ["adoptReplicaFileSystemId", "adoptFileSystemId", "efsReplicaRegion"],
    check: ({ adoptReplicaFileSystemId, adoptFileSystemId, efsReplicaRegion }) =>
      adoptReplicaFileSystemId !== undefined &&
      (adoptFileSystemId === undefined || efsReplicaRegion === undefined) && {
        expected: "left out unless adoptFileSystemId and efsReplicaRegion are set",
        fix:
          "Without the replica: pulumi config rm adoptReplicaFileSystemId. To adopt it alone, name it as " +
          "adoptFileSystemId in a stack of its region.",
      },
  }),
  constraint({
    id: "adopt-replica-key",
    key: "adoptReplicaEncryptionKeyId",
    title: "A replica's key is adopted with encryptionKey customer and efsReplicaRegion.",
    reads: ["adoptReplicaEncryptionKeyId", "encryptionKey", "efsReplicaRegion"],
    check: ({ adoptReplicaEncryptionKeyId, encryptionKey, efsReplicaRegion }) =>
      adoptReplicaEncryptionKeyId !== undefined &&
      (encryptionKey === EncryptionKeyOwner.Aws || efsReplicaRegion === undefined) && {
        expected: "left out unless encryptionKey is customer and efsReplicaRegion is set",
        fix: "It is the key of the replica. Without it: pulumi config rm adoptReplicaEncryptionKeyId.",
      },
  }),
  constraint({
    id: "adopt-access-point",
    key: "adoptFileSystemId",
    title: "An access point is adopted with its file system.",
    reads: ["adoptFileSystemId", "adoptAssetsAccessPointId", "existingFileSystemId"],
    check: ({ adoptFileSystemId, adoptAssetsAccessPointId, existingFileSystemId }) =>
      adoptAssetsAccessPointId !== undefined &&
      adoptFileSystemId === undefined &&
      existingFileSystemId === undefined && {
        expected: "set with adoptAssetsAccessPointId",
        fix: "An access point belongs to one file system: the destroy that kept them printed both ids.",
      },
  }),
];
