/** What other programs may import: the components, their arguments and enums, and the names of claims. */
export { BackupLock } from "./backup/backupLock";
export { type BackedUpFileSystemArgs, Backups, type BackupsArgs } from "./backup/backups";
export { CsiDriver, type CsiDriverArgs } from "./csi/csiDriver";
export { CsiDriverKind } from "./csi/csiDriverKind";
export type { DiskSourceArgs } from "./csi/diskKey";
export { EbsSnapshotClass, type EbsSnapshotClassArgs } from "./csi/ebsSnapshotClass";
export { EbsStorageClass, type EbsStorageClassArgs } from "./csi/ebsStorageClass";
export { EfsStorageClass, type EfsStorageClassArgs } from "./csi/efsStorageClass";
export { ReclaimPolicy } from "./csi/reclaimPolicy";
export { SnapshotController, type SnapshotControllerArgs } from "./csi/snapshotController";
export type { AccessPointArgs } from "./efs/accessPoints";
export { ExistingFileSystem, type ExistingFileSystemArgs } from "./efs/existingFileSystem";
export { FileSystem, type FileSystemArgs } from "./efs/fileSystem";
export { FileSystemClients, type FileSystemClientsArgs } from "./efs/fileSystemClients";
export { FileSystemReplica, type FileSystemReplicaArgs } from "./efs/fileSystemReplica";
export {
  type FileSystemLifecycleArgs,
  PerformanceMode,
  ThroughputMode,
  TransitionAfter,
} from "./efs/fileSystemSettings";
export { MountAccess } from "./efs/mountAccess";
export type { PosixIdentity } from "./efs/posixIdentity";
export { ApiAccess } from "./eks/apiAccess";
export { type AccessEntryArgs, ClusterAccess } from "./eks/clusterAccess";
export { Cluster, type ClusterAddonVersions, type ClusterArgs } from "./eks/cluster";
export type { NodeLoad } from "./eks/nodeSize";
export { ExistingCluster, type ExistingClusterArgs } from "./eks/existingCluster";
export type { ClusterWideNames } from "./eks/existingObjects";
export type { RoleRulesArgs } from "./iam/roleRules";
export { EncryptionKey, type EncryptionKeyArgs } from "./kms/encryptionKey";
export { ExistingEncryptionKey, type ExistingEncryptionKeyArgs } from "./kms/existingEncryptionKey";
export { Alarms, type AlarmsArgs } from "./monitoring/alarms";
export { ContainerInsights, type ContainerInsightsArgs } from "./monitoring/containerInsights";
export { ExistingNetwork, type ExistingNetworkArgs } from "./network/existingNetwork";
export { NatGateways } from "./network/natGateways";
export { Network, type NetworkArgs } from "./network/network";
export {
  DeletionProtection,
  type DeletionProtectionArgs,
  type RetainedClaimArgs,
} from "./retention/deletionProtection";
export { reclaimPolicyOf, Retention } from "./retention/retention";
export { Bucket, type BucketArgs } from "./s3/bucket";
export { ExistingBucket, type ExistingBucketArgs } from "./s3/existingBucket";
export { AccessMode } from "./volumes/accessModes";
export { dynamicClaimName, DynamicVolume, type DynamicVolumeArgs } from "./volumes/dynamicVolume";
export {
  type EfsVolumeArgs,
  type S3VolumeArgs,
  staticClaimName,
  StaticVolume,
  type StaticVolumeArgs,
} from "./volumes/staticVolume";
export {
  Assets,
  type AssetsArgs,
  type AssetsEfsArgs,
  type AssetsEfsClassArgs,
  type AssetsS3Args,
} from "./workloads/assets";
export { Catalog, type CatalogArgs } from "./workloads/catalog";
export type { AdoptedDiskArgs } from "./workloads/mysqlDisk";
