import { AssetsProvisioning, AssetsStorage, EncryptionKeyOwner } from "../../components";
import { settingsProblems } from "../../components/efs/fileSystemSettings";
import { rule, under } from "../rule";

export const fileSystemRules = [
  rule({
    id: "assets-provisioning",
    key: "assetsProvisioning",
    title: "Only EFS makes the assets' volume by itself.",
    reads: ["assetsProvisioning", "assetsStorage"],
    check: ({ assetsProvisioning, assetsStorage }) =>
      assetsStorage === AssetsStorage.S3 &&
      assetsProvisioning === AssetsProvisioning.Dynamic && {
        expected: "static with assetsStorage s3",
        mend: "Mountpoint's driver makes no volumes: the bucket is named.",
      },
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
        mend:
          "Without the copy: pulumi config rm keptReplicaFileSystemId. To take up the replica alone, name it as " +
          "keptFileSystemId in a stack of its region.",
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
        mend: "It is the key of the copy in the other region. Without it: pulumi config rm keptReplicaEncryptionKeyId.",
      },
  }),
  rule({
    id: "kept-access-point",
    key: "keptFileSystemId",
    title: "An access point is taken up with its file system.",
    reads: ["keptFileSystemId", "keptAssetsAccessPointId", "existingFileSystemId"],
    check: ({ keptFileSystemId, keptAssetsAccessPointId, existingFileSystemId }) =>
      keptAssetsAccessPointId !== undefined &&
      keptFileSystemId === undefined &&
      existingFileSystemId === undefined && {
        expected: "given with keptAssetsAccessPointId",
        mend: "An access point belongs to its file system: the destroy printed both.",
      },
  }),
];
