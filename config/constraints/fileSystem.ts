import { validateFileSystemSettings } from "../../components/efs/fileSystemSettings";
import { EncryptionKeyOwner } from "../../components/kms/encryptionKeyOwner";
import { AssetsProvisioning, AssetsStorage } from "../../components/workloads/assetsStorage";
import { constraint } from "../constraint";

export const fileSystemConstraints = [
  constraint({
    id: "assets-provisioning",
    key: "assetsProvisioning",
    title: "Only EFS makes the assets' volume by itself.",
    reads: ["assetsProvisioning", "assetsStorage"],
    check: ({ assetsProvisioning, assetsStorage }) =>
      assetsStorage === AssetsStorage.S3 &&
      assetsProvisioning === AssetsProvisioning.Dynamic && {
        expected: "static with assetsStorage s3",
        fix: "Mountpoint's driver makes no volumes: the bucket is named.",
      },
  }),
  constraint({
    id: "efs-throughput",
    key: "efsProvisionedThroughputInMibps",
    title: "Throughput is given with provisioned throughput only, and Archive is for elastic file systems.",
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
    title: "The replica is in another region.",
    reads: ["efsReplicaRegion", "region"],
    check: ({ efsReplicaRegion, region }) =>
      efsReplicaRegion === region && {
        expected: `another region than ${region}`,
        fix: "What takes the region away takes a copy in it away, too. Leave it out for no copy.",
      },
  }),
  constraint({
    id: "adopt-replica",
    key: "adoptReplicaFileSystemId",
    title: "A replica is taken up with its source, and where there is one.",
    reads: ["adoptReplicaFileSystemId", "adoptFileSystemId", "efsReplicaRegion"],
    check: ({ adoptReplicaFileSystemId, adoptFileSystemId, efsReplicaRegion }) =>
      adoptReplicaFileSystemId !== undefined &&
      (adoptFileSystemId === undefined || efsReplicaRegion === undefined) && {
        expected: "given together with adoptFileSystemId and efsReplicaRegion",
        fix:
          "Without the copy: pulumi config rm adoptReplicaFileSystemId. To take up the replica alone, name it as " +
          "adoptFileSystemId in a stack of its region.",
      },
  }),
  constraint({
    id: "adopt-replica-key",
    key: "adoptReplicaEncryptionKeyId",
    title: "A replica's key is taken up where there is a replica with a customer's key.",
    reads: ["adoptReplicaEncryptionKeyId", "encryptionKey", "efsReplicaRegion"],
    check: ({ adoptReplicaEncryptionKeyId, encryptionKey, efsReplicaRegion }) =>
      adoptReplicaEncryptionKeyId !== undefined &&
      (encryptionKey === EncryptionKeyOwner.Aws || efsReplicaRegion === undefined) && {
        expected: "left out, or given with encryptionKey customer and efsReplicaRegion",
        fix: "It is the key of the copy in the other region. Without it: pulumi config rm adoptReplicaEncryptionKeyId.",
      },
  }),
  constraint({
    id: "adopt-access-point",
    key: "adoptFileSystemId",
    title: "An access point is taken up with its file system.",
    reads: ["adoptFileSystemId", "adoptAssetsAccessPointId", "existingFileSystemId"],
    check: ({ adoptFileSystemId, adoptAssetsAccessPointId, existingFileSystemId }) =>
      adoptAssetsAccessPointId !== undefined &&
      adoptFileSystemId === undefined &&
      existingFileSystemId === undefined && {
        expected: "given with adoptAssetsAccessPointId",
        fix: "An access point belongs to its file system: the destroy printed both.",
      },
  }),
];
